// The revisions of a DaemonSet. Source: pkg/controller/daemon/update.go constructHistory, snapshot and
// cleanupHistory, kubernetes v1.34.
import { dequal } from "dequal";
import { ControllerRevision } from "../../../api/kinds/controllerRevision.ts";
import { DaemonSet } from "../../../api/kinds/daemonSet.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { controllerOf, controllerRef, keyOf } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import { hasReason } from "../../../api/status.ts";
import type {
  DaemonSet as DaemonSetObject,
  Pod as PodObject,
  ControllerRevision as Revision,
} from "../../../api/types.ts";
import { claim } from "../claims.ts";
import type { ControllerContext } from "../controller.ts";
import { templateHash } from "../deployment/templateHash.ts";
import { renumber } from "../revisions/history.ts";
import { revisionLabel } from "./podTemplate.ts";

export interface DaemonHistory {
  readonly current: Revision;
  readonly old: readonly Revision[];
}

/** Finds or makes the revision of the set's template. @throws ApiError what the server refuses */
export function daemonHistory(
  set: DaemonSetObject,
  pods: readonly PodObject[],
  context: ControllerContext,
): DaemonHistory {
  const data = revisionData(set);
  const all = claimedRevisions(set, context);
  const old = all.filter((revision) => !dequal(revision.data, data));
  const matching = all.filter((revision) => dequal(revision.data, data));
  const next = Math.max(0, ...old.map(({ revision }) => revision)) + 1;
  const newest = matching.toSorted((a, b) => a.revision - b.revision).at(-1);
  if (!newest) return { current: snapshot(set, next, context), old };
  if (matching.length > 1) mergeInto(newest, matching, pods, context);
  if (newest.revision < next) renumber(context, newest, next);
  return { current: newest, old };
}

/** The hash by which Pods name the revision. */
export function hashOf({ metadata }: Revision): string {
  return metadata.labels?.[revisionLabel] ?? metadata.name;
}

/** Deletes the oldest revisions that no Pod is of, beyond the limit. */
export function cleanUpHistory(
  set: DaemonSetObject,
  old: readonly Revision[],
  pods: readonly PodObject[],
  { client }: ControllerContext,
): void {
  const living = new Set(pods.map(({ metadata }) => metadata.labels?.[revisionLabel]));
  const surplus = old.length - (set.spec.revisionHistoryLimit ?? 10);
  const unused = old
    .toSorted((a, b) => a.revision - b.revision)
    .filter((revision) => !living.has(hashOf(revision)));
  for (const revision of unused.slice(0, Math.max(0, surplus)))
    client.delete(ControllerRevision, keyOf(revision));
}

function revisionData({ spec }: DaemonSetObject): unknown {
  return { spec: { template: { $patch: "replace", ...spec.template } } };
}

function claimedRevisions(
  set: DaemonSetObject,
  { cache, client }: ControllerContext,
): readonly Revision[] {
  const candidates = cache(ControllerRevision)
    .list(set.metadata.namespace ?? "")
    .filter((revision) => {
      const uid = controllerOf(revision)?.uid;
      return uid === undefined || uid === set.metadata.uid;
    });
  const selector = labelSelectorOf(set.spec.selector);
  return claim(
    { client, ownerKind: DaemonSet, owner: set, selector },
    ControllerRevision,
    candidates,
  );
}

/** A name that is taken by another template is made again with one more collision counted. */
function snapshot(set: DaemonSetObject, revision: number, { client }: ControllerContext): Revision {
  const { name: setName, namespace = "", annotations } = set.metadata;
  const data = revisionData(set);
  const hash = templateHash(set.spec.template, set.status?.collisionCount);
  const name = `${setName}-${hash}`;
  try {
    return client.create(ControllerRevision, {
      apiVersion: ControllerRevision.apiVersion,
      kind: ControllerRevision.gvk.kind,
      metadata: {
        name,
        namespace,
        labels: { ...set.spec.template.metadata?.labels, [revisionLabel]: hash },
        ...(annotations ? { annotations } : {}),
        ownerReferences: [controllerRef(set)],
      },
      data: data as NonNullable<Revision["data"]>,
      revision,
    });
  } catch (error) {
    if (!hasReason(error, "AlreadyExists")) throw error;
    const known = client.get(ControllerRevision, { namespace, name });
    if (dequal(known.data, data)) return known;
    countCollision(set, { client });
    throw error;
  }
}

function countCollision(set: DaemonSetObject, { client }: Pick<ControllerContext, "client">): void {
  const latest = client.get(DaemonSet, keyOf(set));
  if (!latest.status || latest.status.collisionCount !== set.status?.collisionCount) return;
  const collisionCount = (latest.status.collisionCount ?? 0) + 1;
  client.updateStatus(DaemonSet, { ...latest, status: { ...latest.status, collisionCount } });
}

/** Two revisions of one template become one, Pods of the other included. */
function mergeInto(
  kept: Revision,
  matching: readonly Revision[],
  pods: readonly PodObject[],
  { client }: ControllerContext,
): void {
  for (const pod of pods)
    if (pod.metadata.labels?.[revisionLabel] !== hashOf(kept))
      client.patch(Pod, keyOf(pod), { metadata: { labels: { [revisionLabel]: hashOf(kept) } } });
  for (const revision of matching)
    if (revision !== kept) client.delete(ControllerRevision, keyOf(revision));
}
