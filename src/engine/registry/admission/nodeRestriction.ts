// NodeRestriction: kubelets write only what is theirs, so that one that was taken over does not take
// the cluster with it. Source: plugin/pkg/admission/noderestriction, 1.34.
import { dequal } from "dequal";
import { parseCertificateRequest } from "../../../api/kinds/certificateSigningRequest/certificateRequest.ts";
import type {
  CertificateSigningRequest,
  PersistentVolumeClaim,
  ResourceSlice,
} from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { nodeOf } from "../authorization/node/nodeIdentity.ts";
import {
  type AdmissionContext,
  type AdmissionPlugin,
  type AdmissionRequest,
  admissionError,
} from "./admission.ts";
import { nodeRefusal } from "./nodeRestriction/nodes.ts";
import { podRefusal } from "./nodeRestriction/pods.ts";
import { tokenRefusal } from "./nodeRestriction/tokens.ts";

/** Why a node may not do it, in words; undefined if it may. @throws ApiError NotFound */
export type NodeRule = (
  node: string,
  request: AdmissionRequest,
  context: AdmissionContext,
) => string | undefined;

export const nodeRestriction: AdmissionPlugin = {
  name: "NodeRestriction",
  admit(request, context) {
    const { user, kind } = request;
    const node = nodeOf(user);
    if (node === undefined) return;
    if (node === "")
      throw admissionError(
        request,
        `could not determine node from user ${JSON.stringify(user.name)}`,
      );
    const refusal = rules[kind.resource]?.(node, request, context);
    if (refusal !== undefined) throw admissionError(request, refusal);
  },
};

const rules: Readonly<Record<string, NodeRule>> = {
  pods: podRefusal,
  nodes: nodeRefusal,
  persistentvolumeclaims: claimRefusal,
  serviceaccounts: tokenRefusal,
  "leases.coordination.k8s.io": leaseRefusal,
  "csinodes.storage.k8s.io": csiNodeRefusal,
  "certificatesigningrequests.certificates.k8s.io": certificateRefusal,
  "resourceslices.resource.k8s.io": sliceRefusal,
};

function claimRefusal(
  node: string,
  { operation, subresource, object, old }: AdmissionRequest,
): string | undefined {
  if (subresource !== "status") return "may only update PVC status";
  if (operation !== "UPDATE") return `unexpected operation ${JSON.stringify(operation)}`;
  const [now, before] = [object, old].map((claim) => withoutReport(claim as PersistentVolumeClaim));
  return dequal(now, before)
    ? undefined
    : `node ${JSON.stringify(node)} is not allowed to update fields other than status.quantity and status.conditions`;
}

/** The claim without what kubelets say of it: its size, and how its growing goes. */
function withoutReport({ metadata, status = {}, ...claim }: PersistentVolumeClaim): object {
  const { resourceVersion: _, managedFields: __, ...kept } = metadata;
  const {
    capacity: ___,
    conditions: ____,
    allocatedResources: _____,
    allocatedResourceStatuses: ______,
    ...state
  } = status;
  return { ...claim, metadata: kept, status: state };
}

const leaseNamespace = "kube-node-lease";

function leaseRefusal(node: string, request: AdmissionRequest): string | undefined {
  if (request.key.namespace !== leaseNamespace)
    return `can only access leases in the "${leaseNamespace}" system namespace`;
  return request.key.name === node
    ? undefined
    : "can only access node lease with the same name as the requesting node";
}

function csiNodeRefusal(node: string, request: AdmissionRequest): string | undefined {
  return request.key.name === node
    ? undefined
    : "can only access CSINode with the same name as the requesting node";
}

function sliceRefusal(node: string, request: AdmissionRequest): string | undefined {
  const { operation, object, old } = request;
  if (operation !== "CREATE" && operation !== "DELETE") return undefined;
  const slice = (operation === "CREATE" ? object : old) as ResourceSlice;
  return slice.spec.nodeName === node
    ? undefined
    : `can only ${operation.toLowerCase()} ResourceSlice with the same NodeName as the requesting node`;
}

const ownSigners = ["kubernetes.io/kubelet-serving", "kubernetes.io/kube-apiserver-client-kubelet"];

function certificateRefusal(
  node: string,
  { operation, object }: AdmissionRequest,
): string | undefined {
  if (operation !== "CREATE") return undefined;
  const { spec } = object as Draft<CertificateSigningRequest>;
  if (!ownSigners.includes(spec.signerName)) return undefined;
  const parsed = parseCertificateRequest(spec.request);
  if (typeof parsed === "string") return `unable to parse csr: ${parsed}`;
  return parsed.commonName === `system:node:${node}`
    ? undefined
    : `can only create a node CSR with CN=system:node:${node}`;
}
