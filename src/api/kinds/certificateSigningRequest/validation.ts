// CertificateSigningRequests. Source: pkg/apis/certificates/validation, kubernetes v1.34.
import { dequal } from "dequal";
import { duplicate, type FieldError, forbidden, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from "../../types.ts";
import { checkChoice, checkRequiredChoice, each } from "../../validation/fields.ts";
import { parseCertificateRequest, type RequestSignatureCheck } from "./certificateRequest.ts";
import { certificateError } from "./pem.ts";
import { validateSignerName } from "./signerName.ts";

const specPath = FieldPath.of("spec");
const conditionsPath = FieldPath.of("status", "conditions");
const certificatePath = FieldPath.of("status", "certificate");
const shortestSeconds = 600;
const usages = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];
const verdicts = ["Approved", "Denied"];
const lasting = [...verdicts, "Failed"];

/** @param check of the signature; any will do if absent */
export function validateRequest(
  { spec, status }: CertificateSigningRequest,
  check?: RequestSignatureCheck,
): FieldError[] {
  const parsed = parseCertificateRequest(spec.request ?? "");
  const requestProblem = typeof parsed === "string" ? parsed : check?.(parsed);
  const { usages: asked = [], expirationSeconds: seconds, signerName = "" } = spec;
  const signerPath = specPath.child("signerName");
  const certificateProblem = certificateError(status?.certificate ?? "");
  return [
    ...(requestProblem === undefined
      ? []
      : [invalid(specPath.child("request"), spec.request ?? null, requestProblem)]),
    ...(asked.length === 0 ? [required(specPath.child("usages"))] : []),
    ...each(asked, specPath.child("usages"), (usage, at) => checkChoice(usage, usages, at)),
    ...each(asked, specPath.child("usages"), (usage, at, i) =>
      asked.indexOf(usage) < i ? [duplicate(at, usage)] : [],
    ),
    ...(signerName === "kubernetes.io/legacy-unknown"
      ? [
          invalid(
            signerPath,
            signerName,
            "the legacy signerName is not allowed via this API version",
          ),
        ]
      : validateSignerName(signerName, signerPath)),
    ...(seconds !== undefined && seconds < shortestSeconds
      ? [
          invalid(
            specPath.child("expirationSeconds"),
            seconds,
            "may not specify a duration less than 600 seconds (10 minutes)",
          ),
        ]
      : []),
    ...validateConditions(status?.conditions ?? []),
    ...(certificateProblem === undefined
      ? []
      : [invalid(certificatePath, "<certificate data>", certificateProblem)]),
  ];
}

function validateConditions(
  conditions: readonly CertificateSigningRequestCondition[],
): FieldError[] {
  const seen = new Set<string>();
  return each(conditions, conditionsPath, ({ type = "", status }, at) => {
    const typePath = at.child("type");
    const values = lasting.includes(type) ? ["True"] : ["False", "True", "Unknown"];
    const errors = [
      ...(type === "" ? [required(typePath)] : []),
      ...checkRequiredChoice(status, values, at.child("status")),
    ];
    const opposite = verdicts.find((verdict) => verdict !== type) ?? "";
    if (verdicts.includes(type) && seen.has(opposite))
      errors.push(invalid(typePath, type, "Approved and Denied conditions are mutually exclusive"));
    if (seen.has(type)) errors.push(duplicate(typePath, type));
    seen.add(type);
    return errors;
  });
}

/** What the object itself may take: neither verdict nor certificate. */
export function validateRequestUpdate(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  return [
    ...validateRequest(request),
    ...validateKept(request, old),
    ...validateVerdicts(request, old),
    ...(sameCertificate(request, old)
      ? []
      : [forbidden(certificatePath, "updates may not set certificate content")]),
  ];
}

/** Of `status`: a signer adds the certificate, once. */
export function validateSigningUpdate(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  return [
    ...validateRequest(request),
    ...validateKept(request, old),
    ...validateVerdicts(request, old),
    ...(sameCertificate(request, old) || !old.status?.certificate
      ? []
      : [forbidden(certificatePath, "updates may not modify existing certificate content")]),
  ];
}

/** Of `approval`: an approver adds a verdict. */
export function validateApprovalUpdate(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  return [...validateRequest(request), ...validateKept(request, old)];
}

function validateKept(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  return lasting
    .filter((type) => ofType(request, type).length < ofType(old, type).length)
    .map((type) =>
      forbidden(conditionsPath, `updates may not remove a condition of type "${type}"`),
    );
}

function validateVerdicts(
  request: CertificateSigningRequest,
  old: CertificateSigningRequest,
): FieldError[] {
  return verdicts.flatMap((type) => {
    const [now, before] = [ofType(request, type), ofType(old, type)];
    if (now.length > before.length)
      return [forbidden(conditionsPath, `updates may not add a condition of type "${type}"`)];
    if (now.length < before.length || dequal(now, before)) return [];
    return [forbidden(conditionsPath, `updates may not modify a condition of type "${type}"\n`)];
  });
}

function ofType(
  { status }: CertificateSigningRequest,
  wanted: string,
): readonly CertificateSigningRequestCondition[] {
  return (status?.conditions ?? []).filter(({ type }) => type === wanted);
}

function sameCertificate(a: CertificateSigningRequest, b: CertificateSigningRequest): boolean {
  return (a.status?.certificate ?? "") === (b.status?.certificate ?? "");
}
