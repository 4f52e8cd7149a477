// What the installation of metrics-server leaves in a cluster: who answers for its API, and who may ask.
// Source: metrics-server's components.yaml, v0.8.
import { priorityOf } from "../../api/groupPriorities.ts";
import { APIService } from "../../api/kinds/apiService.ts";
import { NodeMetrics } from "../../api/kinds/metrics/kinds.ts";
import { ClusterRole } from "../../api/kinds/rbac/clusterRole.ts";
import type { LocalClient } from "../localClient.ts";
import { ensure } from "./ensure.ts";

const labels = { "k8s-app": "metrics-server" };

export function installMetricsServer(client: LocalClient): void {
  const { group, version } = NodeMetrics.gvk;
  ensure(client, APIService, {
    apiVersion: APIService.apiVersion,
    kind: APIService.gvk.kind,
    metadata: { name: `${version}.${group}`, labels },
    spec: {
      group,
      version,
      ...priorityOf(group, version),
      insecureSkipTLSVerify: true,
      service: { namespace: "kube-system", name: "metrics-server" },
    },
  });
  ensure(client, ClusterRole, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: "system:aggregated-metrics-reader",
      labels: {
        ...labels,
        "rbac.authorization.k8s.io/aggregate-to-admin": "true",
        "rbac.authorization.k8s.io/aggregate-to-edit": "true",
        "rbac.authorization.k8s.io/aggregate-to-view": "true",
      },
    },
    rules: [
      {
        apiGroups: ["metrics.k8s.io"],
        resources: ["pods", "nodes"],
        verbs: ["get", "list", "watch"],
      },
    ],
  });
}
