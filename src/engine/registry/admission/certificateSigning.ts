// CertificateSigning: only who is a signer answers its requests.
// Source: plugin/pkg/admission/certificates/signing, 1.34.
import { dequal } from "dequal";
import type { CertificateSigningRequest as RequestObject } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import type { Authorizer } from "../authorizer.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { confirmSigner, isRequestUpdateAt } from "./signerAuthority.ts";

export function certificateSigning(authorizer: Authorizer): AdmissionPlugin {
  return {
    name: "CertificateSigning",
    validate(request) {
      if (!isRequestUpdateAt("status", request)) return;
      const { status: now } = request.object as Draft<RequestObject>;
      const { status: before } = request.old as RequestObject;
      const isSame =
        (now?.certificate ?? "") === (before?.certificate ?? "") &&
        dequal(now?.conditions ?? [], before?.conditions ?? []);
      if (!isSame) confirmSigner(authorizer, "sign", request);
    },
  };
}
