// certificatesigningrequest-signing-controller: signs what was approved, for the three signers that the
// cluster has itself. Source: pkg/controller/certificates/signer/signer.go, kubernetes v1.34.

import {
  type CertificateRequest,
  parseCertificateRequest,
} from "../../../api/kinds/certificateSigningRequest/certificateRequest.ts";
import { CertificateSigningRequest } from "../../../api/kinds/certificateSigningRequest.ts";
import { encodeBase64 } from "../../../api/kinds/secret/base64.ts";
import { keyOf } from "../../../api/object.ts";
import type { CertificateSigningRequest as RequestObject } from "../../../api/types.ts";
import type { Random } from "../../../base/random.ts";
import { day, hour, type Millis, minute, second } from "../../../base/time.ts";
import type { CertificateAuthority } from "../../certificateAuthority.ts";
import { type ControllerFactory, trigger } from "../controller.ts";
import { signCertificate } from "./certificate.ts";
import { hasCondition } from "./conditions.ts";
import { kubeletClientError, kubeletServingError } from "./kubeletRequests.ts";

/** --cluster-signing-duration */
const longestMs = 365 * day;
const shortestMs = 10 * minute;
/** Clocks differ a little: certificates are valid from before now. */
const backdatedMs = 5 * minute;
/** Certificates that live shorter than this don't end earlier for it. */
const shortMs = 8 * hour;

/** @returns why the signer does not sign it; undefined if it does */
type Check = (request: CertificateRequest, usages: readonly string[]) => string | undefined;

const signers: Readonly<Record<string, Check>> = {
  "kubernetes.io/kube-apiserver-client": (_request, usages) => clientUsagesError(usages),
  "kubernetes.io/kube-apiserver-client-kubelet": kubeletClientError,
  "kubernetes.io/kubelet-serving": kubeletServingError,
};

export function certificateSigning(authority: CertificateAuthority): ControllerFactory {
  return () => ({
    name: "certificatesigningrequest-signing-controller",
    account: "certificate-controller",
    triggers: [trigger(CertificateSigningRequest, ({ now }) => (now ? [keyOf(now)] : []))],
    reconcile(key, { cache, client, random }) {
      const request = cache(CertificateSigningRequest).get(key);
      const check = request && signers[request.spec.signerName];
      if (!check || request.status?.certificate) return undefined;
      if (!hasCondition(request, "Approved") || hasCondition(request, "Failed")) return undefined;
      const parsed = parseCertificateRequest(request.spec.request);
      // Validation has let no such request in.
      if (typeof parsed === "string") return undefined;
      const problem = check(parsed, request.spec.usages ?? []);
      const change =
        problem === undefined
          ? { certificate: encodeBase64(sign(request, parsed, authority, random)) }
          : { conditions: [...(request.status?.conditions ?? []), failed(problem)] };
      client.updateStatus(CertificateSigningRequest, {
        ...request,
        status: { ...request.status, ...change },
      });
      return undefined;
    },
  });
}

function failed(message: string) {
  return { type: "Failed", status: "True", reason: "SignerValidationFailure", message };
}

const optionalUsages = new Set(["digital signature", "key encipherment"]);
const clientUsage = "client auth";

function clientUsagesError(usages: readonly string[]): string | undefined {
  const other = usages.find((usage) => usage !== clientUsage && !optionalUsages.has(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  return usages.includes(clientUsage)
    ? undefined
    : `missing required usage for client certificate: ${clientUsage}`;
}

function sign(
  { spec }: RequestObject,
  { subject, publicKey, alternativeNames }: CertificateRequest,
  authority: CertificateAuthority,
  random: Random,
): string {
  const now = authority.now();
  const lifeMs = lifeOf(spec.expirationSeconds);
  const wanted = now + lifeMs - (lifeMs < shortMs ? 0 : backdatedMs);
  return signCertificate(
    {
      serialNumber: serialNumber(random),
      notBefore: now - backdatedMs,
      notAfter: Math.min(wanted, authority.notAfter),
      usages: spec.usages ?? [],
      subject,
      publicKey,
      ...(alternativeNames ? { alternativeNames } : {}),
    },
    authority,
  );
}

function lifeOf(seconds: number | undefined): Millis {
  if (seconds === undefined) return longestMs;
  return Math.min(longestMs, Math.max(shortestMs, seconds * second));
}

function serialNumber(random: Random): Uint8Array {
  const digits = random.uuid().replace(/-/g, "").match(/../g) ?? [];
  return Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16));
}
