// Whether enough of the right indexes have succeeded. Source: pkg/controller/job/success_policy.go, 1.34.
import type { Job } from "../../../api/types.ts";
import { IndexSet } from "./indexSet.ts";

/** The message of the condition if a rule is met. */
export function metSuccessPolicy({ spec }: Job, succeeded: IndexSet): string | undefined {
  if (succeeded.size === 0) return undefined;
  const at = (spec.successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined)
      return succeededCount !== undefined && succeeded.size >= succeededCount;
    const wanted = IndexSet.parse(succeededIndexes, spec.completions ?? 0);
    return succeeded.overlap(wanted) >= (succeededCount ?? wanted.size);
  });
  return at < 0 ? undefined : `Matched rules at index ${at}`;
}
