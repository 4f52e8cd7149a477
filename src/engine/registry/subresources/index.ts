// How the server answers at each subresource. Streams (log, exec, attach, portforward, proxy) are
// answered at the edge, by the kubelet.
import type { Subresource } from "../../../api/kind.ts";
import type { SubresourceHandler } from "../call.ts";
import { binding } from "./binding.ts";
import { eviction } from "./eviction.ts";
import { partOfObject } from "./partOfObject.ts";
import { scale } from "./scale.ts";
import { token } from "./token.ts";

/** Of the finalizers of a Namespace, which cannot be read alone. */
const { update } = partOfObject("finalize", "spec");

export const subresourceHandlers: Readonly<Partial<Record<Subresource, SubresourceHandler>>> = {
  approval: partOfObject("approval", "status"),
  binding,
  ephemeralcontainers: partOfObject("ephemeralcontainers", "spec"),
  eviction,
  finalize: { update },
  resize: partOfObject("resize", "spec"),
  scale,
  status: partOfObject("status", "status"),
  token,
};
