// CertificateApproval: whoever approves a request must be trusted with its signer.
// Source: plugin/pkg/admission/certificates/approval, 1.34.
import type { Authorizer } from "../authorizer.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { confirmSigner, isRequestUpdateAt } from "./signerAuthority.ts";

export function certificateApproval(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: "CertificateApproval",
    validate(request) {
      if (isRequestUpdateAt("approval", request)) confirmSigner(authorizer, "approve", request);
    },
  };
}
