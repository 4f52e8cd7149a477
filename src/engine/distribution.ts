// What a distribution of Kubernetes adds to what all of them have.
import { kubeadmPolicy } from "./bootstrap/rbac/kubeadmPolicy.ts";
import { conformancePolicy, type Policy } from "./bootstrap/rbac/policy.ts";
import type { AdmissionPlugin } from "./registry/admission/admission.ts";
import { serviceCa } from "./registry/admission/serviceCa.ts";

export interface Distribution {
  /** The roles and bindings that are there from the start. */
  readonly policy: Policy;
  /** Admission plugins beside kube-apiserver's own. */
  readonly admission: readonly AdmissionPlugin[];
}

export const kubeadm: Distribution = { policy: kubeadmPolicy, admission: [] };

/** The one whose answers the conformance profile is compared with. */
export const conformanceDistribution: Distribution = {
  policy: conformancePolicy,
  admission: [serviceCa],
};
