// Objects in the store are frozen. A draft is a private copy that one may change.
import { setOwn } from "./setOwn.ts";

/** `T` with every `readonly` taken off, all the way down. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? Draft<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Draft<T[Key]> }
    : T;

/** A deep copy of a JSON value, free to change. */
export function draft<T>(value: T): Draft<T> {
  return copy(value) as Draft<T>;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== "object" || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const key in value) setOwn(result, key, copy((value as Record<string, unknown>)[key]));
  return result;
}

/** Freezes a JSON value all the way down and returns it. */
export function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key in value) freeze(value[key]);
  return value;
}
