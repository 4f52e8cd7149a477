// Makes an object unless it is there.
import type { Kind } from "../../api/kind.ts";
import { type KubeObject, keyOf } from "../../api/object.ts";
import { hasReason } from "../../api/status.ts";
import type { LocalClient } from "../localClient.ts";

export function ensure<T extends KubeObject>(client: LocalClient, kind: Kind<T>, object: T): void {
  try {
    client.get(kind, keyOf(object));
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    client.create(kind, object);
  }
}
