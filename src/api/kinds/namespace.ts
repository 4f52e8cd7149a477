// Namespace: the scope of names. It stays Terminating until everything in it is gone.
import { allVerbs, column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Namespace as NamespaceObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  setNamespaceDefaults,
  validateNamespace,
  validateNamespaceFinalizers,
  validateNamespaceStatusUpdate,
  validateNamespaceUpdate,
} from "./namespace/validation.ts";

export const Namespace = defineKind<NamespaceObject>({
  gvk: gvk("", "v1", "Namespace"),
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  subresources: ["status", "finalize"],
  nameRule: "dnsLabel",
  verbs: allVerbs.filter((verb) => verb !== "deletecollection"),
  fields: { "status.phase": (namespace) => namespace.status?.phase ?? "" },
  columns: [
    nameColumn,
    column("Status", "string", ({ status }) => status?.phase ?? "", {
      description: "The status of the namespace",
    }),
    ageColumn,
  ],
  prepareForCreate(namespace) {
    namespace.status = { phase: "Active" };
    const finalizers = namespace.spec?.finalizers ?? [];
    namespace.spec = {
      finalizers: finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"],
    };
  },
  prepareForDelete(namespace) {
    namespace.status = { ...namespace.status, phase: "Terminating" };
  },
  prepareForUpdate(namespace, old) {
    namespace.spec = { ...(old.spec.finalizers ? { finalizers: [...old.spec.finalizers] } : {}) };
  },
  setDefaults: setNamespaceDefaults,
  validate: validateNamespace,
  validateUpdate: validateNamespaceUpdate,
  validateStatusUpdate: validateNamespaceStatusUpdate,
  validateSubresourceUpdate: (_finalize, namespace) => validateNamespaceFinalizers(namespace),
});
