// The events of one Pod, addressed to the Pod or to one of its containers.
import type { Container, Pod } from "../../api/types.ts";
import type { EventRecorder } from "../eventRecorder.ts";

export type EventType = "Normal" | "Warning";

/** Records an event about a container, or about the Pod as a whole. */
export function recordPodEvent(
  events: Pick<EventRecorder, "record">,
  pod: Pod,
  {
    type,
    reason,
    message,
    container,
  }: {
    readonly type: EventType;
    readonly reason: string;
    readonly message: string;
    readonly container?: Container;
  },
): void {
  events.record(pod, type, reason, message, container && fieldPathOf(pod, container));
}

/** "spec.containers{app}". Source: kubecontainer.GenerateContainerRef, kubernetes v1.34. */
function fieldPathOf({ spec }: Pod, container: Container): string {
  const isInit = spec.initContainers?.includes(container) ?? false;
  return `spec.${isInit ? "initContainers" : "containers"}{${container.name}}`;
}
