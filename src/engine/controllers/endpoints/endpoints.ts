// endpoints-controller: keeps the addresses behind each Service in an Endpoints object, for clients that
// know no EndpointSlices. Source: pkg/controller/endpoint/endpoints_controller.go, kubernetes v1.34.
import { dequal } from "dequal";
import { Endpoints } from "../../../api/kinds/endpoints.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { Service } from "../../../api/kinds/service.ts";
import { keyOf, type ObjectKey } from "../../../api/object.ts";
import { Selector } from "../../../api/selector.ts";
import { hasReason } from "../../../api/status.ts";
import type { Endpoints as EndpointsObject, Service as ServiceObject } from "../../../api/types.ts";
import { formatTime } from "../../../base/time.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "../controller.ts";
import { servicesOfPod } from "../endpointSlice/endpointSlice.ts";
import { subsetsOf } from "./subsets.ts";

const managedBy = "endpoints.kubernetes.io/managed-by";
const headless = "service.kubernetes.io/headless";
const changedAt = "endpoints.kubernetes.io/last-change-trigger-time";

export const endpoints: ControllerFactory = () => ({
  name: "endpoints-controller",
  account: "endpoint-controller",
  eventSource: "endpoint-controller",
  triggers: [
    trigger(Service, ({ old, now }) => [keyOf((now ?? old) as ServiceObject)]),
    trigger(Pod, servicesOfPod),
    // Someone else's deletion is repaired.
    trigger(Endpoints, ({ old, now }) => (old && !now ? [keyOf(old)] : [])),
  ],
  reconcile(key, context) {
    const service = context.cache(Service).get(key);
    if (!service) remove(key, context);
    else if (service.spec.selector && service.spec.type !== "ExternalName") sync(service, context);
    return undefined;
  },
});

function remove(key: ObjectKey, { cache, client }: ControllerContext): void {
  if (!cache(Endpoints).get(key)) return;
  try {
    client.delete(Endpoints, key);
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
  }
}

function sync(service: ServiceObject, { cache, client, now }: ControllerContext): void {
  const key = keyOf(service);
  const selector = Selector.ofLabels(service.spec.selector ?? {});
  const pods = cache(Pod)
    .list(key.namespace)
    .filter(({ metadata }) => selector.matches(metadata.labels));
  const subsets = subsetsOf(service, pods);
  const labels = {
    ...service.metadata.labels,
    [managedBy]: "endpoint-controller",
    ...(service.spec.clusterIP === "None" ? { [headless]: "" } : {}),
  };
  const known = cache(Endpoints).get(key);
  if (known && dequal(known.subsets ?? [], subsets) && dequal(known.metadata.labels, labels))
    return;
  const annotations = { ...known?.metadata.annotations, [changedAt]: formatTime(now()) };
  const wanted: EndpointsObject = {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { ...(known?.metadata ?? key), labels, annotations },
    ...(subsets.length > 0 ? { subsets } : {}),
  };
  if (known) client.update(Endpoints, wanted);
  else client.create(Endpoints, wanted);
}
