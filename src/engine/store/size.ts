// How large a value is, without writing it out.

/** About the length of the value as JSON. */
export function sizeOf(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 5;
  let size = 2;
  if (Array.isArray(value)) for (const item of value) size += sizeOf(item) + 1;
  else
    for (const key in value)
      size += key.length + 4 + sizeOf((value as Record<string, unknown>)[key]);
  return size;
}
