// Turns rules for texts and numbers into errors about fields, and other small steps that all
// validation shares. Source: pkg/apis/core/validation and apimachinery pkg/api/validation, 1.34.
import { dequal } from "dequal";
import { type FieldError, invalid, notSupported, required } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import {
  dnsLabel,
  dnsSubdomain,
  inclusiveRangeError,
  portName,
  portNumberErrors,
  qualifiedName,
  type TextRule,
} from "./texts.ts";

/** Every error of a rule, at a field whose value is `value`. */
export function check(rule: TextRule, value: string, path: FieldPath): FieldError[] {
  return rule(value).map((detail) => invalid(path, value, detail));
}

export function checkDnsLabel(value: string, path: FieldPath): FieldError[] {
  return check(dnsLabel, value, path);
}

export function checkDnsSubdomain(value: string, path: FieldPath): FieldError[] {
  return check(dnsSubdomain, value, path);
}

export function checkQualifiedName(value: string, path: FieldPath): FieldError[] {
  return check(qualifiedName, value, path);
}

export function checkNonNegative(value: number | undefined, path: FieldPath): FieldError[] {
  return value !== undefined && value < 0
    ? [invalid(path, value, "must be greater than or equal to 0")]
    : [];
}

export function checkRange(
  value: number,
  low: number,
  high: number,
  path: FieldPath,
): FieldError[] {
  return value >= low && value <= high
    ? []
    : [invalid(path, value, inclusiveRangeError(low, high))];
}

export function checkPortNumber(port: number, path: FieldPath): FieldError[] {
  return portNumberErrors(port).map((detail) => invalid(path, port, detail));
}

/** A missing port is 0, as in Go. */
export function checkPortNumberOrName(
  port: number | string | undefined,
  path: FieldPath,
): FieldError[] {
  return typeof port === "string" ? check(portName, port, path) : checkPortNumber(port ?? 0, path);
}

/** One of a set of words. Kubernetes lists the choices of such sets by name. */
export function checkChoice(
  value: string,
  choices: readonly string[],
  path: FieldPath,
): FieldError[] {
  return choices.includes(value) ? [] : [notSupported(path, value, choices)];
}

/** Like `checkChoice`, but a missing value is an error of its own. */
export function checkRequiredChoice(
  value: string | undefined,
  choices: readonly string[],
  path: FieldPath,
): FieldError[] {
  return value ? checkChoice(value, choices, path) : [required(path)];
}

/** `value` is what the error shows; an absent one shows as Go's zero, e.g. "" of a string. */
export function checkImmutable(now: unknown, before: unknown, path: FieldPath): FieldError[] {
  return dequal(now, before) ? [] : [invalid(path, now, "field is immutable")];
}

/** Runs a check on every item of a list. */
export function each<T>(
  items: readonly T[] | undefined,
  path: FieldPath,
  checkItem: (item: T, path: FieldPath, i: number) => readonly FieldError[],
): FieldError[] {
  return (items ?? []).flatMap((item, i) => checkItem(item, path.index(i), i));
}

/** The entries of a map by name: Go's own order is random. */
export function sortedEntries<T>(map: Readonly<Record<string, T>> | undefined): [string, T][] {
  return map === undefined
    ? []
    : Object.keys(map)
        .sort()
        .map((key) => [key, map[key] as T]);
}
