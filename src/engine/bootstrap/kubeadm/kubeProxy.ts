// kube-proxy as kubeadm installs it: a Pod on every node.
// Source: cmd/kubeadm/app/phases/addons/proxy, kubernetes v1.34.
import { ConfigMap } from "../../../api/kinds/configMap.ts";
import { DaemonSet } from "../../../api/kinds/daemonSet.ts";
import { ServiceAccount } from "../../../api/kinds/serviceAccount.ts";
import type { LocalClient } from "../../localClient.ts";
import { cidrText, clusterCidr } from "../../network/addresses.ts";
import { apiServerAddress } from "../../network/apiServerAddress.ts";
import { kubeletVersion } from "../../node/machine.ts";
import { ensure } from "../ensure.ts";

const place = { name: "kube-proxy", namespace: "kube-system" } as const;
const labels = { "k8s-app": place.name };

export function installKubeProxy(client: LocalClient): void {
  ensure(client, ServiceAccount, { apiVersion: "v1", kind: "ServiceAccount", metadata: place });
  ensure(client, ConfigMap, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { ...place, labels: { app: place.name } },
    data: { "config.conf": configuration, "kubeconfig.conf": kubeconfig },
  });
  ensure(client, DaemonSet, {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { ...place, labels },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: "RollingUpdate" },
      template: {
        metadata: { name: "", labels },
        spec: {
          priorityClassName: "system-node-critical",
          containers: [
            {
              name: place.name,
              image: `registry.k8s.io/kube-proxy:${kubeletVersion}`,
              imagePullPolicy: "IfNotPresent",
              command: [
                "/usr/local/bin/kube-proxy",
                "--config=/var/lib/kube-proxy/config.conf",
                "--hostname-override=$(NODE_NAME)",
              ],
              securityContext: { privileged: true },
              volumeMounts: [
                { name: "kube-proxy", mountPath: "/var/lib/kube-proxy" },
                { name: "xtables-lock", mountPath: "/run/xtables.lock" },
                { name: "lib-modules", mountPath: "/lib/modules", readOnly: true },
              ],
              env: [{ name: "NODE_NAME", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }],
            },
          ],
          hostNetwork: true,
          serviceAccountName: place.name,
          volumes: [
            { name: "kube-proxy", configMap: { name: place.name } },
            { name: "xtables-lock", hostPath: { path: "/run/xtables.lock", type: "FileOrCreate" } },
            { name: "lib-modules", hostPath: { path: "/lib/modules" } },
          ],
          tolerations: [{ operator: "Exists" }],
          nodeSelector: { "kubernetes.io/os": "linux" },
        },
      },
    },
  });
}

const configuration = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
bindAddressHardFail: false
clientConnection:
  acceptContentTypes: ""
  burst: 0
  contentType: ""
  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
  qps: 0
clusterCIDR: ${cidrText(clusterCidr)}
configSyncPeriod: 0s
conntrack:
  maxPerCore: null
  min: null
  tcpBeLiberal: false
  tcpCloseWaitTimeout: null
  tcpEstablishedTimeout: null
  udpStreamTimeout: 0s
  udpTimeout: 0s
detectLocal:
  bridgeInterface: ""
  interfaceNamePrefix: ""
detectLocalMode: ""
enableProfiling: false
healthzBindAddress: ""
hostnameOverride: ""
iptables:
  localhostNodePorts: null
  masqueradeAll: false
  masqueradeBit: null
  minSyncPeriod: 0s
  syncPeriod: 0s
ipvs:
  excludeCIDRs: null
  minSyncPeriod: 0s
  scheduler: ""
  strictARP: false
  syncPeriod: 0s
  tcpFinTimeout: 0s
  tcpTimeout: 0s
  udpTimeout: 0s
kind: KubeProxyConfiguration
logging:
  flushFrequency: 0
  options:
    json:
      infoBufferSize: "0"
    text:
      infoBufferSize: "0"
  verbosity: 0
metricsBindAddress: ""
mode: ""
nftables:
  masqueradeAll: false
  masqueradeBit: null
  minSyncPeriod: 0s
  syncPeriod: 0s
nodePortAddresses: null
oomScoreAdj: null
portRange: ""
showHiddenMetricsForVersion: ""
winkernel:
  enableDSR: false
  forwardHealthCheckVip: false
  networkName: ""
  rootHnsEndpointName: ""
  sourceVip: ""`;

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- cluster:
    certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt
    server: https://${apiServerAddress}
  name: default
contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
`;
