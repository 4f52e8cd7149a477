// serviceaccounts/token: a token for whoever runs as the account.
// Source: pkg/registry/core/serviceaccount/storage/token.go; pkg/apis/authentication/validation, 1.34.
import { type FieldError, invalid } from "../../../api/fieldError.ts";
import { FieldPath } from "../../../api/fieldPath.ts";
import type { Kind } from "../../../api/kind.ts";
import { Node } from "../../../api/kinds/node.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { TokenRequest } from "../../../api/kinds/reviews/kinds.ts";
import { Secret } from "../../../api/kinds/secret.ts";
import type { KubeObject } from "../../../api/object.ts";
import type {
  BoundObjectReference,
  TokenRequest as TokenRequestObject,
} from "../../../api/reviewTypes.ts";
import { badRequestError, conflictError, invalidError } from "../../../api/status.ts";
import type { ServiceAccount } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { formatTime, second } from "../../../base/time.ts";
import type { Call, ServerParts, SubresourceHandler } from "../call.ts";
import { decodeBody } from "../decode.ts";
import { apiAudiences } from "../tokens/serviceAccountTokens.ts";
import type { BoundTokenRequest } from "../tokens/tokenClaims.ts";

const defaultSeconds = 60 * 60;
const leastSeconds = 10 * 60;
const mostSeconds = 2 ** 32;
/**
 * Volumes of Pods ask for tokens of this life by themselves. Programs that never read theirs again
 * shall not fail: such tokens live for a year, and are worth a warning after it. Source:
 * WarnOnlyBoundTokenExpirationSeconds, ExpirationExtensionSeconds.
 */
const injectedSeconds = 60 * 60 + 7;
const extendedSeconds = 365 * 24 * 60 * 60;

type Request = Draft<TokenRequestObject>;

export const token: SubresourceHandler = {
  create(call, server) {
    const request = requestOf(call, server);
    checkTarget(request, call);
    const { kind, key, scope } = call;
    const made = { operation: "CREATE", subresource: "token", objectKind: TokenRequest } as const;
    server.registry.admitSubresource({ ...made, kind, key, object: request }, scope);
    const account = server.registry.get(call.kind, call.key) as ServiceAccount;
    const { expirationSeconds = defaultSeconds, audiences = [], boundObjectRef } = request.spec;
    const aud = audiences.length > 0 ? audiences : apiAudiences;
    refuse("", validate(expirationSeconds));
    const now = server.now();
    const bound = boundTo(boundObjectRef, call, server);
    const text = server.tokens.issue({
      account,
      audiences: aud,
      ...lifetime(expirationSeconds, bound, aud),
      ...bound,
    });
    return {
      ...request,
      metadata: { ...request.metadata, ...call.key, creationTimestamp: formatTime(now) },
      spec: { audiences: aud, expirationSeconds, boundObjectRef: boundObjectRef ?? null },
      status: { token: text, expirationTimestamp: formatTime(now + expirationSeconds * second) },
    };
  },
};

function requestOf(call: Call, { fields }: ServerParts): Request {
  const { body } = call.request;
  const request = decodeBody(TokenRequest, body, call.scope) as Draft<Partial<TokenRequestObject>>;
  const spec = { ...request.spec };
  spec.expirationSeconds ??= defaultSeconds;
  const whole = { ...request, spec } as Request;
  const target = { kind: TokenRequest, subresource: "token" } as const;
  fields.track(target, undefined, whole, call.scope.manager ?? "");
  return whole;
}

/** The request names its account in the path; naming another in the body is a mistake. */
function checkTarget({ metadata }: Request, { key }: Call): void {
  const path = FieldPath.of("metadata");
  const { name, namespace } = metadata;
  if (name && name !== key.name)
    refuse(key.name, [
      invalid(path.child("name"), name, "must match the service account name if specified"),
    ]);
  if (namespace && namespace !== key.namespace)
    refuse(key.name, [
      invalid(
        path.child("namespace"),
        namespace,
        "must match the service account namespace if specified",
      ),
    ]);
}

function validate(expirationSeconds: number): readonly FieldError[] {
  const path = FieldPath.of("spec", "expirationSeconds");
  if (expirationSeconds < leastSeconds)
    return [invalid(path, expirationSeconds, "may not specify a duration less than 10 minutes")];
  if (expirationSeconds > mostSeconds)
    return [
      invalid(path, expirationSeconds, "may not specify a duration larger than 2^32 seconds"),
    ];
  return [];
}

function refuse(name: string, errors: readonly FieldError[]): void {
  if (errors.length === 0) return;
  const { group, kind } = TokenRequest.gvk;
  throw invalidError({ group, kind, name }, errors);
}

type Bound = Pick<BoundTokenRequest, "pod" | "secret" | "node">;

function boundTo(
  reference: BoundObjectReference | undefined,
  { key }: Call,
  { registry }: ServerParts,
): Bound {
  if (!reference) return {};
  const { apiVersion = "", kind = "", name = "", uid } = reference;
  const get = <T extends KubeObject>(of: Kind<T>): T => {
    const namespace = of.namespaced ? key.namespace : "";
    const object = registry.get(of, { namespace, name }) as T;
    if (uid && uid !== object.metadata.uid)
      throw conflictError(
        { group: "", kind, name },
        `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`,
      );
    return object;
  };
  const isCore = !apiVersion.includes("/");
  if (isCore && kind === "Secret") return { secret: get(Secret) };
  if (isCore && kind === "Node") return { node: get(Node) };
  if (isCore && kind === "Pod") {
    const pod = get(Pod);
    if (pod.spec.serviceAccountName !== key.name)
      throw badRequestError(
        `cannot bind token for serviceaccount ${JSON.stringify(key.name)} to pod running with different serviceaccount name.`,
      );
    const { nodeName } = pod.spec;
    if (!nodeName) return { pod };
    const node = registry.find(Node, { namespace: "", name: nodeName });
    return { pod, node: node ?? { metadata: { name: nodeName } } };
  }
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  const version = apiVersion.slice(slash + 1);
  throw badRequestError(`cannot bind token to object of type ${group}/${version}, Kind=${kind}`);
}

function lifetime(
  expirationSeconds: number,
  { pod }: Bound,
  audiences: readonly string[],
): Pick<BoundTokenRequest, "expirationSeconds" | "warnAfterSeconds"> {
  const isInjected =
    pod !== undefined &&
    expirationSeconds === injectedSeconds &&
    audiences.length > 0 &&
    audiences.every((audience) => apiAudiences.includes(audience));
  return isInjected
    ? { expirationSeconds: extendedSeconds, warnAfterSeconds: expirationSeconds }
    : { expirationSeconds };
}
