// The types of expressions and how errors name them. Source: cel-go v0.26 common/types/types.go and
// checker/format.go.

export type CelType =
  | { readonly kind: SimpleKind }
  | ListType
  | MapType
  | StructType
  | OpaqueType
  | { readonly kind: "type"; readonly of?: CelType }
  | { readonly kind: "param"; readonly name: string };

export type SimpleKind =
  | "bool"
  | "int"
  | "uint"
  | "double"
  | "string"
  | "bytes"
  | "null"
  | "timestamp"
  | "duration"
  | "dyn"
  | "error";

export interface ListType {
  readonly kind: "list";
  readonly element: CelType;
}

export interface MapType {
  readonly kind: "map";
  readonly key: CelType;
  readonly value: CelType;
}

/** An object with known fields. Two of the same name are the same type. */
export interface StructType {
  readonly kind: "struct";
  readonly name: string;
  field(name: string): CelType | undefined;
}

/** A type known by its name and parameters only: "optional_type", "kubernetes.Quantity". */
export interface OpaqueType {
  readonly kind: "opaque";
  readonly name: string;
  readonly parameters: readonly CelType[];
}

export const boolType: CelType = { kind: "bool" };
export const intType: CelType = { kind: "int" };
export const stringType: CelType = { kind: "string" };
export const dynType: CelType = { kind: "dyn" };
export const errorType: CelType = { kind: "error" };

export function listType(element: CelType): ListType {
  return { kind: "list", element };
}

export function mapType(key: CelType, value: CelType): MapType {
  return { kind: "map", key, value };
}

export function opaqueType(name: string, ...parameters: CelType[]): OpaqueType {
  return { kind: "opaque", name, parameters };
}

export function optionalType(of: CelType): OpaqueType {
  return opaqueType("optional_type", of);
}

/** The type within optional(T); undefined for other types. */
export function optionalOf(type: CelType): CelType | undefined {
  return type.kind === "opaque" && type.name === "optional_type" ? type.parameters[0] : undefined;
}

export function isDynOrError({ kind }: CelType): boolean {
  return kind === "dyn" || kind === "error";
}

/** The types that a type is made of, in order. */
export function partsOf(type: CelType): readonly CelType[] {
  switch (type.kind) {
    case "list":
      return [type.element];
    case "map":
      return [type.key, type.value];
    case "opaque":
      return type.parameters;
    case "type":
      return type.of ? [type.of] : [];
    default:
      return [];
  }
}

/** The type with its parts replaced. */
export function withParts(type: CelType, parts: readonly CelType[]): CelType {
  switch (type.kind) {
    case "list":
      return listType(parts[0] ?? dynType);
    case "map":
      return mapType(parts[0] ?? dynType, parts[1] ?? dynType);
    case "opaque":
      return { ...type, parameters: parts };
    case "type":
      return parts[0] ? { kind: "type", of: parts[0] } : type;
    default:
      return type;
  }
}

/** "list(string)", "map(string, dyn)": how messages name a type. */
export function typeText(type: CelType): string {
  const parts = partsOf(type).map(typeText);
  switch (type.kind) {
    case "error":
      return "!error!";
    case "struct":
      return type.name;
    case "param":
      return type.name;
    case "opaque":
      return parts.length === 0 ? type.name : `${type.name}(${parts.join(", ")})`;
    default:
      return parts.length === 0 ? type.kind : `${type.kind}(${parts.join(", ")})`;
  }
}

export function sameType(a: CelType, b: CelType): boolean {
  if (a.kind !== b.kind) return false;
  const named = (type: CelType) => ("name" in type ? type.name : "");
  const [left, right] = [partsOf(a), partsOf(b)];
  return (
    named(a) === named(b) &&
    left.length === right.length &&
    left.every((part, i) => sameType(part, right[i] as CelType))
  );
}
