// LimitRange: what one container, Pod or claim of a namespace may ask for, and what it asks by default.
import { defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { LimitRange as LimitRangeObject } from "../types.ts";
import { createdAtColumn, nameColumn } from "./columns.ts";
import { setLimitRangeDefaults, validateLimitRange } from "./limitRange/validation.ts";

export const LimitRange = defineKind<LimitRangeObject>({
  gvk: gvk("", "v1", "LimitRange"),
  plural: "limitranges",
  shortNames: ["limits"],
  namespaced: true,
  allowsCreateOnUpdate: true,
  columns: [nameColumn, createdAtColumn],
  /** One without a name gets a random one. Source: pkg/registry/core/limitrange strategy. */
  prepareForCreate({ metadata }, { newUid }) {
    metadata.name ||= newUid();
  },
  setDefaults: setLimitRangeDefaults,
  validate: validateLimitRange,
});
