// Fields that Go leaves out of an object when they are zero: "", 0, false, [] or {} is there no more once
// the object was decoded. Pointers, structs by value and what is required tell zero from absent.
// Source: the omitempty tags of k8s.io/api, 1.34.
import { goStruct } from "./goStructs.ts";
import { structure } from "./structure.ts";

const known = new Map<string, ReadonlySet<string>>();

/** Of a definition ("core.v1.PodSpec"); none for what is no struct. */
export function omittedZeros(definition: string): ReadonlySet<string> {
  const found = known.get(definition) ?? make(definition);
  known.set(definition, found);
  return found;
}

function make(definition: string): ReadonlySet<string> {
  const { required = [] } = structure.definitions[definition] ?? {};
  const fields = (goStruct(definition) ?? []).filter(
    ({ name, shape, type, isKept }) =>
      !isKept &&
      !required.includes(name) &&
      shape !== "pointer" &&
      // Types with a package are structs.
      (shape !== "value" || !type.includes(".")),
  );
  return new Set(fields.map(({ name }) => name));
}

export function isZero(value: unknown): boolean {
  if (typeof value !== "object" || value === null)
    return value === "" || value === 0 || value === false;
  return Object.keys(value).length === 0;
}
