// endpointslice-mirroring-controller: Endpoints that somebody wrote by hand, as EndpointSlices too.
// Source: pkg/controller/endpointslicemirroring, kubernetes v1.34.
import { dequal } from "dequal";
import { EndpointSlice } from "../../../api/kinds/endpointSlice.ts";
import { Endpoints } from "../../../api/kinds/endpoints.ts";
import { Service } from "../../../api/kinds/service.ts";
import { controllerRef, keyOf, type ObjectKey } from "../../../api/object.ts";
import type {
  EndpointAddress,
  EndpointSubset,
  Endpoints as EndpointsObject,
  EndpointSlice as Slice,
} from "../../../api/types.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "../controller.ts";

const manager = "endpointslicemirroring-controller.k8s.io";
const managedByLabel = "endpointslice.kubernetes.io/managed-by";
const serviceNameLabel = "kubernetes.io/service-name";
const skipMirror = "endpointslice.kubernetes.io/skip-mirror";
const leader = "control-plane.alpha.kubernetes.io/leader";
/** kube-controller-manager: --mirroring-max-endpoints-per-subset. */
const mostPerSubset = 1_000;

export const endpointSliceMirroring: ControllerFactory = () => ({
  name: "endpointslice-mirroring-controller",
  account: "endpointslicemirroring-controller",
  triggers: [
    trigger(Endpoints, ({ old, now }) => [keyOf((now ?? old) as EndpointsObject)]),
    trigger(Service, ({ old, now }) => ((now ?? old) ? [keyOf((now ?? old) as never)] : [])),
    trigger(EndpointSlice, ({ old, now }) => {
      const { namespace = "", labels = {} } = (now ?? old)?.metadata ?? { name: "" };
      if (labels[managedByLabel] !== manager) return [];
      return [{ namespace, name: labels[serviceNameLabel] ?? "" }];
    }),
  ],
  reconcile(key, context) {
    const slices = context
      .cache(EndpointSlice)
      .list(key.namespace)
      .filter(
        ({ metadata: { labels } }) =>
          labels?.[managedByLabel] === manager && labels[serviceNameLabel] === key.name,
      );
    const endpoints = mirrored(key, context);
    const wanted = (endpoints?.subsets ?? []).map((subset) => sliceOf(endpoints, subset));
    bring(slices, wanted, context);
    return undefined;
  },
});

/** The Endpoints to mirror: of a Service without a selector, unless they ask not to be. */
function mirrored(key: ObjectKey, { cache }: ControllerContext): EndpointsObject | undefined {
  const endpoints = cache(Endpoints).get(key);
  const service = cache(Service).get(key);
  if (!endpoints || !service || service.spec.selector) return undefined;
  const { labels = {}, annotations = {}, deletionTimestamp } = endpoints.metadata;
  const isSkipped = labels[skipMirror] === "true" || annotations[leader] !== undefined;
  return isSkipped || deletionTimestamp !== undefined ? undefined : endpoints;
}

/** Changes slices in place as far as there are some; the rest is made, or removed. */
function bring(slices: readonly Slice[], wanted: readonly Slice[], { client }: ControllerContext) {
  for (const [i, slice] of wanted.entries()) {
    const known = slices[i];
    if (!known) client.create(EndpointSlice, slice);
    else if (!isSame(known, slice))
      client.update(EndpointSlice, {
        ...slice,
        metadata: { ...known.metadata, labels: slice.metadata.labels ?? {} },
      });
  }
  for (const surplus of slices.slice(wanted.length)) client.delete(EndpointSlice, keyOf(surplus));
}

function isSame(a: Slice, b: Slice): boolean {
  return (
    dequal(a.endpoints, b.endpoints) &&
    dequal(a.ports ?? [], b.ports ?? []) &&
    dequal(a.metadata.labels, b.metadata.labels)
  );
}

function sliceOf(endpoints: EndpointsObject | undefined, subset: EndpointSubset): Slice {
  const { namespace = "", name = "", labels } = endpoints?.metadata ?? { name: "" };
  const all = [
    ...(subset.addresses ?? []).map((address) => endpointOf(address, true)),
    ...(subset.notReadyAddresses ?? []).map((address) => endpointOf(address, false)),
  ].slice(0, mostPerSubset);
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "",
      generateName: `${name}-`,
      namespace,
      labels: { ...labels, [managedByLabel]: manager, [serviceNameLabel]: name },
      ...(endpoints ? { ownerReferences: [controllerRef(endpoints)] } : {}),
    },
    addressType: all[0]?.addresses[0]?.includes(":") ? "IPv6" : "IPv4",
    endpoints: all,
    ports: (subset.ports ?? []).map(
      ({ name: portName = "", port, protocol = "TCP", appProtocol }) => ({
        name: portName,
        port,
        protocol,
        ...(appProtocol === undefined ? {} : { appProtocol }),
      }),
    ),
  };
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean) {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname ? { hostname } : {}),
    ...(nodeName ? { nodeName } : {}),
    ...(targetRef ? { targetRef } : {}),
  };
}
