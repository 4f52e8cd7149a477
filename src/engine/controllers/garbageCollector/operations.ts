// What the garbage collector reads and writes of single objects, at the API server itself.
// Source: pkg/controller/garbagecollector/{operations,patch}.go, kubernetes v1.34.
import type { Kind } from "../../../api/kind.ts";
import type { KubeObject, ObjectKey } from "../../../api/object.ts";
import { hasReason } from "../../../api/status.ts";
import type { ControllerContext } from "../controller.ts";
import type { GraphNode, Identity } from "./ownerGraph.ts";

export function keyFor({ namespace, name }: Pick<Identity, "namespace" | "name">): ObjectKey {
  return { namespace, name };
}

/** The very object, not another of its name. */
export function find(
  { client }: ControllerContext,
  kind: Kind,
  identity: Pick<Identity, "namespace" | "name" | "uid">,
): KubeObject | undefined {
  try {
    const found = client.get(kind, keyFor(identity));
    return found.metadata.uid === identity.uid ? found : undefined;
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    return undefined;
  }
}

export function isWaiting({ metadata }: KubeObject): boolean {
  const isGoing = metadata.deletionTimestamp !== undefined;
  return isGoing && (metadata.finalizers?.includes("foregroundDeletion") ?? false);
}

/** What the object's own finalizers ask for. */
export function policyOf({
  metadata: { finalizers = [] },
}: KubeObject): "Orphan" | "Foreground" | "Background" {
  if (finalizers.includes("orphan")) return "Orphan";
  return finalizers.includes("foregroundDeletion") ? "Foreground" : "Background";
}

export function dropReferences(
  { client }: ControllerContext,
  kind: Kind,
  identity: Identity,
  owners: readonly { readonly uid: string }[],
): void {
  if (owners.length === 0) return;
  const ownerReferences = owners.map(({ uid }) => ({ $patch: "delete", uid }));
  const body = { metadata: { uid: identity.uid, ownerReferences } };
  client.patch(kind, keyFor(identity), body, { type: "strategic" });
}

export function unblockOwners(
  { client }: ControllerContext,
  kind: Kind,
  { identity }: GraphNode,
  { metadata }: KubeObject,
): void {
  const ownerReferences = (metadata.ownerReferences ?? [])
    .filter(({ blockOwnerDeletion }) => blockOwnerDeletion)
    .map((owner) => ({ ...owner, blockOwnerDeletion: false }));
  const body = { metadata: { uid: identity.uid, ownerReferences } };
  client.patch(kind, keyFor(identity), body, { type: "strategic" });
}

export function removeFinalizer(
  context: ControllerContext,
  kind: Kind,
  identity: Identity,
  finalizer: string,
): void {
  const latest = find(context, kind, identity);
  if (!latest?.metadata.finalizers?.includes(finalizer)) return;
  const { resourceVersion, finalizers } = latest.metadata;
  context.client.patch(kind, keyFor(identity), {
    metadata: { resourceVersion, finalizers: finalizers.filter((name) => name !== finalizer) },
  });
}
