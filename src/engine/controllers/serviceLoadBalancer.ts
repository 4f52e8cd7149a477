// service-lb-controller: gives Services of type LoadBalancer an address of a load balancer outside of the
// cluster, which is simulated.
// Source: k8s.io/cloud-provider/controllers/service/controller.go and service/helpers/helper.go, 1.34.
import { Service } from "../../api/kinds/service.ts";
import { keyOf, keyText, type ObjectKey } from "../../api/object.ts";
import type { LoadBalancerStatus, Service as ServiceObject } from "../../api/types.ts";
import { type Instant, second } from "../../base/time.ts";
import { addressIn, isAddressIn, parseCidr, sizeOfCidr } from "../network/addresses.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  type RetryAfter,
  trigger,
} from "./controller.ts";

const finalizer = "service.kubernetes.io/load-balancer-cleanup";
/** The part of the machines' network that load balancers get their addresses from. Ours. */
const range = "172.18.255.0/24";
/** How long a cloud needs for one. Ours: about what it takes where clouds are fast. */
const provisioningMs = 3 * second;

/** A load balancer that was asked for. */
interface Order {
  readonly since: Instant;
  /** What it got, which the cache may not show yet. */
  ip?: string;
}

export const serviceLoadBalancer: ControllerFactory = () => {
  const ordered = new Map<string, Order>();
  return {
    name: "service-lb-controller",
    account: "service-controller",
    eventSource: "service-controller",
    triggers: [trigger(Service, ({ old, now }) => [keyOf((now ?? old) as ServiceObject)])],
    reconcile(key, context) {
      const service = context.cache(Service).get(key);
      if (service && wantsLoadBalancer(service)) return provide(service, ordered, context);
      ordered.delete(keyText(key));
      if (service && hasFinalizer(service)) release(service, context);
      return undefined;
    },
  };
};

/** One with a class of its own is somebody else's to provide for. */
function wantsLoadBalancer({ metadata, spec }: ServiceObject): boolean {
  return (
    spec.type === "LoadBalancer" &&
    spec.loadBalancerClass === undefined &&
    metadata.deletionTimestamp === undefined
  );
}

function provide(
  service: ServiceObject,
  ordered: Map<string, Order>,
  context: ControllerContext,
): RetryAfter | undefined {
  const { events, now } = context;
  const key = keyText(keyOf(service));
  if (service.status?.loadBalancer?.ingress?.length) return undefined;
  const order = ordered.get(key);
  if (!order) {
    ordered.set(key, { since: now() });
    events.record(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer");
    if (!hasFinalizer(service)) patch(service, { finalizers: [finalizer] }, context);
    return { retryAfterMs: provisioningMs };
  }
  const retryAfterMs = order.since + provisioningMs - now();
  if (retryAfterMs > 0) return { retryAfterMs };
  const ip = addressFor(service, [...ordered.values()], context);
  if (ip === undefined) {
    const message =
      "Error syncing load balancer: failed to ensure load balancer: no address is left";
    events.record(service, "Warning", "SyncLoadBalancerFailed", message);
    return { retryAfterMs: provisioningMs };
  }
  order.ip = ip;
  patch(service, { loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } }, context);
  events.record(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer");
  return undefined;
}

/** The one that was asked for, or else the first that no Service has. */
function addressFor(
  { spec }: ServiceObject,
  orders: readonly Order[],
  { cache }: ControllerContext,
): string | undefined {
  const shown = cache(Service)
    .list()
    .flatMap(({ status }) => status?.loadBalancer?.ingress ?? []);
  const taken = new Set([...shown, ...orders].map(({ ip }) => ip));
  const { loadBalancerIP } = spec;
  if (loadBalancerIP && isAddressIn(range, loadBalancerIP) && !taken.has(loadBalancerIP))
    return loadBalancerIP;
  const cidr = parseCidr(range);
  for (let i = 1; i < sizeOfCidr(cidr) - 1; i++)
    if (!taken.has(addressIn(cidr, i))) return addressIn(cidr, i);
  return undefined;
}

function release(service: ServiceObject, context: ControllerContext): void {
  const { events } = context;
  events.record(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer");
  const finalizers = service.metadata.finalizers?.filter((each) => each !== finalizer) ?? [];
  patch(service, { loadBalancer: {}, finalizers }, context);
  events.record(service, "Normal", "DeletedLoadBalancer", "Deleted load balancer");
}

interface Wanted {
  readonly loadBalancer?: LoadBalancerStatus;
  readonly finalizers?: readonly string[];
}

function patch(
  service: ServiceObject,
  { loadBalancer, finalizers }: Wanted,
  { client }: ControllerContext,
): void {
  const key: ObjectKey = keyOf(service);
  const isEmpty = loadBalancer && Object.keys(loadBalancer).length === 0;
  const body = {
    ...(finalizers ? { metadata: { finalizers } } : {}),
    ...(loadBalancer ? { status: { loadBalancer: isEmpty ? null : loadBalancer } } : {}),
  };
  client.patch(Service, key, body, { subresource: "status" });
}

function hasFinalizer({ metadata }: ServiceObject): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}
