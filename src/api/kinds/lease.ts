// Lease: the sign of life that every kubelet renews.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Lease as LeaseObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { validateLease } from "./lease/validation.ts";

export const Lease = defineKind<LeaseObject>({
  gvk: gvk("coordination.k8s.io", "v1", "Lease"),
  plural: "leases",
  namespaced: true,
  checksFinalizerNames: false,
  allowsCreateOnUpdate: true,
  allowsUnconditionalUpdate: false,
  columns: [
    nameColumn,
    column("Holder", "string", ({ spec }) => spec.holderIdentity ?? "", {
      field: "coordination.v1.LeaseSpec.holderIdentity",
    }),
    ageColumn,
  ],
  validate: validateLease,
});

/** Where kubelets keep their Leases. */
export const nodeLeaseNamespace = "kube-node-lease";
