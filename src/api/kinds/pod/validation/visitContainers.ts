// Every container of a Pod, with its place. Source: pkg/apis/core/pods VisitContainersWithPath, 1.34.
import type { FieldPath } from "../../../fieldPath.ts";
import type { Container, EphemeralContainer, PodSpec } from "../../../types.ts";

const lists = ["initContainers", "containers", "ephemeralContainers"] as const;

/** What `visit` says of each container, in one list. */
export function visitContainers<Finding>(
  spec: PodSpec,
  path: FieldPath,
  visit: (container: Container | EphemeralContainer, path: FieldPath) => readonly Finding[],
): Finding[] {
  return lists.flatMap((list) =>
    (spec[list] ?? []).flatMap((container, i) => visit(container, path.child(list).index(i))),
  );
}
