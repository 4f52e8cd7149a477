// Functions as expressions may call them: by name, in overloads that differ in their types.
import {
  type CelType,
  dynType,
  listType,
  mapType,
  opaqueType,
  optionalType,
  partsOf,
} from "./celType.ts";
import { CelList, CelMap, CelOptional, type CelValue, isOpaque, typeNameOf } from "./value.ts";

export interface Overload {
  readonly id: string;
  /** Called as target.function(...); the target is the first parameter. */
  readonly isMember: boolean;
  readonly params: readonly CelType[];
  readonly result: CelType;
  readonly typeParams: readonly string[];
  /** @throws CelError */
  call(args: readonly CelValue[]): CelValue;
}

export interface FunctionDeclaration {
  readonly name: string;
  readonly overloads: readonly Overload[];
}

type Implementation = (...args: never[]) => CelValue;

/** What a library adds to the language. */
export interface CelLibrary {
  readonly functions: readonly FunctionDeclaration[];
}

/**
 * An overload from its signature, e.g. "list<A>.indexOf(A) -> int"; single capitals are parameters.
 * The implementation may rely on the types of its arguments.
 */
export function overload(id: string, signature: string, call: Implementation): Overload {
  const match = /^(?:(.+?)\.)?\w*\((.*)\) -> (.+)$/.exec(signature);
  const [, target, args = "", result = "dyn"] = match ?? [];
  const params = [...(target === undefined ? [] : [target]), ...splitTypes(args)].map(readType);
  const all = [...params, readType(result)];
  return {
    id,
    isMember: target !== undefined,
    params,
    result: readType(result),
    typeParams: [...new Set(all.flatMap(paramNames))],
    call: (values) => (call as unknown as (...args: readonly CelValue[]) => CelValue)(...values),
  };
}

export function declare(name: string, ...overloads: readonly Overload[]): FunctionDeclaration {
  return { name, overloads };
}

const simpleTypes: Readonly<Record<string, CelType>> = {
  bool: { kind: "bool" },
  int: { kind: "int" },
  uint: { kind: "uint" },
  double: { kind: "double" },
  string: { kind: "string" },
  bytes: { kind: "bytes" },
  null_type: { kind: "null" },
  timestamp: { kind: "timestamp" },
  duration: { kind: "duration" },
  dyn: dynType,
  type: { kind: "type" },
};

function readType(text: string): CelType {
  const generic = /^(list|map|optional|type)<(.+)>$/.exec(text);
  if (!generic)
    return (
      simpleTypes[text] ?? (/^[A-Z]$/.test(text) ? { kind: "param", name: text } : opaqueType(text))
    );
  const [first = dynType, second = dynType] = splitTypes(generic[2] ?? "").map(readType);
  if (generic[1] === "list") return listType(first);
  if (generic[1] === "map") return mapType(first, second);
  return generic[1] === "optional" ? optionalType(first) : { kind: "type", of: first };
}

/** Splits at commas that are not within angle brackets. */
function splitTypes(text: string): readonly string[] {
  return text === "" ? [] : text.split(/,\s*(?![^<]*>)/);
}

function paramNames(type: CelType): readonly string[] {
  return type.kind === "param" ? [type.name] : partsOf(type).flatMap(paramNames);
}

const runtimeNames: Readonly<Record<string, string>> = {
  null: "null_type",
  timestamp: "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
};

/** Whether a value may be passed for a parameter, as far as that shows without looking into it. */
export function fitsParameter(type: CelType, value: CelValue): boolean {
  switch (type.kind) {
    case "dyn":
    case "param":
    case "error":
      return true;
    case "list":
      return value instanceof CelList;
    case "map":
    case "struct":
      return value instanceof CelMap;
    case "opaque":
      if (type.name === "optional_type") return value instanceof CelOptional;
      return isOpaque(value) && value.opaqueType === type.name;
    default:
      return typeNameOf(value) === (runtimeNames[type.kind] ?? type.kind);
  }
}
