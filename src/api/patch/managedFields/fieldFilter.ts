// Fields of which a write takes no notice, for the server resets them anyway.
// Source: apiserver pkg/registry/rest ResetFieldsStrategy and ResetFieldsFilterStrategy, 1.34.
import { FieldSet } from "./fieldSet.ts";
import type { Path } from "./pathElement.ts";

/** What is left of a set of changed fields. */
export type FieldFilter = (fields: FieldSet) => FieldSet;

export const everyField: FieldFilter = (fields) => fields;

/** All but what is at the paths and beneath them. */
export function exceptFields(...paths: readonly Path[]): FieldFilter {
  const reset = FieldSet.of(...paths);
  return (fields) => fields.recursiveDifference(reset);
}

/** Only what is at the paths, beneath them or on the way; "*" stands for any step. */
export function onlyFields(...patterns: readonly (readonly string[])[]): FieldFilter {
  const keep = (fields: FieldSet, rests: readonly (readonly string[])[]): FieldSet => {
    if (rests.some((rest) => rest.length === 0)) return fields;
    return fields.mapNodes(({ element, isMember, children }) => {
      const matching = rests.filter(([step]) => step === "*" || step === element);
      if (matching.length === 0) return { isMember: false, children: FieldSet.empty };
      return {
        isMember,
        children: keep(
          children,
          matching.map((rest) => rest.slice(1)),
        ),
      };
    });
  };
  return (fields) => keep(fields, patterns);
}
