// service-cidrs-controller: a range for Services is ready at once, and stays until no address needs it.
// Source: pkg/controller/servicecidrs/servicecidrs_controller.go, kubernetes v1.34.
import { IPAddress } from "../../api/kinds/ipAddress.ts";
import { ServiceCIDR } from "../../api/kinds/serviceCidr.ts";
import { keyOf } from "../../api/object.ts";
import type { ServiceCIDR as ServiceCIDRObject } from "../../api/types.ts";
import { formatTime, parseTime, second } from "../../base/time.ts";
import { isAddressIn } from "../network/addresses.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "./controller.ts";

export const serviceCidrFinalizer = "networking.k8s.io/service-cidr-finalizer";
/** Until then the API server may still give addresses of a range that is being deleted. */
const deletionGraceMs = 10 * second;

export const serviceCidrs: ControllerFactory = () => ({
  name: "service-cidrs-controller",
  triggers: [
    trigger(ServiceCIDR, (_change, { cache }) => cache(ServiceCIDR).list().map(keyOf)),
    trigger(IPAddress, ({ old, now }, { cache }) => {
      const address = (now ?? old)?.metadata.name ?? "";
      return cache(ServiceCIDR)
        .list()
        .filter((range) => range.metadata.deletionTimestamp && contains(range, address))
        .map(keyOf);
    }),
  ],
  reconcile(key, context) {
    const range = context.cache(ServiceCIDR).get(key);
    if (!range) return undefined;
    const { deletionTimestamp, finalizers = [] } = range.metadata;
    if (deletionTimestamp !== undefined) return release(range, context);
    if (!finalizers.includes(serviceCidrFinalizer))
      context.client.patch(ServiceCIDR, key, {
        metadata: { finalizers: [...finalizers, serviceCidrFinalizer] },
      });
    // The one that the API server made says so itself.
    const isReady = range.status?.conditions?.some(({ status }) => status === "True");
    if (!isReady) report(range, "True", "", "Kubernetes Service CIDR is ready", context);
    return undefined;
  },
});

function release(range: ServiceCIDRObject, context: ControllerContext) {
  const { metadata } = range;
  if (isNeeded(range, context)) {
    const message =
      "There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR";
    report(range, "False", "Terminating", message, context);
    return undefined;
  }
  const deletedAt = parseTime(metadata.deletionTimestamp ?? "") ?? 0;
  const retryAfterMs = deletedAt + deletionGraceMs - context.now();
  if (retryAfterMs > 0) return { retryAfterMs };
  const finalizers = metadata.finalizers?.filter((finalizer) => finalizer !== serviceCidrFinalizer);
  context.client.patch(ServiceCIDR, keyOf(range), { metadata: { finalizers: finalizers ?? [] } });
  return undefined;
}

/** An address that no other range holds keeps the range. */
function isNeeded(range: ServiceCIDRObject, { cache }: ControllerContext): boolean {
  const others = cache(ServiceCIDR)
    .list()
    .filter(({ metadata }) => metadata.name !== range.metadata.name && !metadata.deletionTimestamp);
  return cache(IPAddress)
    .list()
    .some(
      ({ metadata: { name } }) =>
        contains(range, name) && !others.some((other) => contains(other, name)),
    );
}

function contains({ spec }: ServiceCIDRObject, address: string): boolean {
  return (spec.cidrs ?? []).some((cidr) => isAddressIn(cidr, address));
}

function report(
  range: ServiceCIDRObject,
  status: "True" | "False",
  reason: string,
  message: string,
  { client, now }: ControllerContext,
): void {
  const [present] = range.status?.conditions ?? [];
  if (present?.status === status && present.message === message) return;
  const lastTransitionTime = formatTime(now());
  const condition = { type: "Ready", status, lastTransitionTime, reason, message };
  client.updateStatus(ServiceCIDR, { ...range, status: { conditions: [condition] } });
}
