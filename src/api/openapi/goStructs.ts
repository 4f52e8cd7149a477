// The fields of Kubernetes' Go types: protobuf numbers, and what is a pointer, which decides whether
// a zero value is written. Made from k8s.io/api by scripts/reduceGoStructs.mjs.
import data from "./goStructs.json" with { type: "json" };

export interface GoField {
  readonly number: number;
  /** The JSON name; "" for an embedded struct, whose fields stand beside the others. */
  readonly name: string;
  /** "string", "bool", "int32", "int64", "double", "bytes", or a definition: "core.v1.PodSpec". */
  readonly type: string;
  readonly shape: "value" | "pointer" | "list" | "map";
  /** Go writes it even when it is zero: an empty list, map or pointer as null. */
  readonly isKept: boolean;
}

/** The fields of a struct in the order of its declaration. */
export type GoStruct = readonly GoField[];

const texts: Readonly<Record<string, string>> = data.structs;
const read = new Map<string, GoStruct>();

/** The struct of a definition ("core.v1.Pod"); undefined for one that no kind needs. */
export function goStruct(definition: string): GoStruct | undefined {
  const known = read.get(definition);
  if (known) return known;
  const text = Object.hasOwn(texts, definition) ? texts[definition] : undefined;
  if (text === undefined) return undefined;
  const struct = text === "" ? [] : text.split(",").map(readField);
  read.set(definition, struct);
  return struct;
}

const shapes = [
  ["*", "pointer"],
  ["[]", "list"],
  ["{}", "map"],
] as const;

/** "3 replicas *int32"; a "!" at the end marks a kept field. */
function readField(text: string): GoField {
  const [number, name = "", marked = ""] = text.split(" ");
  const isKept = marked.endsWith("!");
  const [mark, shape] = shapes.find(([start]) => marked.startsWith(start)) ?? ["", "value"];
  const type = marked.slice(mark.length, isKept ? -1 : undefined);
  return { number: Number(number), name, type, shape, isKept };
}
