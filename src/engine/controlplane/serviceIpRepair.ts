// Each cluster IP is an IPAddress object that names its Service, for as long as the Service has it.
// Source: pkg/registry/core/service/ipallocator/{ipallocator.go,controller/repairip.go}, 1.34.
import { IPAddress } from "../../api/kinds/ipAddress.ts";
import { Service } from "../../api/kinds/service.ts";
import type { ObjectKey } from "../../api/object.ts";
import type { Service as ServiceObject } from "../../api/types.ts";
import { isIpv6 } from "../../api/validation/addresses.ts";
import { type ControllerFactory, trigger } from "../controllers/controller.ts";
import type { ObjectIndex } from "../localInformer.ts";

const managedBy = "ipaddress.kubernetes.io/managed-by";
const allocator = "ipallocator.k8s.io";

const byAddress: ObjectIndex<ServiceObject> = {
  name: "clusterIP",
  values: ({ spec }) => (spec.clusterIPs ?? []).filter((ip) => ip !== "" && ip !== "None"),
};

export const serviceIpRepair: ControllerFactory = () => ({
  name: "ipallocator-repair-controller",
  triggers: [
    trigger(Service, ({ old, now }) =>
      [old, now].flatMap((service) => (service ? byAddress.values(service).map(keyOf) : [])),
    ),
    trigger(IPAddress, ({ old, now }) => {
      const address = now ?? old;
      return address ? [keyOf(address.metadata.name)] : [];
    }),
  ],
  reconcile(key, { cache, client }) {
    const [service] = cache(Service).by(byAddress, key.name);
    const present = cache(IPAddress).get(key);
    if (!service) {
      if (present?.metadata.labels?.[managedBy] === allocator) client.delete(IPAddress, key);
      return undefined;
    }
    if (present) return undefined;
    const { namespace = "", name } = service.metadata;
    client.create(IPAddress, {
      apiVersion: IPAddress.apiVersion,
      kind: IPAddress.gvk.kind,
      metadata: {
        name: key.name,
        labels: {
          "ipaddress.kubernetes.io/ip-family": isIpv6(key.name) ? "IPv6" : "IPv4",
          [managedBy]: allocator,
        },
      },
      spec: { parentRef: { resource: Service.plural, namespace, name } },
    });
    return undefined;
  },
});

function keyOf(name: string): ObjectKey {
  return { namespace: "", name };
}
