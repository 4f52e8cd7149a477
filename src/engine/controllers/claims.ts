// Adoption and release: an object is managed by whoever its controller reference names, if it still
// matches the selector. Source: pkg/controller BaseControllerRefManager, 1.34.
import type { Kind } from "../../api/kind.ts";
import { controllerOf, controllerRef, type KubeObject, keyOf } from "../../api/object.ts";
import type { Selector } from "../../api/selector.ts";
import { ApiError, hasReason } from "../../api/status.ts";
import type { LocalClient } from "../localClient.ts";

export type Claim = "owned" | "adopt" | "release" | "foreign";

/** What the relation of `object` to a controller should become. */
export function claimOf(object: KubeObject, owner: KubeObject, matches: boolean): Claim {
  const ownerIsGoing = owner.metadata.deletionTimestamp !== undefined;
  const reference = controllerOf(object);
  if (reference) {
    if (reference.uid !== owner.metadata.uid) return "foreign";
    if (matches) return "owned";
    return ownerIsGoing ? "foreign" : "release";
  }
  const isGoing = object.metadata.deletionTimestamp !== undefined;
  const isNear = object.metadata.namespace === owner.metadata.namespace;
  return matches && isNear && !ownerIsGoing && !isGoing ? "adopt" : "foreign";
}

export interface Claimant<O extends KubeObject> {
  readonly client: LocalClient;
  readonly ownerKind: Kind<O>;
  readonly owner: O;
  readonly selector: Selector;
  /** Finalizers that come with adoption and go with release. */
  readonly finalizers?: readonly string[];
}

/**
 * The candidates that the owner manages, after it adopted the orphans that match and released those
 * that no longer do.
 * @throws ApiError the first failure, after all candidates were tried
 */
export function claim<O extends KubeObject, T extends KubeObject>(
  { client, ownerKind, owner, selector, finalizers = [] }: Claimant<O>,
  kind: Kind<T>,
  candidates: readonly T[],
): readonly T[] {
  let failure: ApiError | undefined;
  let isThere: boolean | undefined;
  const mayAdopt = (): boolean => {
    isThere ??= isStillThere(client, ownerKind, owner);
    return isThere;
  };
  const isClaimed = (object: T): boolean => {
    const relation = claimOf(object, owner, selector.matches(object.metadata.labels));
    if (relation === "release") release(client, kind, object, { owner, finalizers });
    if (relation !== "adopt") return relation === "owned";
    if (mayAdopt()) adopt(client, kind, object, { owner, finalizers });
    return mayAdopt();
  };
  const claimed = candidates.filter((object) => {
    try {
      return isClaimed(object);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.reason !== "NotFound") failure ??= error;
      return false;
    }
  });
  if (failure) throw failure;
  return claimed;
}

/** The cache may lag: an owner that is gone or going must not adopt. */
function isStillThere<O extends KubeObject>(client: LocalClient, kind: Kind<O>, owner: O): boolean {
  try {
    const { metadata } = client.get(kind, keyOf(owner));
    return metadata.uid === owner.metadata.uid && metadata.deletionTimestamp === undefined;
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    return false;
  }
}

interface Tie {
  readonly owner: KubeObject;
  readonly finalizers: readonly string[];
}

function adopt<T extends KubeObject>(
  client: LocalClient,
  kind: Kind<T>,
  object: T,
  { owner, finalizers }: Tie,
): void {
  const { uid } = object.metadata;
  const metadata = {
    uid,
    ownerReferences: [controllerRef(owner)],
    ...(finalizers.length > 0 ? { finalizers } : {}),
  };
  client.patch(kind, keyOf(object), { metadata }, { type: "strategic" });
}

function release<T extends KubeObject>(
  client: LocalClient,
  kind: Kind<T>,
  object: T,
  { owner, finalizers }: Tie,
): void {
  const metadata = {
    uid: object.metadata.uid,
    ownerReferences: [{ $patch: "delete", uid: owner.metadata.uid }],
    ...(finalizers.length > 0 ? { "$deleteFromPrimitiveList/finalizers": finalizers } : {}),
  };
  try {
    client.patch(kind, keyOf(object), { metadata }, { type: "strategic" });
  } catch (error) {
    // Invalid: the object was replaced by another of the same name, which is not ours to release.
    if (!hasReason(error, "NotFound") && !hasReason(error, "Invalid")) throw error;
  }
}
