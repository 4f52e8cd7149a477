// A field that the API server refuses, in its own words.
import type { FieldPath } from "./fieldPath.ts";

/** Values of `reason` in a Status' causes. Source: apimachinery field.ErrorType, 1.34. */
export type FieldErrorType =
  | "FieldValueInvalid"
  | "FieldValueRequired"
  | "FieldValueNotSupported"
  | "FieldValueDuplicate"
  | "FieldValueForbidden"
  | "FieldValueNotFound"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTypeInvalid"
  | "InternalError";

export interface FieldError {
  readonly type: FieldErrorType;
  readonly path: FieldPath;
  /** "Invalid value: 80800: must be between 1 and 65535, inclusive": the message without the field. */
  readonly detail: string;
}

const titles: Record<FieldErrorType, string> = {
  FieldValueInvalid: "Invalid value",
  FieldValueRequired: "Required value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueForbidden: "Forbidden",
  FieldValueNotFound: "Not found",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  FieldValueTypeInvalid: "Invalid value",
  InternalError: "Internal error",
};

/** "spec.containers[0].image: Required value": what a client reads. */
export function fieldErrorText({ path, detail }: FieldError): string {
  return `${path}: ${detail}`;
}

export function invalid(path: FieldPath, value: unknown, detail: string): FieldError {
  return make("FieldValueInvalid", path, goText(value), detail);
}

/** For rules about several fields together: no one value is at fault. */
export function invalidWithoutValue(path: FieldPath, detail: string): FieldError {
  return make("FieldValueInvalid", path, undefined, detail);
}

export function required(path: FieldPath, detail = ""): FieldError {
  return make("FieldValueRequired", path, undefined, detail);
}

export function forbidden(path: FieldPath, detail: string): FieldError {
  return make("FieldValueForbidden", path, undefined, detail);
}

export function duplicate(path: FieldPath, value: unknown): FieldError {
  return make("FieldValueDuplicate", path, goText(value), "");
}

export function notFound(path: FieldPath, value: unknown): FieldError {
  return make("FieldValueNotFound", path, goText(value), "");
}

/** The choices are listed in the order given: callers sort where Kubernetes does. */
export function notSupported(
  path: FieldPath,
  value: unknown,
  choices: readonly string[],
): FieldError {
  const listed = choices.map((choice) => JSON.stringify(choice)).join(", ");
  const detail = choices.length === 0 ? "" : `supported values: ${listed}`;
  return make("FieldValueNotSupported", path, goText(value), detail);
}

export function tooLong(path: FieldPath, maxBytes: number): FieldError {
  return make("FieldValueTooLong", path, undefined, `may not be more than ${maxBytes} bytes`);
}

export function tooMany(path: FieldPath, actual: number, most: number): FieldError {
  return make("FieldValueTooMany", path, String(actual), `must have at most ${most} items`);
}

export function typeInvalid(path: FieldPath, value: unknown, detail: string): FieldError {
  return make("FieldValueTypeInvalid", path, goText(value), detail);
}

/** Something that should not happen, told at the field that made it happen. */
export function internal(path: FieldPath, detail: string): FieldError {
  return make("InternalError", path, undefined, detail);
}

function make(
  type: FieldErrorType,
  path: FieldPath,
  value: string | undefined,
  detail: string,
): FieldError {
  const parts = [
    titles[type],
    ...(value === undefined ? [] : [value]),
    ...(detail === "" ? [] : [detail]),
  ];
  return { type, path, detail: parts.join(": ") };
}

/** A value as Go prints it in these messages: strings quoted, the rest as JSON. */
function goText(value: unknown): string {
  return value === undefined || value === null ? "null" : JSON.stringify(value);
}
