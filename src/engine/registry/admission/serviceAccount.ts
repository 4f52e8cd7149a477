// ServiceAccount: every Pod runs as an account of its namespace and finds its token in a volume.
// Source: plugin/pkg/admission/serviceaccount, 1.34.
import { ServiceAccount } from "../../../api/kinds/serviceAccount.ts";
import type { Container, Pod, Volume } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { type AdmissionPlugin, admissionError } from "./admission.ts";

const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const mirrorAnnotation = "kubernetes.io/config.mirror";

export const serviceAccount: AdmissionPlugin = {
  name: "ServiceAccount",
  admit(request, { find, random }) {
    const { operation, kind, key, object, subresource } = request;
    if (operation !== "CREATE" || kind.plural !== "pods" || subresource !== undefined) return;
    const pod = object as Draft<Pod>;
    if (pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return;
    pod.spec.serviceAccountName ||= "default";
    pod.spec.serviceAccount = pod.spec.serviceAccountName;
    const name = pod.spec.serviceAccountName;
    const account = find(ServiceAccount, { namespace: key.namespace, name });
    if (!account)
      throw admissionError(
        request,
        `error looking up service account ${key.namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
      );
    const mounts =
      pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
    if (mounts) mountToken(pod, `kube-api-access-${random.suffix(5)}`);
    if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets)
      pod.spec.imagePullSecrets = account.imagePullSecrets.map((secret) => ({ ...secret }));
  },
};

function mountToken(pod: Draft<Pod>, volumeName: string): void {
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const lacking = containers.filter((container) => !mountsToken(container));
  if (lacking.length === 0) return;
  for (const container of lacking)
    container.volumeMounts = [
      ...(container.volumeMounts ?? []),
      { name: volumeName, readOnly: true, mountPath },
    ];
  pod.spec.volumes = [...(pod.spec.volumes ?? []), tokenVolume(volumeName)];
}

function mountsToken(container: Draft<Container>): boolean {
  return container.volumeMounts?.some((mount) => mount.mountPath === mountPath) ?? false;
}

function tokenVolume(name: string): Draft<Volume> {
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [
              {
                path: "namespace",
                fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" },
              },
            ],
          },
        },
      ],
    },
  };
}
