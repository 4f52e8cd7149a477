// What one metric of an autoscaler calls for, or why that cannot be told.
// Source: pkg/controller/podautoscaler/horizontal.go computeReplicasForMetric, kubernetes v1.34.
import { isSidecar } from "../../../api/kinds/pod/requests.ts";
import { amountOf, milliAmount, milliValueOf, quantityText } from "../../../api/quantity.ts";
import type { MetricSpec, MetricStatus, MetricTarget, Pod } from "../../../api/types.ts";
import type { Instant } from "../../../base/time.ts";
import type { LocalClient } from "../../localClient.ts";
import { type Proposal, proposedReplicas, type Target } from "./replicaCalculator.ts";
import { readMetrics } from "./resourceMetrics.ts";

export interface MetricProposal {
  readonly replicas: number;
  /** "cpu resource utilization (percentage of request)". */
  readonly name: string;
  readonly status: MetricStatus;
}

export interface MetricFailure {
  /** Of the event and the condition. */
  readonly reason: string;
  readonly cause: string;
  /** The cause, as the whole reconcile reports it. */
  readonly error: string;
}

export interface ScaledPods {
  readonly client: LocalClient;
  readonly namespace: string;
  readonly selector: string;
  readonly pods: readonly Pod[];
  readonly currentReplicas: number;
  readonly now: Instant;
}

const noCustomMetrics =
  "unable to fetch metrics from custom metrics API: no known available metric versions found";

export function proposalOf(spec: MetricSpec, scaled: ScaledPods): MetricProposal | MetricFailure {
  const { resource, containerResource, pods, object, external } = spec;
  if (resource) {
    const result = ofResource(resource, scaled);
    if ("cause" in result)
      return {
        reason: "FailedGetResourceMetric",
        cause: result.cause,
        error: `failed to get ${resource.name} resource metric value: ${result.cause}`,
      };
    const { current, ...proposal } = result;
    return {
      ...proposal,
      status: { type: "Resource", resource: { name: resource.name, current } },
    };
  }
  if (containerResource) {
    const { name, container } = containerResource;
    const result = ofResource(containerResource, scaled);
    if ("cause" in result)
      return {
        reason: "FailedGetContainerResourceMetric",
        cause: result.cause,
        error: `failed to get ${name} container metric value: ${result.cause}`,
      };
    const { current, ...proposal } = result;
    const status = { type: "ContainerResource", containerResource: { name, container, current } };
    return { ...proposal, status };
  }
  if (pods) {
    const cause = `unable to get metric ${pods.metric.name}: ${noCustomMetrics}`;
    return failure("FailedGetPodsMetric", "pods", cause);
  }
  if (object) {
    const { kind, name } = object.describedObject;
    // The real text has its parts in this order.
    const cause = `unable to get metric ${object.metric.name}: ${kind} on ${scaled.namespace} ${name}/${noCustomMetrics}`;
    return failure(
      "FailedGetObjectMetric",
      "object",
      `failed to get object metric value: ${cause}`,
    );
  }
  const name = external?.metric.name ?? "";
  const cause = `unable to get external metric ${scaled.namespace}/${name}/nil: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
  return failure("FailedGetExternalMetric", `${name} external`, cause);
}

function failure(reason: string, what: string, cause: string): MetricFailure {
  return { reason, cause, error: `failed to get ${what} metric value: ${cause}` };
}

interface ResourceSource {
  readonly name: string;
  readonly container?: string;
  readonly target: MetricTarget;
}

type ResourceResult = Omit<MetricProposal, "status"> & {
  readonly current: { readonly averageUtilization?: number; readonly averageValue: string };
};

function ofResource(
  { name: resource, container, target }: ResourceSource,
  scaled: ScaledPods,
): ResourceResult | { readonly cause: string } {
  const isValue = target.averageValue !== undefined;
  const subject = isValue ? "usage" : "utilization";
  const fail = (error: string) => ({ cause: `failed to get ${resource} ${subject}: ${error}` });
  const { client, namespace, selector, pods, currentReplicas, now } = scaled;
  const metrics = readMetrics(client, { namespace, selector, resource, container });
  if ("error" in metrics)
    return fail(`unable to get metrics for resource ${resource}: ${metrics.error}`);
  const wanted = targetOf(target, pods, resource, container);
  if ("error" in wanted) return fail(wanted.error);
  const proposal = proposedReplicas({
    pods,
    metrics,
    resource,
    currentReplicas,
    target: wanted,
    now,
  });
  if ("error" in proposal) return fail(proposal.error);
  return {
    replicas: proposal.replicas,
    name: nameOf(resource, container, isValue),
    current: currentOf(proposal),
  };
}

function nameOf(resource: string, container: string | undefined, isValue: boolean): string {
  const subject = `${resource}${container === undefined ? "" : " container"} resource`;
  return isValue ? subject : `${subject} utilization (percentage of request)`;
}

function currentOf({ value, utilization }: Proposal) {
  const averageValue = quantityText(milliAmount(value));
  return {
    ...(utilization === undefined ? {} : { averageUtilization: utilization }),
    averageValue,
  };
}

function targetOf(
  { averageValue, averageUtilization = 0 }: MetricTarget,
  pods: readonly Pod[],
  resource: string,
  container: string | undefined,
): Target | { readonly error: string } {
  if (averageValue !== undefined) return { averageValue: milliValueOf(amountOf(averageValue)) };
  const requests = new Map<string, number>();
  for (const pod of pods) {
    const request = requestOf(pod, resource, container);
    if (typeof request !== "number") return request;
    requests.set(pod.metadata.name, request);
  }
  return { utilization: averageUtilization, requests };
}

/** In thousandths; the Pod's own request, if it has one, stands for those of its containers. */
function requestOf(
  { metadata, spec }: Pod,
  resource: string,
  container: string | undefined,
): number | { readonly error: string } {
  const own = spec.resources?.requests?.[resource];
  if (container === undefined && own !== undefined) return milliValueOf(amountOf(own));
  let sum = 0;
  for (const each of [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)]) {
    if (container !== undefined && each.name !== container) continue;
    const request = each.resources?.requests?.[resource];
    if (request === undefined)
      return {
        error: `missing request for ${resource} in container ${each.name} of Pod ${metadata.name}`,
      };
    sum += milliValueOf(amountOf(request));
  }
  return sum;
}
