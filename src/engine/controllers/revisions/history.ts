// A workload's ControllerRevisions. Source: pkg/controller/history/controller_history.go, 1.34.
import { dequal } from "dequal";
import { ControllerRevision } from "../../../api/kinds/controllerRevision.ts";
import { controllerOf, type KubeObject, keyOf } from "../../../api/object.ts";
import type { Selector } from "../../../api/selector.ts";
import { hasReason } from "../../../api/status.ts";
import type { ControllerRevision as Revision } from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import { revisionHash } from "./revisionHash.ts";

const hashLabel = "controller.kubernetes.io/hash";
const maxPrefixLength = 223;

/** A revision to be, without the name that its content gives it. */
export interface NewRevision {
  readonly owner: KubeObject;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: unknown;
  readonly revision: number;
}

/** Those that the owner controls or could adopt, oldest first. */
export function revisionsOf(
  { cache }: ControllerContext,
  owner: KubeObject,
  selector: Selector,
): readonly Revision[] {
  return cache(ControllerRevision)
    .list(owner.metadata.namespace ?? "")
    .filter((revision) => {
      const uid = controllerOf(revision)?.uid;
      const isFree = uid === undefined || uid === owner.metadata.uid;
      return isFree && selector.matches(revision.metadata.labels);
    })
    .toSorted(byRevision);
}

/** By number, then age, then name. */
function byRevision(a: Revision, b: Revision): number {
  return (
    a.revision - b.revision ||
    compareTexts(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compareTexts(a.metadata.name, b.metadata.name)
  );
}

function compareTexts(a = "", b = ""): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The number of the one to come. @param revisions oldest first */
export function nextRevision(revisions: readonly Revision[]): number {
  return (revisions.at(-1)?.revision ?? 0) + 1;
}

/**
 * Creates the revision, or finds that it is there already. A name that is taken by another content is
 * made again with one more collision counted.
 * @throws ApiError what the server refuses
 */
export function createRevision(
  { client }: ControllerContext,
  wanted: NewRevision,
  ownerReferences: NonNullable<Revision["metadata"]["ownerReferences"]>,
  collisions: number,
): { readonly revision: Revision; readonly collisions: number } {
  const { owner, data } = wanted;
  for (let count = collisions; ; count++) {
    const hash = revisionHash(data, count);
    const name = `${owner.metadata.name.slice(0, maxPrefixLength)}-${hash}`;
    const namespace = owner.metadata.namespace ?? "";
    try {
      const made: Revision = {
        apiVersion: ControllerRevision.apiVersion,
        kind: ControllerRevision.gvk.kind,
        metadata: {
          name,
          namespace,
          labels: { ...wanted.labels, [hashLabel]: hash },
          annotations: wanted.annotations,
          ownerReferences,
        },
        data: data as NonNullable<Revision["data"]>,
        revision: wanted.revision,
      };
      return { revision: client.create(ControllerRevision, made), collisions: count };
    } catch (error) {
      if (!hasReason(error, "AlreadyExists")) throw error;
      const known = client.get(ControllerRevision, { namespace, name });
      if (dequal(known.data, data)) return { revision: known, collisions: count };
    }
  }
}

/** Gives a revision another number; a conflict is tried once more against the newest state. */
export function renumber(
  { client }: ControllerContext,
  revision: Revision,
  number: number,
): Revision {
  if (revision.revision === number) return revision;
  try {
    return client.update(ControllerRevision, { ...revision, revision: number });
  } catch (error) {
    if (!hasReason(error, "Conflict")) throw error;
    const latest = client.get(ControllerRevision, keyOf(revision));
    return client.update(ControllerRevision, { ...latest, revision: number });
  }
}

/** Deletes the oldest revisions that nothing uses beyond the limit; a negative limit keeps all. */
export function truncateHistory(
  { client }: ControllerContext,
  revisions: readonly Revision[],
  used: ReadonlySet<string | undefined>,
  limit: number,
): void {
  const unused = revisions.filter(({ metadata }) => !used.has(metadata.name));
  if (limit < 0) return;
  for (const revision of unused.slice(0, Math.max(0, unused.length - limit)))
    client.delete(ControllerRevision, keyOf(revision));
}
