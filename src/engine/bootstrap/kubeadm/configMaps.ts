// What kubeadm init leaves in ConfigMaps: how the cluster was set up, how kubelets are configured, and,
// for whoever wants to join, where the cluster is.
// Source: cmd/kubeadm/app/phases/{uploadconfig,kubelet,bootstraptoken/clusterinfo}, kubernetes v1.34.
import { ConfigMap } from "../../../api/kinds/configMap.ts";
import { encodeBase64 } from "../../../api/kinds/secret/base64.ts";
import type { ConfigMap as ConfigMapObject } from "../../../api/types.ts";
import { cidrText, clusterCidr } from "../../network/addresses.ts";
import { apiServerAddress } from "../../network/apiServerAddress.ts";
import { kubeletVersion } from "../../node/machine.ts";
import { manifestPath } from "../../node/static/manifestFolder.ts";
import { serviceRange } from "../../registry/serviceAddresses.ts";

export const clusterInfoKey = { namespace: "kube-public", name: "cluster-info" } as const;
export const kubeadmConfigKey = { namespace: "kube-system", name: "kubeadm-config" } as const;

/** @param rootCertificate of the cluster's authority as PEM; "" if there is none */
export function kubeadmConfigMaps(rootCertificate: string): readonly ConfigMapObject[] {
  return [
    configMap(kubeadmConfigKey, { ClusterConfiguration: clusterConfiguration }),
    configMap({ namespace: "kube-system", name: "kubelet-config" }, { kubelet: kubeletConfig }),
    configMap(clusterInfoKey, { kubeconfig: kubeconfig(rootCertificate) }),
  ];
}

function configMap(
  metadata: { readonly namespace: string; readonly name: string },
  data: Readonly<Record<string, string>>,
): ConfigMapObject {
  return { apiVersion: ConfigMap.apiVersion, kind: ConfigMap.gvk.kind, metadata, data };
}

const clusterConfiguration = `apiServer: {}
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 8760h0m0s
certificatesDir: /etc/kubernetes/pki
clusterName: kubernetes
controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: registry.k8s.io
kind: ClusterConfiguration
kubernetesVersion: ${kubeletVersion}
networking:
  dnsDomain: cluster.local
  podSubnet: ${cidrText(clusterCidr)}
  serviceSubnet: ${serviceRange}
proxy: {}
scheduler: {}
`;

const kubeletConfig = `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    cacheTTL: 0s
    enabled: true
  x509:
    clientCAFile: /etc/kubernetes/pki/ca.crt
authorization:
  mode: Webhook
  webhook:
    cacheAuthorizedTTL: 0s
    cacheUnauthorizedTTL: 0s
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
containerRuntimeEndpoint: ""
cpuManagerReconcilePeriod: 0s
crashLoopBackOff: {}
evictionPressureTransitionPeriod: 0s
fileCheckFrequency: 0s
healthzBindAddress: 127.0.0.1
healthzPort: 10248
httpCheckFrequency: 0s
imageMaximumGCAge: 0s
imageMinimumGCAge: 0s
kind: KubeletConfiguration
logging:
  flushFrequency: 0
  options:
    json:
      infoBufferSize: "0"
    text:
      infoBufferSize: "0"
  verbosity: 0
memorySwap: {}
nodeStatusReportFrequency: 0s
nodeStatusUpdateFrequency: 0s
rotateCertificates: true
runtimeRequestTimeout: 0s
shutdownGracePeriod: 0s
shutdownGracePeriodCriticalPods: 0s
staticPodPath: ${manifestPath}
streamingConnectionIdleTimeout: 0s
syncFrequency: 0s
volumeStatsAggPeriod: 0s
`;

/** Without credentials: whoever joins brings a token. */
function kubeconfig(rootCertificate: string): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${encodeBase64(rootCertificate)}
    server: https://${apiServerAddress}
  name: ""
contexts: null
current-context: ""
kind: Config
users: null
`;
}
