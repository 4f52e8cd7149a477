// How a namespace tells why it is still Terminating.
// Source: pkg/controller/namespace/deletion/status_condition_utils.go, 1.34.
import type { NamespaceCondition } from "../../../api/types.ts";
import type { Instant } from "../../../base/time.ts";
import { findCondition, replaceCondition, transitioned } from "../conditions.ts";
import type { Remains } from "./content.ts";

type State = Pick<NamespaceCondition, "type" | "status" | "reason" | "message">;

/** The conditions after a look at the namespace's contents. */
export function terminatingConditions(
  old: readonly NamespaceCondition[] | undefined,
  remains: Remains,
  now: Instant,
): readonly NamespaceCondition[] {
  let conditions = old ?? [];
  for (const state of states(remains)) {
    const known = findCondition(conditions, state.type);
    const isSame = known?.status === state.status && known.message === state.message;
    if (isSame && known.reason === state.reason) continue;
    conditions = replaceCondition(conditions, transitioned(state, known, now));
  }
  return conditions;
}

function states({ resources, finalizers }: Remains): readonly State[] {
  return [
    fine(
      "NamespaceDeletionDiscoveryFailure",
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ),
    fine(
      "NamespaceDeletionGroupVersionParsingFailure",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    fine(
      "NamespaceDeletionContentFailure",
      "ContentDeleted",
      "All content successfully deleted, may be waiting on finalization",
    ),
    resources.size === 0
      ? fine("NamespaceContentRemaining", "ContentRemoved", "All content successfully removed")
      : {
          type: "NamespaceContentRemaining",
          status: "True",
          reason: "SomeResourcesRemain",
          message: `Some resources are remaining: ${listed(resources, "has")}`,
        },
    finalizers.size === 0
      ? fine(
          "NamespaceFinalizersRemaining",
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
        )
      : {
          type: "NamespaceFinalizersRemaining",
          status: "True",
          reason: "SomeFinalizersRemain",
          message: `Some content in the namespace has finalizers remaining: ${listed(finalizers, "in")}`,
        },
  ];
}

function fine(type: string, reason: string, message: string): State {
  return { type, status: "False", reason, message };
}

/** "pods. has 2 resource instances, services. has 1 resource instances" */
function listed(counts: ReadonlyMap<string, number>, verb: "has" | "in"): string {
  return [...counts]
    .map(([name, count]) => `${name} ${verb} ${count} resource instances`)
    .sort()
    .join(", ");
}
