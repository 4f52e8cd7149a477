// CertificateSigningRequest: a certificate that someone asks for, approved by one and signed by another.
import { type Draft, draft } from "../../base/draft.ts";
import { formatTime, humanDuration, second } from "../../base/time.ts";
import { column, defineKind, type Kind, type WriteContext } from "../kind.ts";
import { gvk } from "../object.ts";
import type { CertificateSigningRequest as RequestObject } from "../types.ts";
import type { RequestSignatureCheck } from "./certificateSigningRequest/certificateRequest.ts";
import {
  validateApprovalUpdate,
  validateRequest,
  validateRequestUpdate,
  validateSigningUpdate,
} from "./certificateSigningRequest/validation.ts";
import { ageColumn, nameColumn } from "./columns.ts";

export const CertificateSigningRequest = defineKind<RequestObject>({
  gvk: gvk("certificates.k8s.io", "v1", "CertificateSigningRequest"),
  plural: "certificatesigningrequests",
  shortNames: ["csr"],
  namespaced: false,
  subresources: ["approval", "status"],
  nameRule: () => [],
  fields: { "spec.signerName": ({ spec }) => spec.signerName },
  columns: [
    nameColumn,
    ageColumn,
    column("SignerName", "string", ({ spec }) => spec.signerName || "<none>", {
      field: "certificates.v1.CertificateSigningRequestSpec.signerName",
    }),
    column("Requestor", "string", ({ spec }) => spec.username ?? "", {
      field: "certificates.v1.CertificateSigningRequestSpec.request",
    }),
    column(
      "RequestedDuration",
      "string",
      ({ spec: { expirationSeconds: seconds } }) =>
        seconds === undefined ? "<none>" : humanDuration(seconds * second),
      { field: "certificates.v1.CertificateSigningRequestSpec.expirationSeconds" },
    ),
    column("Condition", "string", conditionText, {
      field: "certificates.v1.CertificateSigningRequestStatus.conditions",
    }),
  ],
  /** Who asks is known from the request, whatever the object says. */
  prepareForCreate(request, { user }) {
    const { username: _, uid: __, groups: ___, extra: ____, ...asked } = request.spec;
    request.spec = {
      ...asked,
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      groups: [...user.groups],
      ...(user.extra ? { extra: draft(user.extra) } : {}),
    };
    request.status = {};
  },
  prepareForUpdate(request, old) {
    request.spec = draft(old.spec);
  },
  prepareForSubresource(subresource, request, old, context) {
    if (subresource === "status") keepApproval(request, old);
    stampConditions(request, old, context);
    const { certificate } = old.status ?? {};
    if (subresource !== "approval") return;
    const { conditions } = request.status ?? {};
    request.status = {
      ...(certificate === undefined ? {} : { certificate }),
      ...(conditions === undefined ? {} : { conditions }),
    };
  },
  validate: (request) => validateRequest(request),
  validateUpdate: validateRequestUpdate,
  validateStatusUpdate: validateSigningUpdate,
  validateSubresourceUpdate: (_subresource, request, old) => validateApprovalUpdate(request, old),
});

/** The kind where the platform can check signatures. Requests never change, so that once is enough. */
export function withSignatureCheck(check: RequestSignatureCheck): Kind<RequestObject> {
  return {
    ...CertificateSigningRequest,
    validate: (request) => validateRequest(request, check),
  };
}

/** Source: printers.go extractCSRStatus. */
function conditionText({ status }: RequestObject): string {
  const has = (wanted: string): boolean =>
    status?.conditions?.some(({ type }) => type === wanted) ?? false;
  const states = [has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending"];
  if (has("Failed")) states.push("Failed");
  if (status?.certificate) states.push("Issued");
  return states.join(",");
}

/** A signer may leave the approval's conditions as they are, not change them. */
function keepApproval(request: Draft<RequestObject>, old: RequestObject): void {
  for (const type of ["Approved", "Denied"]) {
    const before = (old.status?.conditions ?? []).filter((condition) => condition.type === type);
    const now = request.status?.conditions ?? [];
    if (now.filter((condition) => condition.type === type).length !== before.length) continue;
    let next = 0;
    for (const [i, condition] of now.entries())
      if (condition.type === type) now[i] = draft(before[next++] ?? condition);
  }
}

/** Source: populateConditionTimestamps. */
function stampConditions(
  { status }: Draft<RequestObject>,
  old: RequestObject,
  { now }: WriteContext,
): void {
  for (const condition of status?.conditions ?? []) {
    condition.lastUpdateTime ??= formatTime(now);
    const same = old.status?.conditions?.find(
      ({ type, status: is }) => type === condition.type && is === condition.status,
    );
    condition.lastTransitionTime ??= same?.lastTransitionTime ?? formatTime(now);
  }
}
