// Conditions that a request must meet before a policy or webhook looks at it.
// Source: apiserver pkg/admission/plugin/webhook/matchconditions/matcher.go, kubernetes v1.34.
import { aggregateText } from "../aggregateText.ts";
import { boolType } from "../cel/celType.ts";
import type { CelEnvironment } from "../cel/environment.ts";
import type { Activation } from "../cel/evaluator.ts";
import type { MatchCondition } from "../types.ts";
import {
  type Condition,
  CostBudget,
  compileCondition,
  evaluateCondition,
  OutOfBudget,
} from "./admissionExpressions.ts";

/** Source: apiserver pkg/apis/cel/config.go RuntimeCELCostBudgetMatchConditions. */
const budgetOfConditions = 2_500_000;

export function compileMatchConditions(
  environment: CelEnvironment,
  conditions: readonly MatchCondition[] = [],
): readonly Condition[] {
  return conditions.map(({ expression }) => compileCondition(environment, expression, [boolType]));
}

export type Match = { readonly matches: boolean } | { readonly error: string };

/**
 * One condition that is not met decides; so does, otherwise, one that fails: by the failure policy.
 * @param isFailure whether a failure is one of the request
 */
export function meetsConditions(
  conditions: readonly Condition[],
  activation: Activation,
  isFailure: boolean,
): Match {
  const budget = new CostBudget(budgetOfConditions);
  const errors: string[] = [];
  for (const condition of conditions)
    try {
      const outcome = evaluateCondition(condition, activation, budget);
      if ("error" in outcome) errors.push(outcome.error);
      else if (outcome.value === false) return { matches: false };
    } catch (error) {
      if (!(error instanceof OutOfBudget)) throw error;
      return { error: error.message };
    }
  if (errors.length === 0) return { matches: true };
  if (!isFailure) return { matches: false };
  return { error: aggregateText(errors) };
}
