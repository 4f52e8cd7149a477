// IngressClass: which controller serves the Ingresses that name it.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { IngressClass as IngressClassObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  setIngressClassDefaults,
  validateIngressClass,
  validateIngressClassUpdate,
} from "./ingress/ingressClass.ts";

export const IngressClass = defineKind<IngressClassObject>({
  gvk: gvk("networking.k8s.io", "v1", "IngressClass"),
  plural: "ingressclasses",
  namespaced: false,
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Controller", "string", ({ spec }) => spec.controller ?? "", {
      description: "Controller that is responsible for handling this class",
    }),
    column("Parameters", "string", parametersText, {
      description: "A reference to a resource with additional parameters",
    }),
    ageColumn,
  ],
  setDefaults: setIngressClassDefaults,
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
});

function parametersText({ spec: { parameters } }: IngressClassObject): string {
  if (!parameters) return "<none>";
  const { kind, apiGroup, name } = parameters;
  return apiGroup === undefined ? `${kind}/${name}` : `${kind}.${apiGroup}/${name}`;
}
