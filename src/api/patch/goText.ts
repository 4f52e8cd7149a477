// JSON values as Go's fmt prints them inside error messages. Source: Go's fmt package.

/** `%v`: map[a:1 b:[x y]]; maps in the order of their keys. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (typeof value !== "object") return typeof value === "number" ? goNumber(value) : String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, entry]) => `${key}:${goText(entry)}`).join(" ")}]`;
}

/** `%#v`: map[string]interface {}{"a":1}. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return "interface {}(nil)";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (typeof value !== "object") return typeof value === "number" ? goNumber(value) : String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const fields = entries.map(([key, entry]) => `${JSON.stringify(key)}:${goSyntax(entry)}`);
  return `map[string]interface {}{${fields.join(", ")}}`;
}

/** `%T` of a decoded JSON value. */
export function goType(value: unknown): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return Number.isInteger(value) || typeof value === "bigint" ? "int64" : "float64";
}

/** Whole numbers are int64 in Go; others print in the shortest form, with an exponent from 1e+21 on. */
function goNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 63) return BigInt(value).toString();
  return String(value).replace(/e([+-])(\d)$/, "e$10$2");
}

/** JSON as Go writes maps: by the order of their keys, and safe inside HTML. */
export function goJson(value: unknown): string {
  return JSON.stringify(value, sortKeys).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
