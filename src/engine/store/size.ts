// How large a value is, without writing it out.

/** The length of the value as JSON, but for characters that are escaped. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return String(value).length;
  // The opening brace; each item brings a comma or the closing brace.
  let size = 1;
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item) + 1;
  else
    for (const key in value) {
      const item = (value as Record<string, unknown>)[key];
      if (item !== undefined) size += key.length + 4 + sizeOf(item);
    }
  return Math.max(2, size);
}
