// What the installation of metrics-server leaves in a cluster for those who read its numbers.
// Source: metrics-server's components.yaml, v0.8.
import { ClusterRole } from "../../api/kinds/rbac/clusterRole.ts";
import type { LocalClient } from "../localClient.ts";
import { ensure } from "./ensure.ts";

export function installMetricsServer(client: LocalClient): void {
  ensure(client, ClusterRole, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: "system:aggregated-metrics-reader",
      labels: {
        "k8s-app": "metrics-server",
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
