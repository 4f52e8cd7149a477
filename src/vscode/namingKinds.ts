// Kinds whose objects name others, or are named by them.
import { builtInKinds } from "../api/kinds/index.ts";
import { referencedKinds } from "../language/references.ts";

const others = [
  "Pod",
  "ReplicationController",
  "CronJob",
  "Ingress",
  "HorizontalPodAutoscaler",
  "PodDisruptionBudget",
  "NetworkPolicy",
  "RoleBinding",
  "ClusterRoleBinding",
];

export const namingKinds = builtInKinds.filter(
  ({ gvk: { kind }, storedAs }) =>
    !storedAs && (referencedKinds.includes(kind) || others.includes(kind)),
);
