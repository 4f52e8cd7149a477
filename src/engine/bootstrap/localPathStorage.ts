// The default StorageClass as kind brings it, and what its provisioner may do.
import { ClusterRole } from "../../api/kinds/rbac/clusterRole.ts";
import { ClusterRoleBinding } from "../../api/kinds/rbac/clusterRoleBinding.ts";
import { StorageClass } from "../../api/kinds/storageClass.ts";
import {
  localPathAccount,
  localPathProvisionerName,
} from "../controllers/persistentVolume/localPathProvisioner.ts";
import type { LocalClient } from "../localClient.ts";
import { ensure } from "./ensure.ts";

export function installLocalPathStorage(client: LocalClient): void {
  ensure(client, StorageClass, {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: {
      name: "standard",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
    },
    provisioner: localPathProvisionerName,
    reclaimPolicy: "Delete",
    volumeBindingMode: "WaitForFirstConsumer",
  });
  const name = "local-path-provisioner-role";
  ensure(client, ClusterRole, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name },
    rules: [
      {
        apiGroups: [""],
        resources: ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"],
        verbs: ["get", "list", "watch"],
      },
      {
        apiGroups: [""],
        resources: ["persistentvolumes"],
        verbs: ["get", "list", "watch", "create", "patch", "update", "delete"],
      },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch", "update"] },
      {
        apiGroups: ["storage.k8s.io"],
        resources: ["storageclasses"],
        verbs: ["get", "list", "watch"],
      },
    ],
  });
  ensure(client, ClusterRoleBinding, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "local-path-provisioner-bind" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name: localPathAccount, namespace: "kube-system" }],
  });
}
