// A ValidatingAdmissionPolicy, compiled, and what it says of a request.
// Source: apiserver pkg/admission/plugin/policy/validating/{plugin,validator}.go and
// plugin/cel/composition.go, kubernetes v1.34.
import { boolType, type CelType, dynType, stringType } from "../cel/celType.ts";
import type { CelEnvironment } from "../cel/environment.ts";
import type { Activation } from "../cel/evaluator.ts";
import { CelError, CelMap, type CelValue } from "../cel/value.ts";
import type { KubeObject } from "../object.ts";
import type { ValidatingAdmissionPolicySpec, Validation, Variable } from "../types.ts";
import { byteLength } from "../validation/texts.ts";
import {
  admissionEnvironment,
  type Condition,
  CostBudget,
  compileCondition,
  evaluateCondition,
  OutOfBudget,
} from "./admissionExpressions.ts";
import { structType } from "./admissionTypes.ts";
import { compileMatchConditions, meetsConditions } from "./matchConditions.ts";
import { activationOf, type Subject } from "./requestInput.ts";

/** Source: apiserver pkg/apis/cel/config.go RuntimeCELCostBudget. */
const budgetOfPolicy = 10_000_000;
const longestMessageBytes = 5 * 1024;

/** Why a request is not as the policy wants it. */
export interface Complaint {
  readonly message: string;
  /** Of the refusal; absent if the policy could not be evaluated. */
  readonly reason?: string;
}

const nullType: CelType = { kind: "null" };

export class CompiledPolicy {
  private readonly isFailure: boolean;
  private readonly variables: CompiledVariables;
  private readonly matchConditions: readonly Condition[];
  private readonly rules: readonly Rule[];
  private readonly annotations: readonly Condition[];

  constructor(spec: ValidatingAdmissionPolicySpec) {
    const hasParams = spec.paramKind !== undefined;
    const environment = admissionEnvironment({ hasParams, hasAuthorizer: true });
    this.isFailure = spec.failurePolicy !== "Ignore";
    this.variables = new CompiledVariables(spec.variables ?? [], environment);
    const { declaration } = this.variables;
    const full = environment.withVariables([declaration]);
    const plain = admissionEnvironment({ hasParams, hasAuthorizer: false }).withVariables([
      declaration,
    ]);
    this.matchConditions = compileMatchConditions(full, spec.matchConditions);
    this.rules = (spec.validations ?? []).map((validation) => ({
      validation,
      condition: compileCondition(full, validation.expression, [boolType]),
      ...(validation.messageExpression
        ? { message: compileCondition(plain, validation.messageExpression, [stringType]) }
        : {}),
    }));
    this.annotations = (spec.auditAnnotations ?? []).map(({ valueExpression }) =>
      compileCondition(full, valueExpression, [stringType, nullType]),
    );
  }

  /** What is wrong with a request, in the order of the policy; nothing if it is let be. */
  evaluate(subject: Subject, params: KubeObject | undefined): readonly Complaint[] {
    const budget = new CostBudget(budgetOfPolicy);
    const given = activationOf(subject, params);
    const variables = this.variables.valuesFor(given, budget);
    const activation: Activation = (name) => (name === "variables" ? variables : given(name));
    const match = meetsConditions(this.matchConditions, activation, this.isFailure);
    if ("error" in match) return this.failures([match.error]);
    if (!match.matches) return [];
    try {
      const complaints = this.rules.flatMap((rule) => this.apply(rule, activation, budget));
      return [...complaints, ...this.annotationFailures(activation)];
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error;
      return this.failures([error.message]);
    }
  }

  private apply(rule: Rule, activation: Activation, budget: CostBudget): readonly Complaint[] {
    const outcome = evaluateCondition(rule.condition, activation, budget);
    if ("error" in outcome) return this.failures([outcome.error]);
    if (outcome.value === true) return [];
    const { reason = "Invalid" } = rule.validation;
    return [{ reason, message: messageOf(rule, activation, budget) }];
  }

  /** Annotations are for audit logs; here it only shows if they cannot be made. */
  private annotationFailures(activation: Activation): readonly Complaint[] {
    const budget = new CostBudget(budgetOfPolicy);
    return this.annotations.flatMap((annotation) => {
      const outcome = evaluateCondition(annotation, activation, budget);
      return "error" in outcome ? this.failures([outcome.error]) : [];
    });
  }

  private failures(messages: readonly string[]): readonly Complaint[] {
    return this.isFailure ? messages.map((message) => ({ message })) : [];
  }
}

interface Rule {
  readonly validation: Validation;
  readonly condition: Condition;
  readonly message?: Condition;
}

function messageOf(
  { validation, message: expression }: Rule,
  activation: Activation,
  budget: CostBudget,
): string {
  if (expression) {
    const outcome = evaluateCondition(expression, activation, budget);
    const text =
      "value" in outcome && typeof outcome.value === "string" ? outcome.value.trim() : "";
    if (text !== "" && byteLength(text) <= longestMessageBytes && !text.includes("\n")) return text;
  }
  return validation.message?.trim() || `failed expression: ${validation.expression.trim()}`;
}

/** The variables of a policy; each may use those before it. */
export class CompiledVariables {
  /** By name, in the order of the policy. */
  readonly conditions: ReadonlyMap<string, Condition>;
  /** How expressions know them. */
  readonly declaration: readonly [string, CelType];

  constructor(variables: readonly Variable[], environment: CelEnvironment) {
    const conditions = new Map<string, Condition>();
    const types: Record<string, CelType> = {};
    const type = structType("kubernetes.variables", types);
    const open = environment.withVariables([["variables", type]]);
    for (const { name = "", expression = "" } of variables) {
      const condition = compileCondition(open, expression);
      conditions.set(name, condition);
      types[name] = "program" in condition ? condition.program.checked.result : dynType;
    }
    this.conditions = conditions;
    this.declaration = ["variables", type];
  }

  /** Their values, found when they are asked for, and then remembered. */
  valuesFor(activation: Activation, budget: CostBudget): CelMap {
    return new VariableValues(this.conditions, activation, budget);
  }
}

class VariableValues extends CelMap {
  readonly keys: readonly CelValue[];
  private readonly found = new Map<string, CelValue>();

  constructor(
    private readonly conditions: ReadonlyMap<string, Condition>,
    private readonly activation: Activation,
    private readonly budget: CostBudget,
  ) {
    super();
    this.keys = [...conditions.keys()];
  }

  /** @throws CelError if the variable's expression fails */
  get(key: CelValue): CelValue | undefined {
    const name = String(key);
    const condition = this.conditions.get(name);
    if (!condition) return undefined;
    const known = this.found.get(name);
    if (known !== undefined) return known;
    const value = this.evaluate(name, condition);
    this.found.set(name, value);
    return value;
  }

  private evaluate(name: string, condition: Condition): CelValue {
    const said = `composited variable ${JSON.stringify(name)} fails to`;
    if ("problem" in condition) throw new CelError(`${said} compile: ${condition.problem}`);
    const inner: Activation = (each) => (each === "variables" ? this : this.activation(each));
    const outcome = condition.program.evaluate(inner);
    this.budget.spend(outcome.cost);
    if ("error" in outcome) throw new CelError(`${said} evaluate: ${outcome.error}`);
    return outcome.value;
  }
}
