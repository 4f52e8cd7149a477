// Copies with one field changed: objects in validation are frozen.

/** A copy with one field set, or gone where the value is absent. */
export function withField<T extends object, K extends keyof T>(
  object: T,
  field: K,
  value: T[K] | undefined,
): T {
  const copy = { ...object };
  if (value === undefined) delete copy[field];
  else copy[field] = value;
  return copy;
}
