// Eviction: asks that a Pod goes, if its disruption budget allows. Not a resource, but what the
// subresource "eviction" of a Pod takes.
import { defineKind } from "../kind.ts";
import { gvk, type KubeObject } from "../object.ts";

export const Eviction = defineKind<KubeObject>({
  gvk: gvk("policy", "v1", "Eviction"),
  plural: "evictions",
  namespaced: true,
  unstored: true,
  verbs: ["create"],
});
