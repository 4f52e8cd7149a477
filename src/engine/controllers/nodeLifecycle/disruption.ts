// Slows evictions down, or stops them, by the state of all zones together. Pure but for the zones.
// Source: pkg/controller/nodelifecycle handleDisruption, kubernetes v1.34.
import type { Instant } from "../../../base/time.ts";
import { evictionRate, type Zone, zoneStateOf } from "./zones.ts";

/** What the change of the zones' states asks of the caller. */
export type Turn = "none" | "allDown" | "someUpAgain";

/**
 * Sets each zone's state and rate.
 * @param readiness of the nodes of each zone; every zone here is one of `zones`
 */
export function handleDisruption(
  zones: Map<string, Zone>,
  readiness: ReadonlyMap<string, readonly boolean[]>,
  now: Instant,
): Turn {
  for (const name of [...zones.keys()])
    if (!readiness.has(name) && zones.get(name)?.state !== "Initial") zones.delete(name);
  const states = [...zones].map(([name, zone]) => {
    const ready = readiness.get(name) ?? [];
    return { zone, next: zoneStateOf(ready), size: ready.length };
  });
  const wasAllDown = states.every(({ zone }) => zone.state === "FullDisruption");
  const isAllDown = states.every(({ next }) => next === "FullDisruption");
  if (wasAllDown && isAllDown) return "none";
  for (const { zone, next, size } of states) {
    if (isAllDown) zone.setRate(0, now);
    else if (wasAllDown || zone.state !== next) zone.setRate(evictionRate(next, size), now);
    zone.state = next;
  }
  if (isAllDown) return "allDown";
  return wasAllDown ? "someUpAgain" : "none";
}
