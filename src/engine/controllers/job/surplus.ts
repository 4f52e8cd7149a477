// Which active Pods of a Job are too many. Source: pkg/controller/job activePodsForRemoval and
// appendDuplicatedIndexPodsForRemoval, kubernetes v1.34.
import type { Job, Pod } from "../../../api/types.ts";
import { compareActivePods } from "../podRanking.ts";
import { isIndexed, validIndex } from "./jobPods.ts";

/** At least `count` Pods, and for an indexed Job all that share an index or have none. */
export function surplusPods(job: Job, active: readonly Pod[], count: number): readonly Pod[] {
  const { doubled, single } = isIndexed(job)
    ? byIndex(job, active)
    : { doubled: [], single: active };
  const missing = count - doubled.length;
  return missing > 0 ? [...doubled, ...ranked(single).slice(0, missing)] : doubled;
}

function byIndex(job: Job, pods: readonly Pod[]): { doubled: Pod[]; single: Pod[] } {
  const groups = Map.groupBy(pods, (pod) => validIndex(pod, job));
  const doubled = [...(groups.get(undefined) ?? [])];
  const single: Pod[] = [];
  for (const [index, group] of groups) {
    if (index === undefined) continue;
    const [kept, ...others] = ranked(group).reverse();
    doubled.push(...others.reverse());
    if (kept) single.push(kept);
  }
  return { doubled, single };
}

function ranked(pods: readonly Pod[]): Pod[] {
  return [...pods].sort(compareActivePods);
}
