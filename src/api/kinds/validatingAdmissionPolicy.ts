// ValidatingAdmissionPolicy: rules in CEL that objects must meet, once a binding puts them in force.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ValidatingAdmissionPolicy as PolicyObject } from "../types.ts";
import {
  validateAdmissionPolicy,
  validateAdmissionPolicyStatus,
} from "./admissionRegistration/policy.ts";
import { setMatchDefaults } from "./admissionRegistration/webhookDefaults.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { keepMetadata } from "./keepMetadata.ts";

export const ValidatingAdmissionPolicy = defineKind<PolicyObject>({
  gvk: gvk("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy"),
  plural: "validatingadmissionpolicies",
  categories: ["api-extensions"],
  namespaced: false,
  subresources: ["status"],
  checksFinalizerNames: false,
  allowsUnconditionalUpdate: false,
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Validations", "integer", ({ spec }) => spec.validations?.length ?? 0, {
      description:
        "Validations indicates the number of validation rules defined in this configuration",
    }),
    column(
      "ParamKind",
      "string",
      ({ spec: { paramKind } }) =>
        paramKind ? `${paramKind.apiVersion ?? ""}/${paramKind.kind ?? ""}` : "<unset>",
      {
        description: "ParamKind specifies the kind of resources used to parameterize this policy",
      },
    ),
    ageColumn,
  ],
  setDefaults({ spec }) {
    spec.failurePolicy ??= "Fail";
    setMatchDefaults(spec.matchConstraints);
  },
  prepareForCreate(policy) {
    policy.status = {};
  },
  prepareForSubresource: (_subresource, policy, old) => keepMetadata(policy, old),
  validate: validateAdmissionPolicy,
  validateStatusUpdate: validateAdmissionPolicyStatus,
});
