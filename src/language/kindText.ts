// kubectl's words for an object without a kind, which show the whole object.
// Source: apimachinery runtime.NewMissingKindErr and Go's encoding/json.

export function missingKindText(fields: Readonly<Record<string, unknown>>): string {
  return `Object 'Kind' is missing in '${goJson(fields)}'`;
}

/** JSON as Go writes it: names sorted, "<", ">" and "&" escaped. */
export function goJson(value: unknown): string {
  return write(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function write(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = value as Readonly<Record<string, unknown>>;
  const entries = Object.keys(fields)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${write(fields[key])}`);
  return `{${entries.join(",")}}`;
}
