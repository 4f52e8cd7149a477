// Who sent a request, from the user name that kube-apiserver saw.
import type { ActorGroup } from "../../protocol.ts";

export interface Actor {
  readonly group: ActorGroup;
  /** "replicaset-controller", "kube-scheduler", "kubernetes-admin". */
  readonly name: string;
  /** Of a kubelet. */
  readonly node?: string;
}

const serviceAccount = /^system:serviceaccount:[^:]+:(.+)$/;
const kubelet = /^system:node:(.+)$/;

/** There are few users and many requests. */
const known = new Map<string, Actor>();

export function actorOf(user: string): Actor {
  const actor = known.get(user) ?? readActor(user);
  known.set(user, actor);
  return actor;
}

/** Source of the names: authentication.k8s.io user names of kubernetes v1.34's own components. */
function readActor(user: string): Actor {
  const node = kubelet.exec(user)?.[1];
  if (node) return { group: "kubelets", name: "kubelet", node };
  if (user === "system:kube-scheduler") return { group: "scheduler", name: "kube-scheduler" };
  const account = serviceAccount.exec(user)?.[1];
  if (account) return { group: "controllers", name: account };
  if (user.startsWith("system:")) return { group: "controllers", name: user.slice(7) };
  return { group: "clients", name: user };
}
