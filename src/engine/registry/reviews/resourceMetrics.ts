// metrics.k8s.io: what Pods and nodes use, measured in the moment of the request.
// Source: metrics-server pkg/api/{pod,node}.go, v0.8.
import type { Kind } from "../../../api/kind.ts";
import {
  NodeMetrics,
  type NodeMetricsObject,
  PodMetrics,
  type PodMetricsObject,
  type ResourceUsage,
} from "../../../api/kinds/metrics/kinds.ts";
import { Node } from "../../../api/kinds/node.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import { amountOf, canonicalText } from "../../../api/quantity.ts";
import { notFoundError } from "../../../api/status.ts";
import type { Node as NodeObject, Pod as PodObject } from "../../../api/types.ts";
import { formatTime, type Instant, type Millis, second } from "../../../base/time.ts";
import type { Call, ReviewHandler, ServerParts } from "../call.ts";
import type { MeasuredUsage } from "../metricsSource.ts";
import { makeSelection } from "../selection.ts";

export const podMetrics: ReviewHandler = (call, server) => {
  if (call.request.verb === "list") return podList(call, server);
  const { key } = call;
  const metrics = ofPod(server.registry.get(Pod as Kind, key) as PodObject, server);
  if (metrics) return metrics;
  const name = `${key.namespace}/${key.name}`;
  throw notFoundError({ group: "metrics.k8s.io", kind: "podmetrics", name });
};

export const nodeMetrics: ReviewHandler = (call, server) => {
  if (call.request.verb === "list") return nodeList(call, server);
  const { name } = call.key;
  const node = server.registry.get(Node as Kind, call.key) as NodeObject;
  const metrics = ofNode(node, server, boundPods(server));
  if (metrics) return metrics;
  throw notFoundError({ group: "metrics.k8s.io", kind: "nodemetrics", name });
};

function podList({ kind, request, scope }: Call, server: ServerParts): object {
  const { items } = server.registry.page(Pod as Kind, request.namespace, selectors(scope.options));
  const selects = makeSelection(kind, scope.options);
  const metrics = items.map((pod) => ofPod(pod as PodObject, server));
  return listOf(PodMetrics as Kind, metrics, selects);
}

function nodeList({ kind, scope }: Call, server: ServerParts): object {
  const { items } = server.registry.page(Node as Kind, "", selectors(scope.options));
  const selects = makeSelection(kind, scope.options);
  const bound = boundPods(server);
  const metrics = items.map((node) => ofNode(node as NodeObject, server, bound));
  return listOf(NodeMetrics as Kind, metrics, selects);
}

/** Of a request's options, what tells the objects that are measured. */
function selectors({ labelSelector }: Call["scope"]["options"]): Call["scope"]["options"] {
  return labelSelector === undefined ? {} : { labelSelector };
}

function listOf(
  kind: Kind,
  metrics: readonly (KubeObject | undefined)[],
  selects: (object: KubeObject) => boolean,
): object {
  const items = metrics.filter((item) => item !== undefined).filter(selects);
  return { kind: kind.listKind, apiVersion: kind.apiVersion, metadata: {}, items };
}

function ofPod(pod: PodObject, { metrics, now }: ServerParts): PodMetricsObject | undefined {
  const sample = metrics.pod(pod);
  if (!sample) return undefined;
  const containers = sample.containers.map(({ name, usage }) => ({ name, usage: usageOf(usage) }));
  return { ...head(PodMetrics as Kind, pod, now()), ...times(sample), containers };
}

function ofNode(
  node: NodeObject,
  { metrics, now }: ServerParts,
  bound: ReadonlyMap<string, readonly PodObject[]>,
): NodeMetricsObject | undefined {
  const { name } = node.metadata;
  const sample = metrics.node(name, bound.get(name) ?? []);
  if (!sample) return undefined;
  return {
    ...head(NodeMetrics as Kind, node, now()),
    ...times(sample),
    usage: usageOf(sample.usage),
  };
}

function boundPods({ registry }: ServerParts): ReadonlyMap<string, readonly PodObject[]> {
  const pods = registry.page(Pod as Kind, "", {}).items as readonly PodObject[];
  return Map.groupBy(pods, ({ spec }) => spec.nodeName ?? "");
}

function head({ apiVersion, gvk }: Kind, { metadata }: KubeObject, now: Instant): KubeObject {
  const { name, namespace, labels } = metadata;
  return {
    kind: gvk.kind,
    apiVersion,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      creationTimestamp: formatTime(now),
      ...(labels === undefined ? {} : { labels }),
    },
  };
}

function times({ at, window }: { readonly at: Instant; readonly window: Millis }): {
  readonly timestamp: string;
  readonly window: string;
} {
  return { timestamp: formatTime(at), window: `${window / second}s` };
}

function usageOf({ cpuNanos, memoryBytes }: MeasuredUsage): ResourceUsage {
  return {
    cpu: canonicalText(amountOf(`${cpuNanos}n`)),
    memory: canonicalText(amountOf(`${memoryBytes / 1024}Ki`)),
  };
}
