// The Pods that belong together with a Pod: what its Services and its controller select.
// Source: DefaultSelector, kubernetes v1.34 pkg/scheduler/framework/plugins/helper/spread.go
import { controllerOf } from "../api/object.ts";
import { type Labels, labelSelectorOf, Selector } from "../api/selector.ts";
import type { LabelSelector } from "../api/types.ts";
import { type ClusterObjects, inNamespace } from "./clusterObjects.ts";
import type { PodInfo } from "./podInfo.ts";

/** Empty if neither a Service nor a known controller selects the Pod. */
export function defaultSelector(pod: PodInfo, objects: ClusterObjects): Selector {
  const labels: Record<string, string> = {};
  for (const { spec } of inNamespace(objects.services, pod.namespace))
    if (spec?.selector && Selector.ofLabels(spec.selector).matches(pod.labels))
      Object.assign(labels, spec.selector);
  const owner = controllerOf(pod.pod);
  const key = `${pod.namespace}/${owner?.name}`;
  switch (owner && `${owner.apiVersion} ${owner.kind}`) {
    case "v1 ReplicationController":
      return merged(labels, objects.replicationcontrollers.get(key)?.spec?.selector);
    case "apps/v1 ReplicaSet":
      return narrowed(labels, objects.replicasets.get(key)?.spec?.selector);
    case "apps/v1 StatefulSet":
      return narrowed(labels, objects.statefulsets.get(key)?.spec?.selector);
    default:
      return Selector.ofLabels(labels);
  }
}

function merged(labels: Labels, selector: Labels | undefined): Selector {
  return Selector.ofLabels({ ...labels, ...selector });
}

function narrowed(labels: Labels, selector: LabelSelector | undefined): Selector {
  const base = Selector.ofLabels(labels);
  return selector ? base.with(labelSelectorOf(selector).requirements) : base;
}
