// The ServiceCIDR "kubernetes": where Services get their addresses.
// Source: pkg/controlplane/controller/defaultservicecidr, 1.34.
import { ServiceCIDR } from "../../api/kinds/serviceCidr.ts";
import { formatTime, type Instant } from "../../base/time.ts";
import { serviceCidrFinalizer } from "../controllers/serviceCidrs.ts";
import type { LocalClient } from "../localClient.ts";
import { serviceRange } from "../registry/serviceAddresses.ts";
import { ensure } from "./ensure.ts";

export function ensureServiceCidr(client: LocalClient, now: Instant): void {
  const key = { namespace: "", name: "kubernetes" };
  ensure(client, ServiceCIDR, {
    apiVersion: ServiceCIDR.apiVersion,
    kind: ServiceCIDR.gvk.kind,
    metadata: { name: key.name, finalizers: [serviceCidrFinalizer] },
    spec: { cidrs: [serviceRange] },
  });
  const made = client.get(ServiceCIDR, key);
  if (made.status?.conditions?.length) return;
  client.updateStatus(ServiceCIDR, {
    ...made,
    status: {
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "",
          message: "Kubernetes default Service CIDR is ready",
          lastTransitionTime: formatTime(now),
        },
      ],
    },
  });
}
