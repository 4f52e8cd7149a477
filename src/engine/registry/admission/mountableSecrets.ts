// An account with the annotation kubernetes.io/enforce-mountable-secrets lends its Pods only the
// Secrets that it lists. Source: plugin/pkg/admission/serviceaccount limitSecretReferences, 1.34.
import type { Container, EphemeralContainer, Pod, ServiceAccount } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";

const annotation = "kubernetes.io/enforce-mountable-secrets";
/** What Go's strconv.ParseBool takes for true. */
const yes = new Set(["1", "t", "T", "true", "TRUE", "True"]);

/** @returns why the Pod is refused; undefined if it is not */
export function podSecretsRefusal(
  { spec }: Draft<Pod>,
  account: ServiceAccount,
): string | undefined {
  if (!isEnforced(account)) return undefined;
  const mountable = namesOf(account.secrets);
  const pullable = namesOf(account.imagePullSecrets);
  const { name } = account.metadata;
  const unlisted = `is not allowed because service account ${name} does not reference that`;
  for (const { secret } of spec.volumes ?? [])
    if (secret && !mountable.has(secret.secretName ?? ""))
      return `volume with secret.secretName="${secret.secretName ?? ""}" ${unlisted} secret`;
  const refusal =
    containersRefusal("init container", spec.initContainers, mountable, unlisted) ??
    containersRefusal("container", spec.containers, mountable, unlisted);
  if (refusal !== undefined) return refusal;
  const i = (spec.imagePullSecrets ?? []).findIndex((secret) => !pullable.has(secret.name ?? ""));
  return i < 0
    ? undefined
    : `imagePullSecrets[${i}].name="${spec.imagePullSecrets?.[i]?.name ?? ""}" ${unlisted} imagePullSecret`;
}

/** @returns why the Pod's ephemeral containers are refused; undefined if they are not */
export function ephemeralContainersRefusal(
  { spec }: Draft<Pod>,
  account: ServiceAccount,
): string | undefined {
  if (!isEnforced(account)) return undefined;
  return containersRefusal(
    "ephemeral container",
    spec.ephemeralContainers,
    namesOf(account.secrets),
    `is not allowed because service account ${account.metadata.name} does not reference that`,
  );
}

function containersRefusal(
  what: string,
  containers: readonly (Draft<Container> | Draft<EphemeralContainer>)[] = [],
  mountable: ReadonlySet<string>,
  unlisted: string,
): string | undefined {
  for (const { name, env = [], envFrom = [] } of containers) {
    for (const variable of env) {
      const secret = variable.valueFrom?.secretKeyRef;
      if (secret && !mountable.has(secret.name ?? ""))
        return `${what} ${name} with envVar ${variable.name} referencing secret.secretName="${secret.name ?? ""}" ${unlisted} secret`;
    }
    for (const { secretRef } of envFrom)
      if (secretRef && !mountable.has(secretRef.name ?? ""))
        return `${what} ${name} with envFrom referencing secret.secretName="${secretRef.name ?? ""}" ${unlisted} secret`;
  }
  return undefined;
}

function isEnforced({ metadata }: ServiceAccount): boolean {
  return yes.has(metadata.annotations?.[annotation] ?? "");
}

function namesOf(references: readonly { readonly name?: string }[] = []): ReadonlySet<string> {
  return new Set(references.map(({ name = "" }) => name));
}
