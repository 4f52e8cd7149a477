// ValidatingAdmissionPolicyBinding: puts a policy in force, for some objects and with some parameters.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import { labelSelectorOf } from "../selector.ts";
import type { ValidatingAdmissionPolicyBinding as BindingObject } from "../types.ts";
import { validateAdmissionPolicyBinding } from "./admissionRegistration/policyBinding.ts";
import { setMatchDefaults } from "./admissionRegistration/webhookDefaults.ts";
import { ageColumn, nameColumn } from "./columns.ts";

export const ValidatingAdmissionPolicyBinding = defineKind<BindingObject>({
  gvk: gvk("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding"),
  plural: "validatingadmissionpolicybindings",
  categories: ["api-extensions"],
  namespaced: false,
  checksFinalizerNames: false,
  allowsUnconditionalUpdate: false,
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("PolicyName", "string", ({ spec }) => spec.policyName ?? "", {
      description: "PolicyName indicates the policy definition which the policy binding binded to",
    }),
    column("ParamRef", "string", paramText, {
      description: "ParamRef indicates the param resource which sets the configration param",
    }),
    ageColumn,
  ],
  setDefaults: ({ spec }) => setMatchDefaults(spec.matchResources),
  validate: validateAdmissionPolicyBinding,
});

/** The name of the parameters, in any namespace if none is named, or a selector of them. */
function paramText({ spec: { paramRef } }: BindingObject): string {
  const { name, namespace, selector } = paramRef ?? {};
  if (name) return `${namespace || "*"}/${name}`;
  return selector ? labelSelectorOf(selector).text : "<unset>";
}
