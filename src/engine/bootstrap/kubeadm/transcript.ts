// What kubeadm init and kubeadm join have written while they set the cluster up: its phases, one by one.
// Source: cmd/kubeadm/app/{cmd,phases}, kubernetes v1.34.
import type { ClusterSpec } from "../../../api/clusterSpec.ts";
import { apiServerAddress, apiServerHost } from "../../network/apiServerAddress.ts";
import { kubeletVersion } from "../../node/machine.ts";
import { manifestPath } from "../../node/static/manifestFolder.ts";

/** @param token as "id.secret"; undefined if its time is over */
export function kubeadmTranscript(
  { machines, hasKubeProxy = true }: ClusterSpec,
  token: string | undefined,
): readonly string[] {
  const host = machines.find(({ role }) => role === "control-plane")?.name ?? "";
  const workers = machines.filter(({ role }) => role === "worker").map(({ name }) => name);
  const addons = hasKubeProxy ? ["CoreDNS", "kube-proxy"] : ["CoreDNS"];
  return [
    `${host}# kubeadm init`,
    `[init] Using Kubernetes version: ${kubeletVersion}`,
    "[preflight] Running pre-flight checks",
    ...certificates(host),
    ...kubeconfigs.map((name) => `[kubeconfig] Writing "${name}.conf" kubeconfig file`),
    ...controlPlane,
    ...marks(host),
    `[bootstrap-token] Using token: ${token ?? "(expired)"}`,
    ...tokenPhases,
    ...addons.map((addon) => `[addons] Applied essential addon: ${addon}`),
    "",
    "Your Kubernetes control-plane has initialized successfully!",
    ...workers.flatMap((name) => ["", ...joining(name, token)]),
  ];
}

const kubeconfigs = ["admin", "super-admin", "kubelet", "controller-manager", "scheduler"];

function certificates(host: string): readonly string[] {
  const generating = (name: string): string => `[certs] Generating "${name}" certificate and key`;
  const kubernetes = "kubernetes kubernetes.default kubernetes.default.svc";
  const names = `${host} ${kubernetes} kubernetes.default.svc.cluster.local`;
  const etcdNames = `[${host} localhost] and IPs [${apiServerHost} 127.0.0.1 ::1]`;
  return [
    '[certs] Using certificateDir folder "/etc/kubernetes/pki"',
    generating("ca"),
    generating("apiserver"),
    `[certs] apiserver serving cert is signed for DNS names [${names}] and IPs [10.96.0.1 ${apiServerHost}]`,
    ...["apiserver-kubelet-client", "front-proxy-ca", "front-proxy-client"].map(generating),
    ...["etcd/ca", "etcd/server"].map(generating),
    `[certs] etcd/server serving cert is signed for DNS names ${etcdNames}`,
    generating("etcd/peer"),
    `[certs] etcd/peer serving cert is signed for DNS names ${etcdNames}`,
    ...["etcd/healthcheck-client", "apiserver-etcd-client"].map(generating),
    '[certs] Generating "sa" key and public key',
    '[kubeconfig] Using kubeconfig folder "/etc/kubernetes"',
  ];
}

const kubeletFiles = [
  '[kubelet-start] Writing kubelet environment file with flags to file "/var/lib/kubelet/kubeadm-flags.env"',
  '[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/config.yaml"',
  "[kubelet-start] Starting the kubelet",
];

const controlPlane: readonly string[] = [
  `[etcd] Creating static Pod manifest for local etcd in "${manifestPath}"`,
  `[control-plane] Using manifest folder "${manifestPath}"`,
  ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(
    (name) => `[control-plane] Creating static Pod manifest for "${name}"`,
  ),
  ...kubeletFiles,
  `[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods from directory "${manifestPath}"`,
  "[kubelet-check] Waiting for a healthy kubelet at http://127.0.0.1:10248/healthz. This can take up to 4m0s",
  "[control-plane-check] Waiting for healthy control plane components. This can take up to 4m0s",
  `[control-plane-check] Checking kube-apiserver at https://${apiServerAddress}/livez`,
  "[control-plane-check] Checking kube-controller-manager at https://127.0.0.1:10257/healthz",
  "[control-plane-check] Checking kube-scheduler at https://127.0.0.1:10259/livez",
  '[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace',
  '[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster',
  "[upload-certs] Skipping phase. Please see --upload-certs",
];

function marks(host: string): readonly string[] {
  const marking = `[mark-control-plane] Marking the node ${host} as control-plane by adding the`;
  return [
    `${marking} labels: [node-role.kubernetes.io/control-plane node.kubernetes.io/exclude-from-external-load-balancers]`,
    `${marking} taints [node-role.kubernetes.io/control-plane:NoSchedule]`,
  ];
}

const tokenPhases: readonly string[] = [
  "[bootstrap-token] Configuring bootstrap tokens, cluster-info ConfigMap, RBAC Roles",
  "[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to get nodes",
  "[bootstrap-token] Configured RBAC rules to allow Node Bootstrap tokens to post CSRs in order for nodes to get long term certificate credentials",
  "[bootstrap-token] Configured RBAC rules to allow the csrapprover controller automatically approve CSRs from a Node Bootstrap Token",
  "[bootstrap-token] Configured RBAC rules to allow certificate rotation for all node client certificates in the cluster",
  '[bootstrap-token] Creating the "cluster-info" ConfigMap in the "kube-public" namespace',
  '[kubelet-finalize] Updating "/etc/kubernetes/kubelet.conf" to point to a rotatable kubelet client certificate and key',
];

function joining(name: string, token: string | undefined): readonly string[] {
  return [
    `${name}# kubeadm join ${apiServerAddress} --token ${token ?? "(expired)"}`,
    "[preflight] Running pre-flight checks",
    '[preflight] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...',
    ...kubeletFiles,
    "[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap",
    "",
    "This node has joined the cluster:",
    "* Certificate signing request was sent to apiserver and a response was received.",
    "* The Kubelet was informed of the new secure connection details.",
  ];
}
