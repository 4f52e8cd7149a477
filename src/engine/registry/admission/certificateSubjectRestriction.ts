// CertificateSubjectRestriction: nobody gets a certificate that makes them a master.
// Source: plugin/pkg/admission/certificates/subjectrestriction, 1.34.

import { parseCertificateRequest } from "../../../api/kinds/certificateSigningRequest/certificateRequest.ts";
import { CertificateSigningRequest } from "../../../api/kinds/certificateSigningRequest.ts";
import type { CertificateSigningRequest as RequestObject } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { type AdmissionPlugin, admissionError } from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";

const clientSigner = "kubernetes.io/kube-apiserver-client";
const masters = "system:masters";

export const certificateSubjectRestriction: AdmissionPlugin = {
  name: "CertificateSubjectRestriction",
  validate(request) {
    if (!isWriteOf(CertificateSigningRequest, request, "CREATE")) return;
    const { spec } = request.object as Draft<RequestObject>;
    if (spec.signerName !== clientSigner) return;
    const parsed = parseCertificateRequest(spec.request);
    if (typeof parsed === "string") throw admissionError(request, `failed to parse CSR: ${parsed}`);
    if (parsed.organizations.includes(masters))
      throw admissionError(
        request,
        `use of ${clientSigner} signer with ${masters} group is not allowed`,
      );
  },
};
