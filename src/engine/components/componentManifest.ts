// The manifests that kubeadm writes for the control plane's components.
// Source: cmd/kubeadm/app/phases/{controlplane/manifests.go,etcd/local.go}, kubernetes v1.34.
import type { ComponentName } from "../../api/clusterStatus.ts";
import type { Container, Pod, Probe, Volume } from "../../api/types.ts";
import { cidrText, clusterCidr } from "../network/addresses.ts";
import { apiServerAddress, apiServerHost } from "../network/apiServerAddress.ts";
import { kubeletVersion } from "../node/machine.ts";
import { serviceRange } from "../registry/serviceAddresses.ts";
import { issuer } from "../registry/tokens/tokenClaims.ts";

interface Shape {
  readonly image: string;
  readonly requests: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
  readonly port: number;
  readonly probe: { readonly host: string; readonly scheme: "HTTP" | "HTTPS" };
  readonly liveness: string;
  readonly readiness?: string;
  readonly startup: string;
  /** Mounts: name, path, and what is there. */
  readonly mounts: readonly (readonly [name: string, path: string, type: HostPathType])[];
  readonly annotations?: Readonly<Record<string, string>>;
}

type HostPathType = "DirectoryOrCreate" | "FileOrCreate";

const pki = "/etc/kubernetes/pki";
const loopback = "127.0.0.1";

/** @param node the machine's name */
export function componentManifest(name: ComponentName, node: string): Pod {
  const shape = shapes[name](node);
  const { annotations, mounts } = shape;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "kube-system",
      labels: { component: name, tier: "control-plane" },
      ...(annotations ? { annotations } : {}),
    },
    spec: {
      containers: [containerOf(name, shape)],
      hostNetwork: true,
      priority: 2_000_001_000,
      priorityClassName: "system-node-critical",
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      volumes: mounts.map(
        ([volume, path, type]): Volume => ({ name: volume, hostPath: { path, type } }),
      ),
    },
  };
}

function containerOf(name: ComponentName, shape: Shape): Container {
  const { image, requests, flags, port, liveness, readiness, startup, mounts } = shape;
  return {
    name,
    image: `registry.k8s.io/${image}`,
    imagePullPolicy: "IfNotPresent",
    command: [name, ...flags.map((flag) => `--${flag}`)],
    ports: [{ name: "probe-port", containerPort: port, protocol: "TCP" }],
    resources: { requests },
    livenessProbe: probeOf(shape, liveness, 8),
    ...(readiness === undefined ? {} : { readinessProbe: readinessOf(shape, readiness) }),
    startupProbe: probeOf(shape, startup, 24),
    volumeMounts: mounts.map(([volume, mountPath]) => ({
      name: volume,
      mountPath,
      ...(isWritten(volume) ? {} : { readOnly: true }),
    })),
  };
}

function isWritten(volume: string): boolean {
  return ["etcd-data", "etcd-certs", "flexvolume-dir"].includes(volume);
}

function probeOf({ probe }: Shape, path: string, failureThreshold: number): Probe {
  return {
    failureThreshold,
    httpGet: { ...probe, path, port: "probe-port" },
    initialDelaySeconds: 10,
    periodSeconds: 10,
    timeoutSeconds: 15,
  };
}

function readinessOf({ probe }: Shape, path: string): Probe {
  return {
    failureThreshold: 3,
    httpGet: { ...probe, path, port: "probe-port" },
    periodSeconds: 1,
    timeoutSeconds: 15,
  };
}

const certificates: Shape["mounts"] = [
  ["ca-certs", "/etc/ssl/certs", "DirectoryOrCreate"],
  ["etc-ca-certificates", "/etc/ca-certificates", "DirectoryOrCreate"],
  ["k8s-certs", pki, "DirectoryOrCreate"],
  ["usr-local-share-ca-certificates", "/usr/local/share/ca-certificates", "DirectoryOrCreate"],
  ["usr-share-ca-certificates", "/usr/share/ca-certificates", "DirectoryOrCreate"],
];

const shapes: Readonly<Record<ComponentName, (node: string) => Shape>> = {
  etcd: (node) => ({
    image: "etcd:3.6.4-0",
    requests: { cpu: "100m", memory: "100Mi" },
    port: 2381,
    probe: { host: loopback, scheme: "HTTP" },
    liveness: "/livez",
    readiness: "/readyz",
    startup: "/readyz",
    annotations: {
      "kubeadm.kubernetes.io/etcd.advertise-client-urls": `https://${apiServerHost}:2379`,
    },
    mounts: [
      ["etcd-data", "/var/lib/etcd", "DirectoryOrCreate"],
      ["etcd-certs", `${pki}/etcd`, "DirectoryOrCreate"],
    ],
    flags: [
      `advertise-client-urls=https://${apiServerHost}:2379`,
      `cert-file=${pki}/etcd/server.crt`,
      "client-cert-auth=true",
      "data-dir=/var/lib/etcd",
      "feature-gates=InitialCorruptCheck=true",
      `initial-advertise-peer-urls=https://${apiServerHost}:2380`,
      `initial-cluster=${node}=https://${apiServerHost}:2380`,
      `key-file=${pki}/etcd/server.key`,
      `listen-client-urls=https://${loopback}:2379,https://${apiServerHost}:2379`,
      `listen-metrics-urls=http://${loopback}:2381`,
      `listen-peer-urls=https://${apiServerHost}:2380`,
      `name=${node}`,
      `peer-cert-file=${pki}/etcd/peer.crt`,
      "peer-client-cert-auth=true",
      `peer-key-file=${pki}/etcd/peer.key`,
      `peer-trusted-ca-file=${pki}/etcd/ca.crt`,
      "snapshot-count=10000",
      `trusted-ca-file=${pki}/etcd/ca.crt`,
      "watch-progress-notify-interval=5s",
    ],
  }),
  "kube-apiserver": () => ({
    image: `kube-apiserver:${kubeletVersion}`,
    requests: { cpu: "250m" },
    port: 6443,
    probe: { host: apiServerHost, scheme: "HTTPS" },
    liveness: "/livez",
    readiness: "/readyz",
    startup: "/livez",
    annotations: {
      "kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint": apiServerAddress,
    },
    mounts: certificates,
    flags: [
      `advertise-address=${apiServerHost}`,
      "allow-privileged=true",
      "authorization-mode=Node,RBAC",
      `client-ca-file=${pki}/ca.crt`,
      "enable-admission-plugins=NodeRestriction",
      "enable-bootstrap-token-auth=true",
      `etcd-cafile=${pki}/etcd/ca.crt`,
      `etcd-certfile=${pki}/apiserver-etcd-client.crt`,
      `etcd-keyfile=${pki}/apiserver-etcd-client.key`,
      `etcd-servers=https://${loopback}:2379`,
      `kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`,
      `kubelet-client-key=${pki}/apiserver-kubelet-client.key`,
      "kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
      `proxy-client-cert-file=${pki}/front-proxy-client.crt`,
      `proxy-client-key-file=${pki}/front-proxy-client.key`,
      "requestheader-allowed-names=front-proxy-client",
      `requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
      "requestheader-extra-headers-prefix=X-Remote-Extra-",
      "requestheader-group-headers=X-Remote-Group",
      "requestheader-username-headers=X-Remote-User",
      "secure-port=6443",
      `service-account-issuer=${issuer}`,
      `service-account-key-file=${pki}/sa.pub`,
      `service-account-signing-key-file=${pki}/sa.key`,
      `service-cluster-ip-range=${serviceRange}`,
      `tls-cert-file=${pki}/apiserver.crt`,
      `tls-private-key-file=${pki}/apiserver.key`,
    ],
  }),
  "kube-controller-manager": () => ({
    image: `kube-controller-manager:${kubeletVersion}`,
    requests: { cpu: "200m" },
    port: 10_257,
    probe: { host: loopback, scheme: "HTTPS" },
    liveness: "/healthz",
    startup: "/healthz",
    mounts: [
      ...certificates.slice(0, 2),
      [
        "flexvolume-dir",
        "/usr/libexec/kubernetes/kubelet-plugins/volume/exec",
        "DirectoryOrCreate",
      ],
      ...certificates.slice(2, 3),
      ["kubeconfig", "/etc/kubernetes/controller-manager.conf", "FileOrCreate"],
      ...certificates.slice(3),
    ],
    flags: [
      "allocate-node-cidrs=true",
      "authentication-kubeconfig=/etc/kubernetes/controller-manager.conf",
      "authorization-kubeconfig=/etc/kubernetes/controller-manager.conf",
      `bind-address=${loopback}`,
      `client-ca-file=${pki}/ca.crt`,
      `cluster-cidr=${cidrText(clusterCidr)}`,
      "cluster-name=kubernetes",
      `cluster-signing-cert-file=${pki}/ca.crt`,
      `cluster-signing-key-file=${pki}/ca.key`,
      "controllers=*,bootstrapsigner,tokencleaner",
      "kubeconfig=/etc/kubernetes/controller-manager.conf",
      "leader-elect=true",
      `requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
      `root-ca-file=${pki}/ca.crt`,
      `service-account-private-key-file=${pki}/sa.key`,
      `service-cluster-ip-range=${serviceRange}`,
      "use-service-account-credentials=true",
    ],
  }),
  "kube-scheduler": () => ({
    image: `kube-scheduler:${kubeletVersion}`,
    requests: { cpu: "100m" },
    port: 10_259,
    probe: { host: loopback, scheme: "HTTPS" },
    liveness: "/livez",
    readiness: "/readyz",
    startup: "/livez",
    mounts: [["kubeconfig", "/etc/kubernetes/scheduler.conf", "FileOrCreate"]],
    flags: [
      "authentication-kubeconfig=/etc/kubernetes/scheduler.conf",
      "authorization-kubeconfig=/etc/kubernetes/scheduler.conf",
      `bind-address=${loopback}`,
      "kubeconfig=/etc/kubernetes/scheduler.conf",
      "leader-elect=true",
    ],
  }),
};
