// Brings the EndpointSlices of one Service in line with its Pods.
// Source: staging/src/k8s.io/endpointslice/reconciler.go, kubernetes v1.34.
import { dequal } from "dequal";
import { EndpointSlice } from "../../../api/kinds/endpointSlice.ts";
import { Node } from "../../../api/kinds/node.ts";
import { Service } from "../../../api/kinds/service.ts";
import { controllerRef, keyOf } from "../../../api/object.ts";
import { ApiError, hasReason } from "../../../api/status.ts";
import type {
  DiscoveryV1EndpointPort,
  Endpoint,
  EndpointSlice as EndpointSliceObject,
  Pod as PodObject,
  Service as ServiceObject,
} from "../../../api/types.ts";
import { formatTime, type Instant, parseTime } from "../../../base/time.ts";
import { endpointsPerSlice } from "../../limits.ts";
import type { ControllerContext } from "../controller.ts";
import { isNamespaceTerminating } from "../podControl.ts";
import {
  type AddressType,
  addressTypesOf,
  belongsInEndpoints,
  endpointOf,
  endpointPorts,
} from "./endpoint.ts";
import { packEndpoints, portsKey } from "./slices.ts";

export const serviceNameLabel = "kubernetes.io/service-name";
export const managedByLabel = "endpointslice.kubernetes.io/managed-by";
/** Marks the slices that this controller keeps. */
export const manager = "endpointslice-controller.k8s.io";
const headlessLabel = "service.kubernetes.io/headless";
const triggerTimeAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";
const reserved = new Set([serviceNameLabel, managedByLabel, headlessLabel]);

/** One look at one Service. `wrote` hears of every slice that was written. */
export class SliceSync {
  private readonly labels: Readonly<Record<string, string>>;

  constructor(
    private readonly context: ControllerContext,
    private readonly service: ServiceObject,
    private readonly pods: readonly PodObject[],
    private readonly wrote: (slice: EndpointSliceObject) => void,
  ) {
    this.labels = sliceLabels(service);
  }

  run(slices: readonly EndpointSliceObject[]): void {
    const types = addressTypesOf(this.service);
    for (const slice of slices) if (!types.includes(slice.addressType)) this.delete(slice);
    for (const type of types)
      this.syncType(
        type,
        slices.filter(({ addressType }) => addressType === type),
      );
  }

  private syncType(type: AddressType, slices: readonly EndpointSliceObject[]): void {
    const owned = slices.filter(({ metadata }) => this.owns(metadata));
    const wanted = this.endpointsByPorts(type);
    const surplus = slices.filter((slice) => !owned.includes(slice));
    const make: Draft[] = [];
    for (const { ports, endpoints } of wanted.values()) {
      const same = owned.filter((slice) => portsKey(slice.ports) === portsKey(ports));
      const packing = packEndpoints(same, endpoints, endpointsPerSlice);
      make.push(...packing.create.map((packed) => ({ type, ports, endpoints: packed })));
      surplus.push(...packing.delete);
      for (const { slice, endpoints: packed } of packing.update) this.update(slice, packed);
      this.refreshLabels(same.filter((slice) => !isAmong(slice, packing)));
    }
    surplus.push(...owned.filter((slice) => !wanted.has(portsKey(slice.ports))));
    this.finish(type, slices, make, surplus);
  }

  /** A Service always has a slice: an empty one if it has no endpoints. Slices to go are reused. */
  private finish(
    type: AddressType,
    slices: readonly EndpointSliceObject[],
    make: Draft[],
    surplus: EndpointSliceObject[],
  ): void {
    if (slices.length === surplus.length && make.length === 0) {
      const only = surplus.length === 1 ? surplus[0] : undefined;
      if (only && this.isPlaceholder(only)) return;
      make.push({ type, ports: [], endpoints: [] });
    }
    for (const slice of surplus) {
      const next = this.owns(slice.metadata) ? make.pop() : undefined;
      if (next) this.update(slice, next.endpoints, next.ports);
      else this.delete(slice);
    }
    if (this.service.metadata.deletionTimestamp !== undefined) return;
    for (const draft of make) this.create(draft);
  }

  private endpointsByPorts(
    type: AddressType,
  ): Map<string, { ports: readonly DiscoveryV1EndpointPort[]; endpoints: Endpoint[] }> {
    const groups = new Map<
      string,
      { ports: readonly DiscoveryV1EndpointPort[]; endpoints: Endpoint[] }
    >();
    const nodes = this.context.cache(Node);
    for (const pod of this.pods.filter(belongsInEndpoints)) {
      const ports = endpointPorts(this.service, pod);
      const key = portsKey(ports);
      const group = groups.get(key) ?? { ports, endpoints: [] };
      groups.set(key, group);
      const node = nodes.get({ namespace: "", name: pod.spec.nodeName ?? "" });
      if (!node && !this.service.spec.publishNotReadyAddresses) continue;
      const endpoint = endpointOf(pod, node, this.service, type);
      if (endpoint.addresses.length > 0) group.endpoints.push(endpoint);
    }
    return groups;
  }

  /** Slices whose endpoints stay follow the Service's labels all the same. */
  private refreshLabels(slices: readonly EndpointSliceObject[]): void {
    for (const slice of slices)
      if (!dequal(slice.metadata.labels, this.labels)) this.update(slice, slice.endpoints);
  }

  private isPlaceholder(slice: EndpointSliceObject): boolean {
    return (
      slice.endpoints.length === 0 &&
      (slice.ports?.length ?? 0) === 0 &&
      this.owns(slice.metadata) &&
      dequal(slice.metadata.labels, this.labels)
    );
  }

  private owns({ ownerReferences = [] }: EndpointSliceObject["metadata"]): boolean {
    return ownerReferences.some(
      ({ uid, kind }) => uid === this.service.metadata.uid && kind === Service.gvk.kind,
    );
  }

  private create({ type, ports, endpoints }: Draft): void {
    const { name, namespace = "" } = this.service.metadata;
    try {
      const made = this.context.client.create(EndpointSlice, {
        apiVersion: EndpointSlice.apiVersion,
        kind: EndpointSlice.gvk.kind,
        metadata: {
          name: "",
          generateName: `${name}-`,
          namespace,
          labels: this.labels,
          ...annotated(this.triggerTime()),
          ownerReferences: [controllerRef(this.service)],
        },
        addressType: type,
        endpoints,
        ports,
      });
      this.wrote(made);
    } catch (error) {
      if (!(error instanceof ApiError) || !isNamespaceTerminating(error)) throw error;
    }
  }

  private update(
    slice: EndpointSliceObject,
    endpoints: readonly Endpoint[],
    ports = slice.ports ?? [],
  ): void {
    const { annotations: old, ...rest } = slice.metadata;
    const { [triggerTimeAnnotation]: _, ...others } = old ?? {};
    const metadata = { ...rest, labels: this.labels, ...annotated(this.triggerTime(), others) };
    const updated = this.context.client.update(EndpointSlice, {
      ...slice,
      metadata,
      endpoints,
      ports,
    });
    // An update that changes nothing makes no event, and nobody would ever see it.
    if (updated.metadata.resourceVersion !== slice.metadata.resourceVersion) this.wrote(updated);
  }

  private delete(slice: EndpointSliceObject): void {
    try {
      this.context.client.delete(EndpointSlice, keyOf(slice));
    } catch (error) {
      if (!hasReason(error, "NotFound")) throw error;
    }
  }

  /** When the newest of the changes that led here happened: for measuring how long they took. */
  private triggerTime(): Instant | undefined {
    const times = [
      parseTime(this.service.metadata.creationTimestamp ?? ""),
      ...this.pods.flatMap(({ status }) =>
        (status?.conditions ?? [])
          .filter(({ type }) => type === "Ready")
          .map(({ lastTransitionTime = "" }) => parseTime(lastTransitionTime)),
      ),
    ].filter((time) => time !== undefined);
    return times.length === 0 ? undefined : Math.max(...times);
  }
}

interface Draft {
  readonly type: AddressType;
  readonly ports: readonly DiscoveryV1EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

function annotated(
  time: Instant | undefined,
  others: Readonly<Record<string, string>> = {},
): { readonly annotations?: Readonly<Record<string, string>> } {
  const annotations =
    time === undefined ? others : { ...others, [triggerTimeAnnotation]: formatTime(time) };
  return Object.keys(annotations).length === 0 ? {} : { annotations };
}

/** The Service's own labels, and those by which proxies find the slice. */
function sliceLabels({ metadata, spec }: ServiceObject): Readonly<Record<string, string>> {
  const own = Object.entries(metadata.labels ?? {}).filter(([key]) => !reserved.has(key));
  const isHeadless = !spec.clusterIP || spec.clusterIP === "None";
  return {
    ...Object.fromEntries(own),
    ...(isHeadless ? { [headlessLabel]: "" } : {}),
    [serviceNameLabel]: metadata.name,
    [managedByLabel]: manager,
  };
}

function isAmong(
  slice: EndpointSliceObject,
  { update, delete: gone }: ReturnType<typeof packEndpoints>,
): boolean {
  return gone.includes(slice) || update.some(({ slice: changed }) => changed === slice);
}
