// certificatesigningrequest-approving-controller: approves what kubelets ask for as clients, if they may
// have it. Source: pkg/controller/certificates/approver/sarapprove.go, kubernetes v1.34.

import {
  type CertificateRequest,
  parseCertificateRequest,
} from "../../../api/kinds/certificateSigningRequest/certificateRequest.ts";
import { CertificateSigningRequest } from "../../../api/kinds/certificateSigningRequest.ts";
import { SubjectAccessReview } from "../../../api/kinds/reviews/kinds.ts";
import { keyOf } from "../../../api/object.ts";
import type { CertificateSigningRequest as RequestObject } from "../../../api/types.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "../controller.ts";
import { hasCondition } from "./conditions.ts";
import { kubeletClientError } from "./kubeletRequests.ts";

const signerName = "kubernetes.io/kube-apiserver-client-kubelet";

interface Recognizer {
  recognizes(request: CertificateRequest, of: RequestObject): boolean;
  /** Whoever may create this subresource has such requests approved. */
  readonly subresource: string;
  readonly message: string;
}

const recognizers: readonly Recognizer[] = [
  {
    recognizes: ({ commonName }, { spec }) => spec.username === commonName,
    subresource: "selfnodeclient",
    message: "Auto approving self kubelet client certificate after SubjectAccessReview.",
  },
  {
    recognizes: () => true,
    subresource: "nodeclient",
    message: "Auto approving kubelet client certificate after SubjectAccessReview.",
  },
];

export const certificateApproving: ControllerFactory = () => ({
  name: "certificatesigningrequest-approving-controller",
  account: "certificate-controller",
  triggers: [trigger(CertificateSigningRequest, ({ now }) => (now ? [keyOf(now)] : []))],
  reconcile(key, context) {
    const request = context.cache(CertificateSigningRequest).get(key);
    if (!request || request.status?.certificate) return undefined;
    if (hasCondition(request, "Approved") || hasCondition(request, "Denied")) return undefined;
    const parsed = parseCertificateRequest(request.spec.request);
    if (typeof parsed === "string" || !isOfKubelet(request, parsed)) return undefined;
    const match = recognizers.find(
      (each) => each.recognizes(parsed, request) && mayHave(request, each.subresource, context),
    );
    if (match) approve(request, match.message, context);
    return undefined;
  },
});

function isOfKubelet({ spec }: RequestObject, parsed: CertificateRequest): boolean {
  return (
    spec.signerName === signerName && kubeletClientError(parsed, spec.usages ?? []) === undefined
  );
}

function mayHave(
  { spec }: RequestObject,
  subresource: string,
  { client }: ControllerContext,
): boolean {
  const { apiVersion, gvk } = SubjectAccessReview;
  const review = client.create(SubjectAccessReview, {
    apiVersion,
    kind: gvk.kind,
    metadata: { name: "" },
    spec: {
      ...(spec.username ? { user: spec.username } : {}),
      ...(spec.uid ? { uid: spec.uid } : {}),
      ...(spec.groups ? { groups: spec.groups } : {}),
      ...(spec.extra ? { extra: spec.extra } : {}),
      resourceAttributes: {
        group: CertificateSigningRequest.gvk.group,
        version: "*",
        resource: CertificateSigningRequest.plural,
        subresource,
        verb: "create",
      },
    },
  });
  return review.status?.allowed ?? false;
}

function approve(request: RequestObject, message: string, { client }: ControllerContext): void {
  const approval = { type: "Approved", status: "True", reason: "AutoApproved", message };
  const conditions = [...(request.status?.conditions ?? []), approval];
  client.updateSubresource(
    CertificateSigningRequest,
    { ...request, status: { ...request.status, conditions } },
    "approval",
  );
}
