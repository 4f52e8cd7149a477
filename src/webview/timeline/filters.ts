// Which events the view shows.
import type { RequestEvent, TraceEvent } from "../../api/traceEvent.ts";
import { unreachable } from "../../base/assert.ts";
import type { ActorGroup, TimelineFilters } from "../../protocol.ts";
import { actorOf } from "./actor.ts";

export const actorGroups: readonly ActorGroup[] = [
  "clients",
  "scheduler",
  "controllers",
  "kubelets",
];

export const noFilters: TimelineFilters = {
  heartbeats: true,
  eventObjects: true,
  requestsBy: actorGroups,
  text: "",
};

export function isFiltering(filters: TimelineFilters): boolean {
  const { heartbeats, eventObjects, requestsBy, text } = filters;
  return (
    !heartbeats || !eventObjects || requestsBy.length < actorGroups.length || text.trim() !== ""
  );
}

/** Faults are always shown: what happens after them makes no sense without. */
export function eventFilter(filters: TimelineFilters): (event: TraceEvent) => boolean {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (event) => {
    if (event.type === "fault") return true;
    if (!filters.heartbeats && isHeartbeat(event)) return false;
    if (event.type === "request" && !showsRequest(event, filters)) return false;
    if (words.length === 0) return true;
    const subject = subjectText(event).toLowerCase();
    return words.every((word) => subject.includes(word));
  };
}

function showsRequest({ target, user }: RequestEvent, filters: TimelineFilters): boolean {
  if (!filters.eventObjects && target.kind === "Event") return false;
  return filters.requestsBy.includes(actorOf(user).group);
}

/** A kubelet's or a component's periodic sign of life, or the write that carries it. */
export function isHeartbeat(event: TraceEvent): boolean {
  if (event.type === "report") return true;
  if (event.type !== "request" || event.code >= 400) return false;
  if (event.target.kind === "Lease") return event.verb === "update" || event.verb === "patch";
  return (
    event.target.kind === "Node" &&
    event.subresource === "status" &&
    actorOf(event.user).group === "kubelets"
  );
}

/** Of heartbeats: a Node's status rather than a Lease. */
export function isNodeStatus(event: TraceEvent): boolean {
  if (event.type === "report") return event.report === "status";
  return event.type === "request" && event.target.kind === "Node";
}

function subjectText(event: TraceEvent): string {
  switch (event.type) {
    case "request": {
      const { kind, namespace, name } = event.target;
      return `${kind} ${namespace}/${name} ${event.user} ${event.message ?? ""}`;
    }
    case "schedule":
      return `pod ${event.pod.namespace}/${event.pod.name} ${event.node ?? ""} kube-scheduler`;
    case "reconcile":
      return `${event.controller} ${event.key}`;
    case "container":
      return `pod ${event.pod.namespace}/${event.pod.name} ${event.container ?? ""} ${event.node}`;
    case "report":
      return event.node;
    case "election":
      return `etcd ${event.member}`;
    case "fault":
      return "";
    default:
      return unreachable(event);
  }
}
