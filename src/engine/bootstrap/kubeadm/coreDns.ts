// CoreDNS as kubeadm installs it: a Deployment behind the Service kube-dns.
// Source: cmd/kubeadm/app/phases/addons/dns/{dns,manifests}.go, kubernetes v1.34.
import { ConfigMap } from "../../../api/kinds/configMap.ts";
import { Deployment } from "../../../api/kinds/deployment.ts";
import { ClusterRole } from "../../../api/kinds/rbac/clusterRole.ts";
import { ClusterRoleBinding } from "../../../api/kinds/rbac/clusterRoleBinding.ts";
import { Service } from "../../../api/kinds/service.ts";
import { ServiceAccount } from "../../../api/kinds/serviceAccount.ts";
import type { Container, PodSpec } from "../../../api/types.ts";
import type { LocalClient } from "../../localClient.ts";
import { ensure } from "../ensure.ts";

const place = { name: "coredns", namespace: "kube-system" } as const;
/** Of the ConfigMap with the Corefile. */
export const coreDnsConfigKey = place;
const labels = { "k8s-app": "kube-dns" };
const roleName = "system:coredns";
/** The tenth address of the Services' range. */
const clusterIp = "10.96.0.10";

const coreDnsImage = "registry.k8s.io/coredns/coredns:v1.12.1";

export const coreDnsCorefile = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

export function installCoreDns(client: LocalClient): void {
  ensure(client, ConfigMap, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: place,
    data: { Corefile: coreDnsCorefile },
  });
  installRole(client);
  ensure(client, Deployment, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...place, labels },
    spec: {
      replicas: 2,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      selector: { matchLabels: labels },
      template: { metadata: { name: "", labels }, spec: podSpec },
    },
  });
  ensure(client, Service, {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kube-dns",
      namespace: place.namespace,
      annotations: { "prometheus.io/port": "9153", "prometheus.io/scrape": "true" },
      labels: {
        ...labels,
        "kubernetes.io/cluster-service": "true",
        "kubernetes.io/name": "CoreDNS",
      },
    },
    spec: {
      clusterIP: clusterIp,
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: 53 },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: 53 },
        { name: "metrics", port: 9153, protocol: "TCP", targetPort: 9153 },
      ],
      selector: labels,
    },
  });
}

function installRole(client: LocalClient): void {
  ensure(client, ServiceAccount, { apiVersion: "v1", kind: "ServiceAccount", metadata: place });
  ensure(client, ClusterRole, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: roleName },
    rules: [
      {
        apiGroups: [""],
        resources: ["endpoints", "services", "pods", "namespaces"],
        verbs: ["list", "watch"],
      },
      {
        apiGroups: ["discovery.k8s.io"],
        resources: ["endpointslices"],
        verbs: ["list", "watch"],
      },
    ],
  });
  ensure(client, ClusterRoleBinding, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: roleName },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: roleName },
    subjects: [{ kind: "ServiceAccount", ...place }],
  });
}

const container: Container = {
  name: "coredns",
  image: coreDnsImage,
  imagePullPolicy: "IfNotPresent",
  resources: { limits: { memory: "170Mi" }, requests: { cpu: "100m", memory: "70Mi" } },
  args: ["-conf", "/etc/coredns/Corefile"],
  volumeMounts: [{ name: "config-volume", mountPath: "/etc/coredns", readOnly: true }],
  ports: [
    { containerPort: 53, name: "dns", protocol: "UDP" },
    { containerPort: 53, name: "dns-tcp", protocol: "TCP" },
    { containerPort: 9153, name: "metrics", protocol: "TCP" },
    { containerPort: 8080, name: "liveness-probe", protocol: "TCP" },
    { containerPort: 8181, name: "readiness-probe", protocol: "TCP" },
  ],
  livenessProbe: {
    httpGet: { path: "/health", port: "liveness-probe", scheme: "HTTP" },
    initialDelaySeconds: 60,
    timeoutSeconds: 5,
    successThreshold: 1,
    failureThreshold: 5,
  },
  readinessProbe: { httpGet: { path: "/ready", port: "readiness-probe", scheme: "HTTP" } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
    readOnlyRootFilesystem: true,
  },
};

const podSpec: PodSpec = {
  priorityClassName: "system-cluster-critical",
  serviceAccountName: place.name,
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            labelSelector: {
              matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns"] }],
            },
            topologyKey: "kubernetes.io/hostname",
          },
        },
      ],
    },
  },
  tolerations: [
    { key: "CriticalAddonsOnly", operator: "Exists" },
    { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
  ],
  nodeSelector: { "kubernetes.io/os": "linux" },
  containers: [container],
  dnsPolicy: "Default",
  volumes: [
    {
      name: "config-volume",
      configMap: { name: place.name, items: [{ key: "Corefile", path: "Corefile" }] },
    },
  ],
};
