// Short ways to write down events.
import type { ObjectRef } from "../../../src/api/object.ts";
import type {
  ContainerStep,
  RequestEvent,
  TraceEvent,
  TraceFact,
} from "../../../src/api/traceEvent.ts";
import { EventIndex } from "../../../src/webview/timeline/eventIndex.ts";

export const pod: ObjectRef = { kind: "Pod", namespace: "default", name: "web-1" };

/** Numbers the facts from 1; each is a fact, its time and, if it has one, its cause. */
export function traced(
  ...facts: readonly (readonly [at: number, fact: TraceFact, cause?: number])[]
): readonly TraceEvent[] {
  return facts.map(([at, fact, cause], i) => ({
    ...fact,
    id: i + 1,
    at,
    ...(cause === undefined ? {} : { cause }),
  }));
}

export function request(changed: Partial<RequestEvent> = {}): RequestEvent {
  return {
    type: "request",
    user: "kubernetes-admin",
    verb: "create",
    target: pod,
    code: 201,
    ...changed,
  };
}

export function step(name: ContainerStep, node = "a", container = "nginx"): TraceFact {
  return { type: "container", node, pod, container, step: name, message: name };
}

export function lease(node = "a"): TraceFact {
  return { type: "report", node, report: "lease", changed: [] };
}

export function powerOff(node: string, healed = false): TraceFact {
  return { type: "fault", fault: { type: "powerOff", node }, healed };
}

export function indexOf(
  events: readonly TraceEvent[],
  shows: (event: TraceEvent) => boolean = () => true,
): EventIndex {
  const index = new EventIndex(shows);
  for (const event of events) index.add(event);
  return index;
}
