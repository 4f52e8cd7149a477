// root-ca-certificate-publisher-controller: every namespace has the cluster's CA certificate, so that
// Pods can tell the API server from an impostor.
// Source: kubernetes v1.34 pkg/controller/certificates/rootcacertpublisher/publisher.go
import { ConfigMap } from "../../api/kinds/configMap.ts";
import { Namespace } from "../../api/kinds/namespace.ts";
import { type ControllerFactory, trigger } from "./controller.ts";
import { perNamespace } from "./perNamespace.ts";

const configMapName = "kube-root-ca.crt";
const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** `certificate` is PEM text. */
export function rootCACertPublisher(certificate: string): ControllerFactory {
  return () => ({
    name: "root-ca-certificate-publisher-controller",
    account: "root-ca-cert-publisher",
    triggers: [
      trigger(Namespace, ({ now }) => (now ? [{ namespace: "", name: now.metadata.name }] : [])),
      trigger(ConfigMap, ({ old, now }) => {
        const { name, namespace = "" } = (now ?? old)?.metadata ?? { name: "" };
        return old && name === configMapName ? [{ namespace: "", name: namespace }] : [];
      }),
    ],
    reconcile: perNamespace(({ client, cache }, namespace) => {
      const present = cache(ConfigMap).get({ namespace, name: configMapName });
      const data = { "ca.crt": certificate };
      if (!present)
        client.create(ConfigMap, {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: {
            name: configMapName,
            namespace,
            annotations: { "kubernetes.io/description": description },
          },
          data,
        });
      else if (present.data?.["ca.crt"] !== certificate || Object.keys(present.data).length !== 1)
        client.update(ConfigMap, { ...present, data });
    }),
  });
}
