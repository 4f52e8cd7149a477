// Events as plain sentences: who did what, in words that need no picture.
import type { Fault } from "../../api/fault.ts";
import type { ObjectRef } from "../../api/object.ts";
import type {
  ContainerEvent,
  ContainerStep,
  ReportEvent,
  RequestEvent,
  ScheduleEvent,
  TraceEvent,
  Verb,
} from "../../api/traceEvent.ts";
import { unreachable } from "../../base/assert.ts";
import type { StringId } from "../../protocol.ts";
import { actorOf } from "./actor.ts";
import { faultSentence } from "./faultSentence.ts";
import type { Translate } from "./texts.ts";

/** One sentence, e.g. "replicaset-controller created Pod default/web-7c9-x2x". */
export function sentenceOf(event: TraceEvent, t: Translate): string {
  switch (event.type) {
    case "request":
      return requestSentence(event, t);
    case "schedule":
      return scheduleSentence(event, t);
    case "reconcile":
      return event.error === undefined
        ? t("sentence.reconcile", event.controller, event.key, event.writes)
        : t("sentence.reconcileError", event.controller, event.key, event.error);
    case "container":
      return t(stepSentence[event.step], subjectOfContainer(event), event.node);
    case "report":
      return reportSentence(event, t);
    case "fault":
      return faultSentence(event.fault, event.healed, t);
    case "election":
      return t("sentence.election", event.member, event.term);
    default:
      return unreachable(event);
  }
}

/** The few words beside a mark: its lane tells the rest. */
export function labelOf(event: TraceEvent, t: Translate): string {
  switch (event.type) {
    case "request":
      return `${event.subresource === "binding" ? "bind" : event.verb} ${targetLabel(event)}`;
    case "schedule":
      return `${event.pod.name} → ${event.node ?? t("label.nowhere")}`;
    case "reconcile":
      return `${event.controller.replace(/-controller$/, "")}: ${shortKey(event.key)}`;
    case "container":
      return `${event.step} ${event.pod.name}${event.container ? `/${event.container}` : ""}`;
    case "report":
      return event.report;
    case "fault":
      return faultSentence(event.fault, event.healed, t);
    case "election":
      return t("sentence.election", event.member, event.term);
    default:
      return unreachable(event);
  }
}

/** "Pod default/web-1": the kind and the key as kubectl would print them. */
export function nameOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === "" ? name : `${namespace}/${name}`}`;
}

/** "kubelet (worker-1)", "replicaset-controller". */
export function actorName(user: string): string {
  const { name, node } = actorOf(user);
  return node ? `${name} (${node})` : name;
}

/** Who is at work in an event, for the column of the text view. */
export function componentOf(event: TraceEvent, t: Translate): string {
  switch (event.type) {
    case "request":
      return "kube-apiserver";
    case "schedule":
      return "kube-scheduler";
    case "reconcile":
      return event.controller;
    case "container":
    case "report":
      return `kubelet (${event.node})`;
    case "fault":
      return t("component.fault");
    case "election":
      return "etcd";
    default:
      return unreachable(event);
  }
}

/** The objects that an event speaks of. */
export function objectsOf(event: TraceEvent): readonly ObjectRef[] {
  switch (event.type) {
    case "request":
      return event.target.name === "" ? [] : [event.target];
    case "schedule":
      return [event.pod, ...(event.node ? [nodeRef(event.node)] : [])];
    case "container":
      return [event.pod, nodeRef(event.node)];
    case "report":
      return [nodeRef(event.node)];
    case "fault":
      return objectsOfFault(event.fault);
    case "reconcile":
    case "election":
      return [];
    default:
      return unreachable(event);
  }
}

function objectsOfFault(fault: Fault): readonly ObjectRef[] {
  if ("node" in fault) return [nodeRef(fault.node)];
  if (fault.type !== "killContainer") return [];
  return [{ kind: "Pod", namespace: fault.namespace, name: fault.pod }];
}

function nodeRef(name: string): ObjectRef {
  return { kind: "Node", namespace: "", name };
}

const verbSentence: Readonly<Record<Verb, StringId>> = {
  get: "sentence.read",
  list: "sentence.read",
  watch: "sentence.read",
  create: "sentence.create",
  update: "sentence.update",
  patch: "sentence.patch",
  delete: "sentence.delete",
  deletecollection: "sentence.delete",
};

const subresourceSentence: Readonly<Record<string, StringId>> = {
  binding: "sentence.bind",
  status: "sentence.status",
  scale: "sentence.scale",
  eviction: "sentence.evict",
};

function requestSentence(event: RequestEvent, t: Translate): string {
  const who = actorName(event.user);
  const what = targetName(event);
  if (event.code >= 400)
    return t("sentence.refused", who, event.verb, what, event.message ?? event.code);
  const bySubresource = event.subresource ? subresourceSentence[event.subresource] : undefined;
  return t(bySubresource ?? verbSentence[event.verb], who, what);
}

/** Collections and failed creations have no name. */
function targetName({ target }: RequestEvent): string {
  return target.name === "" ? `${target.kind} ${target.namespace}`.trim() : nameOf(target);
}

function targetLabel({ target, subresource }: RequestEvent): string {
  const suffix = subresource && subresource !== "binding" ? `/${subresource}` : "";
  return `${target.kind} ${target.name}${suffix}`.trim();
}

function scheduleSentence(event: ScheduleEvent, t: Translate): string {
  const pod = nameOf(event.pod);
  if (event.outcome === "scheduled") return t("sentence.scheduled", pod, event.node ?? "");
  const id =
    event.outcome === "unschedulable" ? "sentence.unschedulable" : "sentence.scheduleError";
  return t(id, pod);
}

const stepSentence: Readonly<Record<ContainerStep, StringId>> = {
  pulling: "step.pulling",
  pulled: "step.pulled",
  created: "step.created",
  started: "step.started",
  ready: "step.ready",
  unready: "step.unready",
  exited: "step.exited",
  failed: "step.failed",
  backOff: "step.backOff",
  killing: "step.killing",
  removed: "step.removed",
};

function subjectOfContainer({ pod, container }: ContainerEvent): string {
  return container ? `${container} (${nameOf(pod)})` : nameOf(pod);
}

function reportSentence(event: ReportEvent, t: Translate): string {
  if (event.report === "lease") return t("sentence.lease", event.node);
  return event.changed.length === 0
    ? t("sentence.nodeStatus", event.node)
    : t("sentence.nodeStatusChanged", event.node, event.changed.join(", "));
}

function shortKey(key: string): string {
  return key.slice(key.indexOf("/") + 1);
}
