// Tokens of ServiceAccounts: issued, and taken for what they are as long as their account, and what
// they are bound to, is still the same. Times are the cluster's.
// Source: pkg/serviceaccount/{jwt,claims,legacy,openidmetadata}.go, 1.34.
import type { Kind } from "../../../api/kind.ts";
import { Node } from "../../../api/kinds/node.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { encodeBase64 } from "../../../api/kinds/secret/base64.ts";
import { Secret } from "../../../api/kinds/secret.ts";
import { ServiceAccount } from "../../../api/kinds/serviceAccount.ts";
import type { KubeObject, ObjectKey } from "../../../api/object.ts";
import type { ServiceAccount as ServiceAccountObject } from "../../../api/types.ts";
import type { Random } from "../../../base/random.ts";
import { type Instant, minute, parseTime, second } from "../../../base/time.ts";
import { type Authenticator, invalidToken, type TokenAnswer } from "../authenticator.ts";
import { claimsOf, isSignedBy, signToken } from "./jsonWebToken.ts";
import {
  accountUser,
  type BoundClaims,
  type BoundTokenRequest,
  boundClaims,
  issuer,
  type LegacyClaims,
  legacyClaims,
  legacyIssuer,
  userOfClaims,
} from "./tokenClaims.ts";
import type { TokenSigner } from "./tokenSigner.ts";

/** Whom a token is meant for that names nobody: kube-apiserver's --api-audiences. */
export const apiAudiences: readonly string[] = [issuer];

/** Clocks differ: go-jose's jwt.DefaultLeeway. */
const leewayMs = minute;

export interface TokenWorld {
  readonly signer: TokenSigner;
  readonly random: Random;
  now(): Instant;
  find<T extends KubeObject>(kind: Kind<T>, key: ObjectKey): T | undefined;
}

interface Bound {
  readonly name: string;
  readonly uid?: string;
}

export class ServiceAccountTokens implements Authenticator {
  constructor(private readonly world: TokenWorld) {}

  issue(request: BoundTokenRequest): string {
    const { now, random, signer } = this.world;
    const nowSeconds = Math.floor(now() / second);
    return signToken(boundClaims(request, { nowSeconds, id: random.uuid() }), signer);
  }

  /** A token without an end, to be kept in a Secret of that name. */
  issueLegacy(account: ServiceAccountObject, secretName: string): string {
    return signToken(legacyClaims(account, secretName), this.world.signer);
  }

  authenticateToken(token: string, audiences = apiAudiences): TokenAnswer {
    const claims = claimsOf(token);
    const isBound = claims?.iss === issuer;
    if (!claims || (!isBound && claims.iss !== legacyIssuer)) return invalidToken;
    if (!isSignedBy(token, this.world.signer))
      return { error: "go-jose/go-jose: error in cryptographic primitive" };
    const meant = isBound ? (claims.aud as readonly string[]) : apiAudiences;
    const common = meant.filter((audience) => audiences.includes(audience));
    if (common.length === 0)
      return {
        error: `token audiences ${quoted(meant)} is invalid for the target audiences ${quoted(audiences)}`,
      };
    if (!isBound) return this.legacyOwner(token, claims as unknown as LegacyClaims, common);
    const bound = claims as unknown as BoundClaims;
    const error = this.timeError(bound) ?? this.bindingError(bound);
    return error === undefined ? { user: userOfClaims(bound), audiences: common } : { error };
  }

  /** /openid/v1/jwks: the keys that tokens can be checked with. */
  keys(): object {
    const { algorithm, keyId, publicKey } = this.world.signer;
    const key = { use: "sig", kid: keyId, alg: algorithm, ...publicKey };
    return { keys: publicKey ? [key] : [] };
  }

  /** /.well-known/openid-configuration. @param address of the API server: "https://10.0.0.1:6443" */
  configuration(address: string): object {
    return {
      issuer,
      jwks_uri: `${address}/openid/v1/jwks`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: [this.world.signer.algorithm],
    };
  }

  private timeError({ exp, nbf, iat }: BoundClaims): string | undefined {
    const now = this.world.now();
    if (now > exp * second + leewayMs) return "service account token has expired";
    const isEarly = now + leewayMs < Math.max(nbf, iat) * second;
    return isEarly ? "service account token is not valid yet" : undefined;
  }

  private bindingError({ "kubernetes.io": claims }: BoundClaims): string | undefined {
    const { namespace, serviceaccount, secret, pod, node } = claims;
    const accountError = this.accountError(namespace, serviceaccount);
    if (accountError !== undefined) return accountError;
    const known = <T extends KubeObject>(kind: Kind<T>, bound: Bound, of: string) =>
      this.boundError(
        kind,
        { namespace: kind.namespaced ? namespace : "", name: bound.name },
        bound,
        of,
      );
    if (secret) return known(Secret, secret, "secret");
    if (pod) return known(Pod, pod, "pod");
    return node && known(Node, node, "node");
  }

  private accountError(namespace: string, { name, uid }: Bound): string | undefined {
    const account = this.world.find(ServiceAccount, { namespace, name });
    if (!account) return `serviceaccounts ${JSON.stringify(name)} not found`;
    if (this.isLongDeleted(account)) return `service account ${namespace}/${name} has been deleted`;
    if (account.metadata.uid === uid) return undefined;
    return `service account UID (${account.metadata.uid}) does not match claim (${uid})`;
  }

  private boundError<T extends KubeObject>(
    kind: Kind<T>,
    key: ObjectKey,
    { uid }: Bound,
    of: string,
  ): string | undefined {
    const object = this.world.find(kind, key);
    if (!object || this.isLongDeleted(object)) return "service account token has been invalidated";
    const found = object.metadata.uid;
    if (found === uid) return undefined;
    return `${of} UID (${found}) does not match service account ${of} ref claim (${uid})`;
  }

  private isLongDeleted({ metadata: { deletionTimestamp } }: KubeObject): boolean {
    const deleted = parseTime(deletionTimestamp ?? "");
    return deleted !== undefined && deleted < this.world.now() - leewayMs;
  }

  private legacyOwner(
    token: string,
    claims: LegacyClaims,
    audiences: readonly string[],
  ): TokenAnswer {
    const prefix = "kubernetes.io/serviceaccount/" as const;
    const namespace = claims[`${prefix}namespace`];
    const name = claims[`${prefix}service-account.name`];
    const uid = claims[`${prefix}service-account.uid`];
    const secret = this.world.find(Secret, { namespace, name: claims[`${prefix}secret.name`] });
    if (!secret || secret.metadata.deletionTimestamp !== undefined)
      return { error: "Token has been invalidated" };
    if (secret.data?.token !== encodeBase64(token))
      return { error: "Token does not match server's copy" };
    const account = this.world.find(ServiceAccount, { namespace, name });
    if (!account) return { error: `serviceaccounts ${JSON.stringify(name)} not found` };
    if (account.metadata.deletionTimestamp !== undefined)
      return { error: `ServiceAccount ${namespace}/${name} has been deleted` };
    if (account.metadata.uid !== uid)
      return {
        error: `ServiceAccount UID (${account.metadata.uid}) does not match claim (${uid})`,
      };
    return { user: accountUser(namespace, { name, uid }), audiences };
  }
}

function quoted(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(" ")}]`;
}
