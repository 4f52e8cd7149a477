// Fields of which a write takes no notice, for the server resets them anyway.
// Source: apiserver pkg/registry/rest ResetFieldsStrategy and ResetFieldsFilterStrategy, 1.34.
import { FieldSet } from "./fieldSet.ts";
import type { Path } from "./pathElement.ts";

export interface FieldFilter {
  /** What is left of a set of changed fields. */
  filter(fields: FieldSet): FieldSet;
  /** Fields of the object of which nothing is ever left: they need not be looked at. */
  readonly ignored: readonly string[];
}

export const everyField: FieldFilter = { filter: (fields) => fields, ignored: [] };

/** All but what is at the paths and beneath them. */
export function exceptFields(...paths: readonly Path[]): FieldFilter {
  const reset = FieldSet.of(...paths);
  return {
    filter: (fields) => fields.recursiveDifference(reset),
    ignored: paths.flatMap(([name, ...rest]) =>
      rest.length === 0 && typeof name === "string" ? [name] : [],
    ),
  };
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
  return { filter: (fields) => keep(fields, patterns), ignored: [] };
}
