// The revisions of a StatefulSet: the one that its Pods had, and the one that they are to have.
// Source: pkg/controller/statefulset/stateful_set_control.go getStatefulSetRevisions, kubernetes v1.34.
import { dequal } from "dequal";
import { ControllerRevision } from "../../../api/kinds/controllerRevision.ts";
import { StatefulSet } from "../../../api/kinds/statefulSet.ts";
import { controllerRef } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import type {
  PodTemplateSpec,
  ControllerRevision as Revision,
  StatefulSet as StatefulSetObject,
} from "../../../api/types.ts";
import { claim } from "../claims.ts";
import type { ControllerContext } from "../controller.ts";
import { createRevision, nextRevision, renumber, revisionsOf } from "../revisions/history.ts";
import type { SetRevision } from "./podIdentity.ts";

export interface SetRevisions {
  /** All of them, oldest first. */
  readonly all: readonly Revision[];
  readonly current: Revision;
  readonly update: Revision;
  readonly collisions: number;
}

/** Adopts, finds or makes the revisions. @throws ApiError what the server refuses */
export function findRevisions(set: StatefulSetObject, context: ControllerContext): SetRevisions {
  const selector = labelSelectorOf(set.spec.selector);
  const all = revisionsOf(context, set, selector);
  claim(
    { client: context.client, ownerKind: StatefulSet, owner: set, selector },
    ControllerRevision,
    all,
  );
  const { revision: update, collisions } = updateRevision(set, all, context);
  const current = all.find(({ metadata }) => metadata.name === set.status?.currentRevision);
  return { all, current: current ?? update, update, collisions };
}

/** The template of a revision, ready for Pods. Source: ApplyRevision. */
export function setRevision({ metadata, data }: Revision): SetRevision {
  const { spec } = data as { readonly spec: { readonly template: PodTemplateSpec } };
  const { $patch: _, ...template } = spec.template as PodTemplateSpec & { $patch?: string };
  return { name: metadata.name, template };
}

function updateRevision(
  set: StatefulSetObject,
  all: readonly Revision[],
  context: ControllerContext,
): { readonly revision: Revision; readonly collisions: number } {
  const collisions = set.status?.collisionCount ?? 0;
  const data = { spec: { template: { $patch: "replace", ...set.spec.template } } };
  const equal = all.findLast((revision) => dequal(revision.data, data));
  const next = nextRevision(all);
  if (equal)
    return {
      // The newest revision is still the right one; an older one is gone back to.
      revision: equal === all.at(-1) ? equal : renumber(context, equal, next),
      collisions,
    };
  const wanted = {
    owner: set,
    labels: set.spec.template.metadata?.labels ?? {},
    annotations: set.metadata.annotations ?? {},
    data,
    revision: next,
  };
  return createRevision(context, wanted, [controllerRef(set)], collisions);
}
