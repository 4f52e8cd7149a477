// What `kubectl apply --dry-run=server` does with one object: the server goes all the way, admission
// included, and stores nothing.
import type { Kind } from "../api/kind.ts";
import type { KubeObject } from "../api/object.ts";
import { getIfExists, inNamespace, keyIn, patchFor, writeOptions } from "./apply.ts";
import { withLastApplied } from "./lastApplied.ts";
import type { ResourceClient } from "./resourceClient.ts";

export interface Rehearsal {
  /** As the server would store it. */
  readonly stored: KubeObject;
  /** As it is now; absent if it would be created. */
  readonly live?: KubeObject;
}

/** @throws ApiError (as a rejection) if the server would refuse it */
export async function rehearse(
  client: ResourceClient,
  kind: Kind,
  object: KubeObject,
): Promise<Rehearsal> {
  const options = { ...writeOptions, dryRun: true };
  const named = inNamespace(kind, object);
  // A name that is made up anew each time belongs to nothing that exists.
  if (!named.metadata.name) return { stored: await client.create(kind, named, options) };
  const wanted = withLastApplied(named);
  const live = await getIfExists(client, kind, wanted);
  if (!live) return { stored: await client.create(kind, wanted, options) };
  const patch = patchFor(live, wanted);
  const stored = patch ? await client.patch(kind, keyIn(kind, wanted), patch, options) : live;
  return { stored, live };
}
