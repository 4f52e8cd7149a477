// endpointslice-controller: keeps the addresses behind each Service in EndpointSlices.
// Source: pkg/controller/endpointslice and staging/src/k8s.io/endpointslice, kubernetes v1.34.
import { dequal } from "dequal";
import { EndpointSlice } from "../../../api/kinds/endpointSlice.ts";
import { Node } from "../../../api/kinds/node.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { Service } from "../../../api/kinds/service.ts";
import { keyOf, keyText, type ObjectKey } from "../../../api/object.ts";
import { Selector } from "../../../api/selector.ts";
import type {
  EndpointSlice as EndpointSliceObject,
  Pod as PodObject,
  Service as ServiceObject,
} from "../../../api/types.ts";
import type { Change, ObjectIndex } from "../../localInformer.ts";
import {
  type Controller,
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "../controller.ts";
import { belongsInEndpoints } from "./endpoint.ts";
import { managedByLabel, manager, SliceSync, serviceNameLabel } from "./sliceSync.ts";

const byService: ObjectIndex<EndpointSliceObject> = {
  name: "service",
  values: ({ metadata }) => {
    const { labels, namespace = "" } = metadata;
    return labels?.[managedByLabel] === manager
      ? [keyText({ namespace, name: labels[serviceNameLabel] ?? "" })]
      : [];
  },
};

export const endpointSlice: ControllerFactory = () => new EndpointSlices();

class EndpointSlices implements Controller {
  readonly name = "endpointslice-controller";
  readonly eventSource = "endpoint-slice-controller";
  readonly reads = [Node];
  readonly triggers = [
    trigger(Service, ({ old, now }) => [keyOf((now ?? old) as ServiceObject)]),
    trigger(Pod, servicesOfPod),
    trigger(EndpointSlice, (change) => this.sliceChanged(change)),
  ];
  private readonly written = new WrittenSlices();

  reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
    const { cache } = context;
    const service = cache(Service).get(key);
    if (!service?.spec.selector || service.spec.type === "ExternalName") return undefined;
    // The cache will show what we wrote, and wake us then.
    if (this.written.isWaiting(key)) return undefined;
    const slices = cache(EndpointSlice).by(byService, keyText(key));
    const selector = Selector.ofLabels(service.spec.selector);
    const pods = cache(Pod)
      .list(key.namespace)
      .filter((pod) => selector.matches(pod.metadata.labels));
    new SliceSync(context, service, pods, (slice) => this.written.add(key, slice)).run(slices);
    return undefined;
  }

  /** Ours wake us when someone else changes or deletes them. */
  private sliceChanged({ old, now }: Change<EndpointSliceObject>): readonly ObjectKey[] {
    const slice = (now ?? old) as EndpointSliceObject;
    const { namespace = "", labels } = slice.metadata;
    if (labels?.[managedByLabel] !== manager) return [];
    const service = { namespace, name: labels[serviceNameLabel] ?? "" };
    this.written.saw(service, slice);
    return [service];
  }
}

/** Versions of the slices that we wrote and the cache doesn't show yet, by Service and name. */
class WrittenSlices {
  private readonly versions = new Map<string, Map<string, number>>();

  isWaiting(service: ObjectKey): boolean {
    return this.versions.has(keyText(service));
  }

  add(service: ObjectKey, { metadata }: EndpointSliceObject): void {
    const known = this.versions.get(keyText(service)) ?? new Map<string, number>();
    known.set(metadata.name, Number(metadata.resourceVersion));
    this.versions.set(keyText(service), known);
  }

  saw(service: ObjectKey, { metadata }: EndpointSliceObject): void {
    const known = this.versions.get(keyText(service));
    const ours = known?.get(metadata.name);
    if (!known || ours === undefined || Number(metadata.resourceVersion) < ours) return;
    known.delete(metadata.name);
    if (known.size === 0) this.versions.delete(keyText(service));
  }
}

/** The Services that select the Pod, before or after the change, if it matters to endpoints. */
export function servicesOfPod(
  { old, now }: Change<PodObject>,
  { cache }: ControllerContext,
): readonly ObjectKey[] {
  const pod = (now ?? old) as PodObject;
  const labels = [old, now].flatMap((state) => (state ? [state.metadata.labels] : []));
  if (old && now && dequal(endpointFacts(old), endpointFacts(now))) return [];
  return cache(Service)
    .list(pod.metadata.namespace ?? "")
    .filter(({ spec }) => {
      if (!spec.selector || Object.keys(spec.selector).length === 0) return false;
      const selector = Selector.ofLabels(spec.selector);
      return labels.some((set) => selector.matches(set));
    })
    .map(keyOf);
}

/** Source: endpointslice/util podEndpointsChanged, 1.34. */
function endpointFacts(pod: PodObject): unknown {
  const { metadata, spec, status } = pod;
  return [
    metadata.labels,
    metadata.deletionTimestamp !== undefined,
    belongsInEndpoints(pod),
    status?.podIP,
    status?.podIPs,
    status?.conditions?.find(({ type }) => type === "Ready")?.status,
    spec.nodeName,
    spec.hostname,
    spec.subdomain,
  ];
}
