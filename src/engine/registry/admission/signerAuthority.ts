// Who may act for a signer of certificates. Source: pkg/certauthorization, 1.34.
import { CertificateSigningRequest } from "../../../api/kinds/certificateSigningRequest.ts";
import type { CertificateSigningRequest as RequestObject } from "../../../api/types.ts";
import type { UserInfo } from "../../../api/user.ts";
import type { Authorizer } from "../authorizer.ts";
import { type AdmissionRequest, admissionError } from "./admission.ts";

export function isRequestUpdateAt(subresource: string, request: AdmissionRequest): boolean {
  return (
    request.operation === "UPDATE" &&
    request.kind.resource === CertificateSigningRequest.resource &&
    request.subresource === subresource
  );
}

/** @throws ApiError Forbidden */
export function confirmSigner(
  authorizer: Authorizer,
  verb: "approve" | "sign",
  request: AdmissionRequest,
): void {
  const { signerName } = (request.old as RequestObject).spec;
  if (!mayActFor(authorizer, request.user, verb, signerName))
    throw admissionError(
      request,
      `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`,
    );
}

/** A role names the signer, or all of its domain: "example.com/*". */
function mayActFor(
  authorizer: Authorizer,
  user: UserInfo,
  verb: string,
  signerName: string,
): boolean {
  const [domain = ""] = signerName.split("/");
  return [signerName, `${domain}/*`].some(
    (name) =>
      authorizer.authorize(user, {
        verb,
        apiGroup: CertificateSigningRequest.gvk.group,
        apiVersion: "*",
        resource: "signers",
        namespace: "",
        name,
      }).allowed,
  );
}
