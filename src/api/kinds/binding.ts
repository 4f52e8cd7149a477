// Binding: puts a Pod on a node. Created, done, and not kept.
import { defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { Binding as BindingObject } from "../types.ts";

export const Binding = defineKind<BindingObject>({
  gvk: gvk("", "v1", "Binding"),
  plural: "bindings",
  namespaced: true,
  unstored: true,
  verbs: ["create"],
});
