// serviceaccount-token-controller: fills Secrets of type kubernetes.io/service-account-token with a
// token of the account that they name, and removes them with it.
// Source: pkg/controller/serviceaccount/tokens_controller.go, kubernetes v1.34.
import { encodeBase64 } from "../../api/kinds/secret/base64.ts";
import { Secret } from "../../api/kinds/secret.ts";
import { ServiceAccount } from "../../api/kinds/serviceAccount.ts";
import { keyOf, keyText, type ObjectKey } from "../../api/object.ts";
import { hasReason } from "../../api/status.ts";
import type {
  Secret as SecretObject,
  ServiceAccount as ServiceAccountObject,
} from "../../api/types.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "./controller.ts";

const secretType = "kubernetes.io/service-account-token";
const accountName = "kubernetes.io/service-account.name";
const accountUid = "kubernetes.io/service-account.uid";

export interface TokenSettings {
  /** The API server's CA as PEM. */
  readonly rootCertificate: string;
  /** A token of the account without an end, to be kept in the Secret. */
  issueToken(account: ServiceAccountObject, secretName: string): string;
}

export function serviceAccountToken(settings: TokenSettings): ControllerFactory {
  return () => {
    /** Secret → name of its account, for when the Secret is gone. */
    const owners = new Map<string, string>();
    return {
      name: "serviceaccount-token-controller",
      user: "system:kube-controller-manager",
      triggers: [
        trigger(Secret, ({ old, now }) => {
          const secret = now ?? old;
          if (secret?.type !== secretType) return [];
          owners.set(keyText(keyOf(secret)), ownerOf(secret).name);
          return [keyOf(secret)];
        }),
        trigger(ServiceAccount, ({ old, now }, { cache }) => {
          if (now || !old) return [];
          const { name, namespace = "" } = old.metadata;
          return cache(Secret)
            .list(namespace)
            .filter((secret) => secret.type === secretType && ownerOf(secret).name === name)
            .map(keyOf);
        }),
      ],
      reconcile(key, context) {
        const secret = context.cache(Secret).get(key);
        if (secret?.type === secretType) keepRight(secret, context, settings);
        else if (!secret) {
          const owner = owners.get(keyText(key));
          owners.delete(keyText(key));
          if (owner !== undefined) removeReference(key, owner, context);
        }
        return undefined;
      },
    };
  };
}

function ownerOf({ metadata }: SecretObject): { readonly name: string; readonly uid: string } {
  const { [accountName]: name = "", [accountUid]: uid = "" } = metadata.annotations ?? {};
  return { name, uid };
}

function keepRight(
  secret: SecretObject,
  context: ControllerContext,
  { rootCertificate, issueToken }: TokenSettings,
): void {
  const { client } = context;
  const account = accountOf(secret, context);
  const { name, namespace = "", uid } = secret.metadata;
  if (!account) {
    client.delete(Secret, keyOf(secret), uid === undefined ? {} : { preconditions: { uid } });
    return;
  }
  const { data = {} } = secret;
  const certificate = encodeBase64(rootCertificate);
  const isCurrent = rootCertificate === "" || data["ca.crt"] === certificate;
  if (isCurrent && data.namespace && data.token) return;
  client.update(Secret, {
    ...secret,
    metadata: {
      ...secret.metadata,
      annotations: {
        ...secret.metadata.annotations,
        [accountName]: account.metadata.name,
        [accountUid]: account.metadata.uid ?? "",
      },
    },
    data: {
      ...data,
      ...(rootCertificate === "" ? {} : { "ca.crt": certificate }),
      namespace: data.namespace || encodeBase64(namespace),
      token: data.token || encodeBase64(issueToken(account, name)),
    },
  });
}

/** The Secret's account; undefined if it is gone, or another one has its name now. */
function accountOf(
  secret: SecretObject,
  { cache, client }: ControllerContext,
): ServiceAccountObject | undefined {
  const { name, uid } = ownerOf(secret);
  const key = { namespace: secret.metadata.namespace ?? "", name };
  const isSame = (account: ServiceAccountObject | undefined): boolean =>
    account !== undefined && (uid === "" || account.metadata.uid === uid);
  const cached = cache(ServiceAccount).get(key);
  if (isSame(cached)) return cached;
  try {
    // The cache may not know of the account yet.
    const account = client.get(ServiceAccount, key);
    return isSame(account) ? account : undefined;
  } catch (error) {
    if (hasReason(error, "NotFound")) return undefined;
    throw error;
  }
}

function removeReference(
  { namespace, name }: ObjectKey,
  owner: string,
  { cache, client }: ControllerContext,
): void {
  const account = cache(ServiceAccount).get({ namespace, name: owner });
  if (!account?.secrets?.some((secret) => secret.name === name)) return;
  const secrets = account.secrets.filter((secret) => secret.name !== name);
  client.update(ServiceAccount, { ...account, secrets });
}
