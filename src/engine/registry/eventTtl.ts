// Events are gone an hour after their last change.
import type { Kind } from "../../api/kind.ts";
import { Event } from "../../api/kinds/event.ts";
import { second } from "../../base/time.ts";
import { eventTtlMs } from "../limits.ts";

/** Seconds that an object of the kind is kept after a write; undefined for ever. --event-ttl, 1.34. */
export function ttlSecondsOf(kind: Kind): number | undefined {
  const { resource } = kind.storedAs?.kind ?? kind;
  return resource === Event.resource ? eventTtlMs / second : undefined;
}
