// Objects as the server prints them inside messages: its internal Go structs as JSON, with Go's field
// names, in Go's order, absent fields as null or zero.

/** What stands for an absent field: null for pointers, lists and maps, or a nested struct. */
export type GoField = readonly [
  name: string,
  json: string,
  absent: null | "" | 0 | false | GoShape,
];
export interface GoShape {
  readonly fields: readonly GoField[];
  /** True where the struct is held by value, and so is there even when absent. */
  readonly byValue?: boolean;
}

export function goShape(...fields: GoField[]): GoShape {
  return { fields };
}

/** The value to be printed as JSON. */
export function goValue(object: object, { fields }: GoShape): unknown {
  const values = object as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    fields.map(([name, json, absent]) => [name, fieldValue(values[json], absent)]),
  );
}

function fieldValue(value: unknown, absent: GoField[2]): unknown {
  if (absent === null || typeof absent !== "object") return value ?? absent;
  if (value === undefined) return absent.byValue ? goValue({}, absent) : null;
  if (Array.isArray(value)) return value.map((item) => goValue(item as object, absent));
  return goValue(value as object, absent);
}
