// The rules of one schema, compiled: x-kubernetes-validations.
// Source: apiextensions-apiserver pkg/apiserver/schema/cel/compilation.go, kubernetes v1.34.
import { boolType, optionalType, sameType, stringType } from "../cel/celType.ts";
import { estimateCost } from "../cel/costEstimate.ts";
import { type Compiled, failed } from "../cel/environment.ts";
import { childrenOf, type Expr } from "../cel/expr.ts";
import { kubernetesEnvironment } from "../cel/library/kubernetes.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps, ValidationRule } from "../types.ts";
import { celTypeOf, type Declaration, sizeAlong } from "./celDeclaration.ts";
import { findField } from "./relativePath.ts";

/** What one evaluation may cost, and all of a resource together. Source: apiserver pkg/apis/cel, 1.34. */
export const costPerResource = 10_000_000;

export interface CompiledRule {
  readonly rule: ValidationRule;
  /** Absent where `problem` says why. */
  readonly program?: Compiled;
  /** The server's words: "compilation failed: ERROR: ...". */
  readonly problem?: string;
  /** At worst, in cost units. */
  readonly cost: number;
  readonly message?: Compiled;
  readonly messageProblem?: string;
  readonly messageCost: number;
  /** The rule compares with the state before; it is skipped where there is none. */
  readonly usesOldSelf: boolean;
  /** Where the error is reported, seen from the schema. */
  readonly fieldPath?: FieldPath;
}

/** The name of the type of `self` in messages. Source: generateUniqueSelfTypeName. */
const selfTypeName = "selfType1";

/** Compiles the rules of a schema, in their order; empty rules are left out. */
export function compileRules(
  schema: JSONSchemaProps,
  declaration: Declaration,
): readonly CompiledRule[] {
  return (schema["x-kubernetes-validations"] ?? []).map((rule) =>
    compileRule(rule, schema, declaration),
  );
}

function compileRule(
  rule: ValidationRule,
  schema: JSONSchemaProps,
  declaration: Declaration,
): CompiledRule {
  const self = celTypeOf(declaration, selfTypeName);
  const environment = kubernetesEnvironment.withVariables([
    ["self", self],
    ["oldSelf", rule.optionalOldSelf ? optionalType(self) : self],
  ]);
  const nothing = { rule, cost: 0, messageCost: 0, usesOldSelf: false };
  if (rule.rule.trim() === "") return nothing;
  const program = environment.compile(rule.rule);
  if (failed(program)) return { ...nothing, problem: `compilation failed: ${program.issues}` };
  if (!sameType(program.checked.result, boolType))
    return { ...nothing, problem: "cel expression must evaluate to a bool" };
  const costOf = (compiled: Compiled) =>
    estimateCost(compiled, (path) => sizeAlong(declaration, path)).max;
  const found = rule.fieldPath
    ? findField(rule.fieldPath, schema, { allowsBrackets: true })
    : undefined;
  return {
    ...nothing,
    program,
    cost: costOf(program),
    usesOldSelf: mentions(program.expr, "oldSelf"),
    ...(typeof found === "object" ? { fieldPath: found.path } : {}),
    ...(rule.messageExpression
      ? compileMessage(environment.compile(rule.messageExpression), costOf)
      : {}),
  };
}

function compileMessage(
  compiled: ReturnType<typeof kubernetesEnvironment.compile>,
  costOf: (compiled: Compiled) => number,
): Partial<CompiledRule> {
  if (failed(compiled))
    return { messageProblem: `messageExpression compilation failed: ${compiled.issues}` };
  if (!sameType(compiled.checked.result, stringType))
    return { messageProblem: "messageExpression must evaluate to a string" };
  return { message: compiled, messageCost: costOf(compiled) };
}

function mentions(expr: Expr, name: string): boolean {
  return (
    (expr.kind === "ident" && expr.name === name) ||
    childrenOf(expr).some((child) => mentions(child, name))
  );
}
