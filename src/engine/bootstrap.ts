// What kube-apiserver makes for itself when it first runs.
// Source: pkg/controlplane/controller/{systemnamespaces,kubernetesservice}, 1.34.
import { EndpointSlice } from "../api/kinds/endpointSlice.ts";
import { Endpoints } from "../api/kinds/endpoints.ts";
import { Namespace } from "../api/kinds/namespace.ts";
import { PriorityClass } from "../api/kinds/priorityClass.ts";
import { Service } from "../api/kinds/service.ts";
import type { Instant } from "../base/time.ts";
import { ensureApiServices } from "./bootstrap/apiServices.ts";
import { ensure } from "./bootstrap/ensure.ts";
import { ensureFlowControl } from "./bootstrap/flowControl.ts";
import { kubeadmPolicy } from "./bootstrap/rbac/kubeadmPolicy.ts";
import type { Policy } from "./bootstrap/rbac/policy.ts";
import { reconcilePolicy } from "./bootstrap/rbac/reconcile.ts";
import { ensureServiceCidr } from "./bootstrap/serviceCidr.ts";
import type { LocalClient } from "./localClient.ts";
import { apiServerHost, apiServerPort } from "./network/apiServerAddress.ts";

const systemNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

const systemPriorities = [
  [
    "system-node-critical",
    2_000_001_000,
    "Used for system critical pods that must not be moved from their current node.",
  ],
  [
    "system-cluster-critical",
    2_000_000_000,
    "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  ],
] as const;

const httpsPort = { name: "https", port: apiServerPort, protocol: "TCP" } as const;

/** Makes the objects that every cluster begins with, as far as they are missing. */
export function bootstrap(client: LocalClient, now: Instant, policy: Policy = kubeadmPolicy): void {
  for (const name of systemNamespaces)
    ensure(client, Namespace, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
      spec: {},
    });
  reconcilePolicy(client, policy);
  ensureFlowControl(client);
  ensureApiServices(client);
  ensureServiceCidr(client, now);
  for (const [name, value, description] of systemPriorities)
    ensure(client, PriorityClass, {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { name },
      value,
      description,
    });
  ensure(client, Endpoints, {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { "endpointslice.kubernetes.io/skip-mirror": "true" },
    },
    subsets: [{ addresses: [{ ip: apiServerHost }], ports: [httpsPort] }],
  });
  ensure(client, EndpointSlice, {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { "kubernetes.io/service-name": "kubernetes" },
    },
    addressType: "IPv4",
    endpoints: [{ addresses: [apiServerHost], conditions: { ready: true } }],
    ports: [httpsPort],
  });
  ensure(client, Service, {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { component: "apiserver", provider: "kubernetes" },
    },
    spec: {
      type: "ClusterIP",
      clusterIP: "10.96.0.1",
      clusterIPs: ["10.96.0.1"],
      ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: apiServerPort }],
    },
  });
}
