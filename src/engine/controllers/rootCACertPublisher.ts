// root-ca-certificate-publisher-controller: puts the API server's CA into each namespace, where the
// token volumes of Pods expect it.
import { dequal } from "dequal";
import { ConfigMap } from "../../api/kinds/configMap.ts";
import { Namespace } from "../../api/kinds/namespace.ts";
import type { ConfigMap as ConfigMapObject } from "../../api/types.ts";
import { type ControllerFactory, trigger } from "./controller.ts";
import { perNamespace } from "./perNamespace.ts";

const mapName = "kube-root-ca.crt";

const description =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal " +
  "endpoints such as the internal service IP or kubernetes.default.svc. No other usage is " +
  "guaranteed across distributions of Kubernetes clusters.";

/**
 * Source: pkg/controller/certificates/rootcacertpublisher, kubernetes v1.34.
 * @param certificate PEM
 */
export function rootCACertPublisher(certificate: string): ControllerFactory {
  return () => ({
    name: "root-ca-certificate-publisher-controller",
    account: "root-ca-cert-publisher",
    triggers: [
      trigger(Namespace, ({ now }) => (now ? [{ namespace: "", name: now.metadata.name }] : [])),
      trigger(ConfigMap, ({ old, now }) => {
        const { name, namespace = "" } = (now ?? old)?.metadata ?? { name: "" };
        return name === mapName ? [{ namespace: "", name: namespace }] : [];
      }),
    ],
    reconcile: perNamespace(({ cache, client }, namespace) => {
      const wanted = certificateMap(namespace, certificate);
      const known = cache(ConfigMap).get({ namespace, name: mapName });
      if (!known) client.create(ConfigMap, wanted);
      else if (!isGood(known, wanted))
        client.update(ConfigMap, {
          ...known,
          metadata: {
            ...known.metadata,
            annotations: { ...known.metadata.annotations, ...wanted.metadata.annotations },
          },
          data: wanted.data ?? {},
        });
    }),
  });
}

function certificateMap(namespace: string, certificate: string): ConfigMapObject {
  return {
    apiVersion: ConfigMap.apiVersion,
    kind: ConfigMap.gvk.kind,
    metadata: {
      name: mapName,
      namespace,
      annotations: { "kubernetes.io/description": description },
    },
    data: { "ca.crt": certificate },
  };
}

function isGood({ data, metadata }: ConfigMapObject, wanted: ConfigMapObject): boolean {
  const [key, value] = Object.entries(wanted.metadata.annotations ?? {})[0] ?? ["", ""];
  return dequal(data, wanted.data) && metadata.annotations?.[key] === value;
}
