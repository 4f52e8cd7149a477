// ServiceAccount: every Pod runs as an account of its namespace and finds its token in a volume.
// Source: plugin/pkg/admission/serviceaccount, 1.34.

import { podSecretNames } from "../../../api/kinds/pod/references.ts";
import { mirrorPod } from "../../../api/kinds/pod/validation/annotations.ts";
import { ServiceAccount } from "../../../api/kinds/serviceAccount.ts";
import type {
  Container,
  Pod,
  ServiceAccount as ServiceAccountObject,
  Volume,
} from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import {
  type AdmissionContext,
  type AdmissionPlugin,
  type AdmissionRequest,
  admissionError,
} from "./admission.ts";
import { ephemeralContainersRefusal, podSecretsRefusal } from "./mountableSecrets.ts";

const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const volumePrefix = "kube-api-access-";

export const serviceAccount: AdmissionPlugin = {
  name: "ServiceAccount",
  admit(request, context) {
    const pod = newPod(request);
    if (!pod) return;
    // Whoever changes a mirror Pod makes the kubelet delete it: it no longer mirrors.
    if (!isMirror(pod)) {
      pod.spec.serviceAccountName ||= "default";
      pod.spec.serviceAccount = pod.spec.serviceAccountName;
      fillIn(pod, accountOf(pod, request, context), context);
    }
    check(pod, request, context);
  },
  validate(request, context) {
    const pod = newPod(request);
    if (pod) check(pod, request, context);
    else if (request.subresource === "ephemeralcontainers") {
      const changed = request.object as Draft<Pod>;
      const account = accountOf(changed, request, context);
      refuse(request, ephemeralContainersRefusal(changed, account));
    }
  },
};

function newPod({
  operation,
  kind,
  object,
  subresource,
}: AdmissionRequest): Draft<Pod> | undefined {
  const concerned = operation === "CREATE" && kind.plural === "pods" && subresource === undefined;
  return concerned ? (object as Draft<Pod>) : undefined;
}

function isMirror({ metadata }: Draft<Pod>): boolean {
  return metadata.annotations?.[mirrorPod] !== undefined;
}

function accountOf(
  { metadata, spec }: Draft<Pod>,
  request: AdmissionRequest,
  { find }: AdmissionContext,
): ServiceAccountObject {
  const { namespace } = request.key;
  const name = spec.serviceAccountName;
  if (!name)
    throw admissionError(
      request,
      `no service account specified for pod ${namespace}/${metadata.name}`,
    );
  const account = find(ServiceAccount, { namespace, name });
  if (account) return account;
  throw admissionError(
    request,
    `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`,
  );
}

function fillIn(
  pod: Draft<Pod>,
  account: ServiceAccountObject,
  { random }: AdmissionContext,
): void {
  const mounts =
    pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  if (mounts) mountToken(pod, () => `${volumePrefix}${random.suffix(5)}`);
  if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets)
    pod.spec.imagePullSecrets = account.imagePullSecrets.map((secret) => ({ ...secret }));
}

function check(pod: Draft<Pod>, request: AdmissionRequest, context: AdmissionContext): void {
  if (isMirror(pod)) refuse(request, mirrorRefusal(pod));
  else refuse(request, podSecretsRefusal(pod, accountOf(pod, request, context)));
}

function refuse(request: AdmissionRequest, refusal: string | undefined): void {
  if (refusal !== undefined) throw admissionError(request, refusal);
}

/** A kubelet must not get at objects by mirroring Pods that name them. */
function mirrorRefusal(pod: Draft<Pod>): string | undefined {
  if (pod.spec.serviceAccountName) return "a mirror pod may not reference service accounts";
  if (podSecretNames(pod).length > 0) return "a mirror pod may not reference secrets";
  const projections = (pod.spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
  return projections.some((source) => source.serviceAccountToken)
    ? "a mirror pod may not use ServiceAccountToken volume projections"
    : undefined;
}

function mountToken(pod: Draft<Pod>, drawName: () => string): void {
  const existing = pod.spec.volumes?.find(({ name = "" }) => name.startsWith(volumePrefix));
  const name = existing?.name ?? drawName();
  const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const lacking = containers.filter((container) => !mountsToken(container));
  if (lacking.length === 0) return;
  for (const container of lacking)
    container.volumeMounts = [
      ...(container.volumeMounts ?? []),
      { name, readOnly: true, mountPath },
    ];
  if (!existing) pod.spec.volumes = [...(pod.spec.volumes ?? []), tokenVolume(name)];
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
