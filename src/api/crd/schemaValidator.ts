// Checks a value against a schema. On an update, what was wrong before and is unchanged is let pass.
// Source: kube-openapi pkg/validation/validate and apiextensions-apiserver
// pkg/apiserver/validation/ratcheting.go, kubernetes v1.34.
import { dequal } from "dequal";
import { goFloatText } from "../cel/goFloat.ts";
import { goRegexp } from "../cel/regexp.ts";
import type { FieldError } from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import { goJson } from "../patch/goText.ts";
import type { JSONSchemaProps } from "../types.ts";
import { hasFormat, isSupportedFormat } from "./formats.ts";
import {
  isIntOrString,
  isJsonObject,
  itemsOf,
  type JsonObject,
  sortedProperties,
  valuesOf,
} from "./jsonSchema.ts";
import {
  compositeIssue,
  issueText,
  type SchemaIssue,
  toFieldError,
  typeIssue,
  valueIssue,
} from "./schemaIssue.ts";

/** Checks a value; `old` is its state before an update. */
export function validateAgainstSchema(
  value: unknown,
  schema: JSONSchemaProps,
  path: FieldPath = FieldPath.root,
  old?: { readonly value: unknown },
): FieldError[] {
  const { issues } = check({ value, schema, path: FieldPath.root, ...(old ? { old } : {}) });
  return issues.map((issue) => toFieldError(issue, path));
}

interface Subject {
  readonly value: unknown;
  readonly schema: JSONSchemaProps;
  readonly path: FieldPath;
  /** The same value before the update, if it can be told which it was. */
  readonly old?: { readonly value: unknown };
}

/** `matches` counts checks: of alternatives, the one with most of them explains a failure. */
class Result {
  readonly issues: SchemaIssue[] = [];
  matches = 0;

  add(...issues: readonly SchemaIssue[]): this {
    for (const issue of issues)
      if (!this.issues.some((known) => issueText(known) === issueText(issue)))
        this.issues.push(issue);
    return this;
  }

  merge(other: Result): this {
    this.matches += other.matches;
    return this.add(...other.issues);
  }

  get isValid(): boolean {
    return this.issues.length === 0;
  }
}

type Validator = (subject: Subject) => Result;

function check(subject: Subject): Result {
  const result = checkAll(subject);
  // Ratcheting: an unchanged value is not held against the update.
  if (!result.isValid && subject.old && dequal(subject.old.value, subject.value)) {
    const passed = new Result();
    passed.matches = result.matches;
    return passed;
  }
  return result;
}

function checkAll(subject: Subject): Result {
  const result = new Result();
  if (subject.value === null) return result.merge(checkType(subject)).merge(checkEnum(subject));
  for (const validator of validatorsOf(subject)) {
    result.merge(validator(subject));
    result.matches++;
  }
  result.matches++;
  return result;
}

function validatorsOf({ value, schema }: Subject): readonly Validator[] {
  return [
    ...(typesOf(schema).length > 0 ? [checkType] : []),
    checkAlternatives,
    ...(typeof value === "string" ? [checkText] : []),
    ...(typeof value === "string" && isSupportedFormat(schema.format ?? "") ? [checkFormat] : []),
    ...(isNumber(value) ? [checkNumber] : []),
    ...(Array.isArray(value) ? [checkList] : []),
    checkEnum,
    ...(isJsonObject(value) ? [checkObject] : []),
  ];
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

function isInteger(value: unknown): boolean {
  return typeof value === "bigint" || Number.isInteger(value);
}

function typesOf(schema: JSONSchemaProps): readonly string[] {
  if (isIntOrString(schema)) return ["integer", "string"];
  return schema.type ? [schema.type] : [];
}

/** The format of a schema as far as it is known. */
function formatOf({ format = "" }: JSONSchemaProps): string {
  return isSupportedFormat(format) ? format : "";
}

/** A value's type and format as JSON schema names them. */
function typeOf(value: unknown): readonly [type: string, format: string] {
  if (value === null) return ["null", ""];
  if (Array.isArray(value)) return ["array", ""];
  if (isNumber(value)) return isInteger(value) ? ["integer", "int64"] : ["number", "double"];
  return [typeof value, ""];
}

function checkType({ value, schema, path }: Subject): Result {
  const result = new Result();
  result.matches++;
  const types = typesOf(schema);
  const [type, format] = typeOf(value);
  if (value === null)
    return types.length > 0 && !schema.nullable
      ? result.add(typeIssue(path, types.join(","), "null"))
      : result;
  const wanted = formatOf(schema);
  const fits = types.includes(type) || (type === "integer" && types.includes("number"));
  const isTextOrList = type === "string" || type === "array";
  if (!isTextOrList && wanted !== "" && !fits && format !== wanted)
    return result.add(typeIssue(path, wanted, format));
  const isNumeric = types.includes("number") || types.includes("integer");
  if (!isNumeric && wanted !== "" && isTextOrList) return result;
  return fits ? result : result.add(typeIssue(path, types.join(","), type));
}

function checkAlternatives(subject: Subject): Result {
  const { schema } = subject;
  const result = new Result();
  if (schema.anyOf?.length) result.merge(checkAnyOf(subject, schema.anyOf));
  if (schema.oneOf?.length) result.merge(checkOneOf(subject, schema.oneOf));
  if (schema.allOf?.length) result.merge(checkAllOf(subject, schema.allOf));
  if (schema.not && alternative(subject, schema.not).isValid)
    result.add(compositeIssue(subject.path, "must not validate the schema (not)"));
  result.matches++;
  return result;
}

/** Alternatives are not ratcheted by themselves. */
function alternative({ value, path }: Subject, schema: JSONSchemaProps): Result {
  return checkAll({ value, path, schema });
}

function best(results: readonly Result[]): Result | undefined {
  return results.reduce<Result | undefined>(
    (chosen, result) => (!chosen || result.matches > chosen.matches ? result : chosen),
    undefined,
  );
}

function checkAnyOf(subject: Subject, schemas: readonly JSONSchemaProps[]): Result {
  const results = schemas.map((schema) => alternative(subject, schema));
  const success = results.find(({ isValid }) => isValid);
  if (success) return success;
  const result = new Result();
  result.add(compositeIssue(subject.path, "must validate at least one schema (anyOf)"));
  return result.merge(best(results) ?? new Result());
}

function checkOneOf(subject: Subject, schemas: readonly JSONSchemaProps[]): Result {
  const results = schemas.map((schema) => alternative(subject, schema));
  const successes = results.filter(({ isValid }) => isValid);
  if (successes.length === 1) return successes[0] as Result;
  const found =
    successes.length === 0 ? "Found none valid" : `Found ${successes.length} valid alternatives`;
  const result = new Result();
  result.add(
    compositeIssue(subject.path, `must validate one and only one schema (oneOf). ${found}`),
  );
  return successes.length === 0 ? result.merge(best(results) ?? new Result()) : result;
}

function checkAllOf(subject: Subject, schemas: readonly JSONSchemaProps[]): Result {
  const results = schemas.map((schema) => alternative(subject, schema));
  const failures = results.filter(({ isValid }) => !isValid).length;
  const result = new Result();
  for (const each of results) result.merge(each);
  if (failures === 0) return result;
  const none = failures === results.length ? ". None validated" : "";
  return result.add(compositeIssue(subject.path, `must validate all the schemas (allOf)${none}`));
}

function checkText({ value, schema, path }: Subject): Result {
  const text = value as string;
  const length = [...text].length;
  const result = new Result();
  const { maxLength, minLength, pattern } = schema;
  if (isSet(maxLength) && length > maxLength)
    return result.add({ code: "tooLong", path, max: maxLength });
  if (isSet(minLength) && length < minLength)
    return result.add(valueIssue(path, text, `should be at least ${minLength} chars long`));
  return pattern ? result.add(...patternIssues(text, pattern, path)) : result;
}

function patternIssues(text: string, pattern: string, path: FieldPath): readonly SchemaIssue[] {
  const compiled = goRegexp(pattern);
  if (typeof compiled === "string")
    return [
      valueIssue(path, text, `should match '${pattern}, but pattern is invalid: ${compiled}'`),
    ];
  return compiled.test(text) ? [] : [valueIssue(path, text, `should match '${pattern}'`)];
}

function checkFormat({ value, schema, path }: Subject): Result {
  const { format = "" } = schema;
  const result = new Result();
  return hasFormat(value as string, format)
    ? result
    : result.add(typeIssue(path, format, value as string));
}

function checkNumber({ value, schema, path }: Subject): Result {
  const number = Number(value);
  const { minimum, maximum, multipleOf, exclusiveMinimum, exclusiveMaximum } = schema;
  const bound = (limit: number) =>
    isInteger(value) ? String(Math.trunc(limit)) : goFloatText(limit);
  const result = new Result();
  result.add(...rangeIssues(number, schema, path));
  if (isSet(multipleOf) && !isMultiple(number, multipleOf))
    result.add(valueIssue(path, value, `should be a multiple of ${bound(multipleOf)}`));
  if (isSet(maximum) && (exclusiveMaximum ? number >= maximum : number > maximum)) {
    const words = exclusiveMaximum ? "less than" : "less than or equal to";
    result.add(valueIssue(path, value, `should be ${words} ${bound(maximum)}`));
  }
  if (isSet(minimum) && (exclusiveMinimum ? number <= minimum : number < minimum)) {
    const words = exclusiveMinimum ? "greater than" : "greater than or equal to";
    result.add(valueIssue(path, value, `should be ${words} ${bound(minimum)}`));
  }
  return result;
}

function isMultiple(number: number, factor: number): boolean {
  const quotient = factor < 1 ? (1 / factor) * number : number / factor;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}

/** int32 and float have less room than numbers have in JSON. */
function rangeIssues(
  number: number,
  { type, format }: JSONSchemaProps,
  path: FieldPath,
): readonly SchemaIssue[] {
  const isInt32 = type === "integer" && format === "int32";
  const isFloat = type !== "integer" && format === "float";
  const fits =
    (!isInt32 || (number >= -(2 ** 31) && number < 2 ** 31)) &&
    (!isFloat || Math.abs(number) <= 3.4028234663852886e38);
  if (fits) return [];
  const message = `Checked value must be of type ${type} with format ${format} in ${path}`;
  return [{ code: "composite", message }];
}

function checkList({ value, schema, path, old }: Subject): Result {
  const list = value as readonly unknown[];
  const result = new Result();
  const items = itemsOf(schema);
  if (items)
    for (const [i, item] of list.entries()) {
      const before = oldItem(schema, old?.value, item, i);
      const subject = { value: item, schema: items, path: path.index(i) };
      result.merge(check(before ? { ...subject, old: before } : subject));
    }
  const { minItems, maxItems, uniqueItems } = schema;
  if (isSet(minItems) && list.length < minItems)
    result.add(valueIssue(path, list.length, `should have at least ${minItems} items`));
  if (isSet(maxItems) && list.length > maxItems)
    result.add({ code: "tooMany", path, actual: list.length, max: maxItems });
  if (uniqueItems && list.some((item, i) => list.slice(0, i).some((other) => dequal(item, other))))
    result.add(valueIssue(path, "", "shouldn't contain duplicates"));
  return result;
}

/** The same item before the update: by its keys in a map, by its index in a plain list. */
function oldItem(
  schema: JSONSchemaProps,
  old: unknown,
  item: unknown,
  index: number,
): { readonly value: unknown } | undefined {
  if (!Array.isArray(old)) return undefined;
  switch (schema["x-kubernetes-list-type"]) {
    case "map": {
      const keys = schema["x-kubernetes-list-map-keys"] ?? [];
      const found = old.find(
        (other) =>
          isJsonObject(other) &&
          isJsonObject(item) &&
          keys.every((key) => dequal(other[key], item[key])),
      );
      return found === undefined ? undefined : { value: found };
    }
    case "set":
    case "atomic":
      return undefined;
    default:
      return index < old.length && old[index] !== null ? { value: old[index] } : undefined;
  }
}

function checkEnum({ value, schema, path }: Subject): Result {
  const choices = schema.enum ?? [];
  const result = new Result();
  if (choices.length === 0 || choices.some((choice) => goJson(choice) === goJson(value)))
    return result;
  return result.add({ code: "enum", path, value, choices });
}

function checkObject(subject: Subject): Result {
  const { schema, path } = subject;
  const object = subject.value as JsonObject;
  const count = Object.keys(object).length;
  const { minProperties, maxProperties } = schema;
  const result = new Result();
  if (isSet(minProperties) && count < minProperties)
    return result.add(valueIssue(path, count, `should have at least ${minProperties} properties`));
  if (isSet(maxProperties) && count > maxProperties)
    return result.add({ code: "tooMany", path, actual: count, max: maxProperties });
  for (const name of otherNames(object, schema)) {
    if (schema.additionalProperties === false)
      result.add({
        code: "value",
        path,
        value: name,
        message: `${path}.${name} in body is a forbidden property`,
      });
    const values = valuesOf(schema);
    if (values) result.merge(checkProperty(subject, name, values));
  }
  for (const [name, property] of sortedProperties(schema))
    if (Object.hasOwn(object, name)) result.merge(checkProperty(subject, name, property));
  for (const name of schema.required ?? [])
    if (!Object.hasOwn(object, name)) result.add({ code: "required", path: path.child(name) });
  return result;
}

function otherNames(object: JsonObject, { properties = {} }: JSONSchemaProps): readonly string[] {
  return Object.keys(object)
    .filter((name) => !Object.hasOwn(properties, name))
    .sort();
}

function checkProperty({ value, path, old }: Subject, name: string, schema: JSONSchemaProps) {
  const subject = { value: (value as JsonObject)[name], schema, path: path.child(name) };
  const before = old?.value;
  const isKnown = isJsonObject(before) && Object.hasOwn(before, name);
  return check(isKnown ? { ...subject, old: { value: before[name] } } : subject);
}

function isSet(limit: number | undefined | null): limit is number {
  return limit !== undefined && limit !== null;
}
