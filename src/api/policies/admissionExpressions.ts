// Expressions about requests: what they may name, and how they are compiled and evaluated.
// Source: apiserver pkg/admission/plugin/cel/{compile,condition,activation}.go, kubernetes v1.34.
import { type CelType, dynType, sameType, typeText } from "../cel/celType.ts";
import type { CelEnvironment } from "../cel/environment.ts";
import { type Compiled, failed } from "../cel/environment.ts";
import type { Activation } from "../cel/evaluator.ts";
import { authorizerLibrary, authorizerType, resourceCheckType } from "../cel/library/authorizer.ts";
import { kubernetesEnvironment } from "../cel/library/kubernetes.ts";
import type { CelValue } from "../cel/value.ts";
import { namespaceType, requestType } from "./admissionTypes.ts";

export interface AvailableVariables {
  readonly hasParams: boolean;
  readonly hasAuthorizer: boolean;
}

/** The types of what is about objects, where they are known. */
export interface ObjectTypes {
  readonly object?: CelType;
  readonly params?: CelType;
}

const base = kubernetesEnvironment.withLibraries([authorizerLibrary]);
const environments = new Map<string, CelEnvironment>();

/** The environment of conditions about a request. */
export function admissionEnvironment({
  hasParams,
  hasAuthorizer,
}: AvailableVariables): CelEnvironment {
  const key = `${hasParams} ${hasAuthorizer}`;
  const known = environments.get(key);
  if (known) return known;
  const made = typedEnvironment({ hasParams, hasAuthorizer }, {});
  environments.set(key, made);
  return made;
}

export function typedEnvironment(
  { hasParams, hasAuthorizer }: AvailableVariables,
  { object = dynType, params = dynType }: ObjectTypes,
): CelEnvironment {
  return base.withVariables([
    ["object", object],
    ["oldObject", object],
    ["namespaceObject", namespaceType],
    ["request", requestType],
    ...(hasParams ? ([["params", params]] as const) : []),
    ...(hasAuthorizer
      ? ([
          ["authorizer", authorizerType],
          ["authorizer.requestResource", resourceCheckType],
        ] as const)
      : []),
  ]);
}

/** A compiled expression, or the server's words about one that doesn't compile. */
export type Condition =
  | { readonly text: string; readonly program: Compiled }
  | { readonly text: string; readonly problem: string };

/** @param results what the expression may evaluate to; anything if absent */
export function compileCondition(
  environment: CelEnvironment,
  text: string,
  results?: readonly CelType[],
): Condition {
  const program = environment.compile(text);
  if (failed(program)) return { text, problem: `compilation failed: ${program.issues}` };
  const { result } = program.checked;
  if (!results || results.some((type) => sameType(type, result))) return { text, program };
  const wanted = results.map(typeNameInErrors);
  const choice = wanted.length === 1 ? wanted[0] : `one of [${wanted.join(" ")}]`;
  return { text, problem: `must evaluate to ${choice} but got ${typeNameInErrors(result)}` };
}

function typeNameInErrors(type: CelType): string {
  return type.kind === "null" ? "null_type" : typeText(type);
}

/** What expressions of one decision may still cost. */
export class CostBudget {
  constructor(public left: number) {}

  spend(cost: number): void {
    if (cost > this.left) throw new OutOfBudget(outOfBudget);
    this.left -= cost;
  }
}

/** Stops a whole decision, not one expression. */
export class OutOfBudget extends Error {}

const outOfBudget =
  "validation failed due to running out of cost budget, no further validation rules will be run";

export type ConditionOutcome = { readonly value: CelValue } | { readonly error: string };

/** @throws OutOfBudget */
export function evaluateCondition(
  condition: Condition,
  activation: Activation,
  budget: CostBudget,
): ConditionOutcome {
  if ("problem" in condition) return { error: `compilation error: ${condition.problem}` };
  const outcome = condition.program.evaluate(activation);
  budget.spend(outcome.cost);
  return "error" in outcome
    ? { error: `expression '${condition.text}' resulted in error: ${outcome.error}` }
    : { value: outcome.value };
}
