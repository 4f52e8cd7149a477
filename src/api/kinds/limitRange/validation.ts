// LimitRanges. Source: pkg/apis/core/v1/defaults.go and pkg/apis/core/validation ValidateLimitRange,
// kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import { duplicate, type FieldError, forbidden, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { amountOf, compareAmounts, milliValueOf, wholeAmount } from "../../quantity.ts";
import type { LimitRange, LimitRangeItem, Quantity } from "../../types.ts";
import { checkQualifiedName, each, sortedEntries } from "../../validation/fields.ts";
import { amountText } from "../../validation/quantities.ts";
import {
  checkContainerResourceName,
  checkResourceName,
  isOvercommitAllowed,
} from "../../validation/resourceNames.ts";

type Amounts = Readonly<Record<string, Quantity>>;

/** What a container gets by default follows from what it may have. */
export function setLimitRangeDefaults({ spec }: Draft<LimitRange>): void {
  for (const item of spec.limits ?? []) {
    if (item.type !== "Container") continue;
    item.default = { ...item.max, ...item.default };
    item.defaultRequest = { ...item.min, ...item.default, ...item.defaultRequest };
  }
}

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const types = new Set<string>();
  return each(spec.limits, FieldPath.of("spec", "limits"), (item, path) => {
    const { type = "" } = item;
    const at = path.child("type");
    const errors = validateTypeName(type, at);
    if (types.has(type)) errors.push(duplicate(at, type));
    types.add(type);
    return [...errors, ...validateItem(item, path)];
  });
}

const standardTypes = ["Pod", "Container", "PersistentVolumeClaim"];

function validateTypeName(type: string, path: FieldPath): FieldError[] {
  const errors = checkQualifiedName(type, path);
  return errors.length > 0 || type.includes("/") || standardTypes.includes(type)
    ? errors
    : [invalid(path, type, "must be a standard limit type or fully qualified")];
}

const amountFields = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] as const;

function validateItem(item: LimitRangeItem, path: FieldPath): FieldError[] {
  const { type } = item;
  const checkName =
    type === "Pod" || type === "Container" ? checkContainerResourceName : checkResourceName;
  const names = (field: (typeof amountFields)[number]): FieldError[] =>
    sortedEntries(item[field]).flatMap(([name]) => checkName(name, path.child(field).key(name)));
  const barred = (field: "default" | "defaultRequest"): FieldError[] =>
    Object.keys(item[field] ?? {}).length > 0
      ? [forbidden(path.child(field), "may not be specified when `type` is 'Pod'")]
      : [];
  const isPod = type === "Pod";
  const needsStorage =
    type === "PersistentVolumeClaim" &&
    item.min?.storage === undefined &&
    item.max?.storage === undefined;
  const keys = amountFields
    .filter((field) => !(isPod && field.startsWith("default")))
    .flatMap((field) => Object.keys(item[field] ?? {}));
  return [
    ...names("max"),
    ...names("min"),
    ...(isPod
      ? [...barred("default"), ...barred("defaultRequest")]
      : [...names("default"), ...names("defaultRequest")]),
    ...(needsStorage
      ? [
          required(
            path.child("limits"),
            "either minimum or maximum storage value is required, but neither was provided",
          ),
        ]
      : []),
    ...names("maxLimitRequestRatio"),
    ...[...new Set(keys)].sort().flatMap((name) => validateAmounts(item, name, path)),
  ];
}

interface Comparison {
  readonly low: Quantity | undefined;
  readonly high: Quantity | undefined;
  readonly field: "min" | "defaultRequest" | "default";
  readonly shown: "low" | "high";
  readonly words: readonly [low: string, high: string];
}

function validateAmounts(item: LimitRangeItem, name: string, path: FieldPath): FieldError[] {
  const of = (amounts: Amounts | undefined): Quantity | undefined => amounts?.[name];
  const [min, max] = [of(item.min), of(item.max)];
  const isPod = item.type === "Pod";
  const limit = isPod ? undefined : of(item.default);
  const request = isPod ? undefined : of(item.defaultRequest);
  const comparisons: readonly Comparison[] = [
    { low: min, high: max, field: "min", shown: "low", words: ["min", "max"] },
    {
      low: min,
      high: request,
      field: "defaultRequest",
      shown: "high",
      words: ["min", "default request"],
    },
    {
      low: request,
      high: max,
      field: "defaultRequest",
      shown: "low",
      words: ["default request", "max"],
    },
    {
      low: request,
      high: limit,
      field: "defaultRequest",
      shown: "low",
      words: ["default request", "default limit"],
    },
    { low: min, high: limit, field: "default", shown: "low", words: ["min", "default"] },
    { low: limit, high: max, field: "default", shown: "high", words: ["default", "max"] },
  ];
  return [
    ...comparisons.flatMap((comparison) => compare(comparison, name, path)),
    ...validateRatio(item, name, path),
    ...validateNoOvercommit(name, limit, request, path),
  ];
}

function compare(
  { low, high, field, shown, words: [lowWord, highWord] }: Comparison,
  name: string,
  path: FieldPath,
): FieldError[] {
  if (low === undefined || high === undefined) return [];
  if (compareAmounts(amountOf(low), amountOf(high)) <= 0) return [];
  const value = amountText(shown === "low" ? low : high);
  const words = `${lowWord} value ${amountText(low)} is greater than ${highWord} value ${amountText(high)}`;
  return [invalid(path.child(field).key(name), value, words)];
}

function validateRatio(item: LimitRangeItem, name: string, path: FieldPath): FieldError[] {
  const ratio = item.maxLimitRequestRatio?.[name];
  if (ratio === undefined) return [];
  const at = path.child("maxLimitRequestRatio").key(name);
  const text = amountText(ratio);
  const errors: FieldError[] = [];
  if (compareAmounts(amountOf(ratio), wholeAmount(1)) < 0)
    errors.push(invalid(at, text, `ratio ${text} is less than 1`));
  const min = item.min?.[name];
  const max = item.max?.[name];
  if (min === undefined || max === undefined) return errors;
  const most = milliValueOf(amountOf(max)) / milliValueOf(amountOf(min));
  if (milliValueOf(amountOf(ratio)) / 1000 > most)
    errors.push(invalid(at, text, `ratio ${text} is greater than max/min = ${most.toFixed(6)}`));
  return errors;
}

function validateNoOvercommit(
  name: string,
  limit: Quantity | undefined,
  request: Quantity | undefined,
  path: FieldPath,
): FieldError[] {
  if (isOvercommitAllowed(name) || limit === undefined || request === undefined) return [];
  if (compareAmounts(amountOf(limit), amountOf(request)) === 0) return [];
  const words = `default value ${amountText(limit)} must equal to defaultRequest value ${amountText(request)} in ${name}`;
  return [invalid(path.child("defaultRequest").key(name), amountText(request), words)];
}
