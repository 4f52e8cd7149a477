// Complaints about expressions that do not compile.
// Source: pkg/apis/admissionregistration/validation validateCELCondition, kubernetes v1.34.
import { boolType, type CelType, stringType } from "../cel/celType.ts";
import type { CelEnvironment } from "../cel/environment.ts";
import { type FieldError, invalid } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { Variable } from "../types.ts";
import {
  type AvailableVariables,
  admissionEnvironment,
  compileCondition,
} from "./admissionExpressions.ts";
import { CompiledVariables } from "./compiledPolicy.ts";

/** Of a match condition, which knows no variables of its policy. */
export function matchConditionErrors(
  text: string,
  hasParams: boolean,
  path: FieldPath,
): FieldError[] {
  const environment = admissionEnvironment({ hasParams, hasAuthorizer: true });
  return errorsOf(environment, text, [boolType], path);
}

/** Checks the expressions of one policy, which share its variables. */
export class PolicyExpressions {
  private readonly variables: CompiledVariables | undefined;

  constructor(
    private readonly hasParams: boolean,
    variables: readonly Variable[],
  ) {
    const environment = admissionEnvironment({ hasParams, hasAuthorizer: true });
    if (variables.length > 0) this.variables = new CompiledVariables(variables, environment);
  }

  variableErrors({ name, expression }: Variable, path: FieldPath): FieldError[] {
    const condition = this.variables?.conditions.get(name);
    return condition && "problem" in condition
      ? [invalid(path, expression, condition.problem)]
      : [];
  }

  ruleErrors(text: string, path: FieldPath): FieldError[] {
    return errorsOf(this.environment({ hasAuthorizer: true }), text, [boolType], path);
  }

  messageErrors(text: string, path: FieldPath): FieldError[] {
    return errorsOf(this.environment({ hasAuthorizer: false }), text, [stringType], path);
  }

  annotationErrors(text: string, path: FieldPath): FieldError[] {
    const results: readonly CelType[] = [stringType, { kind: "null" }];
    return errorsOf(this.environment({ hasAuthorizer: true }), text, results, path);
  }

  private environment({ hasAuthorizer }: Pick<AvailableVariables, "hasAuthorizer">) {
    const { hasParams, variables } = this;
    const environment = admissionEnvironment({ hasParams, hasAuthorizer });
    return variables ? environment.withVariables([variables.declaration]) : environment;
  }
}

function errorsOf(
  environment: CelEnvironment,
  text: string,
  results: readonly CelType[],
  path: FieldPath,
): FieldError[] {
  const condition = compileCondition(environment, text, results);
  return "problem" in condition ? [invalid(path, text, condition.problem)] : [];
}
