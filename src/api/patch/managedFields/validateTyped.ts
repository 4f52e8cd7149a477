// Whether a value is of its type, before it is applied. Source: structured-merge-diff v6 typed/validate.go.

import { goSyntax, goText, goType } from "../goText.ts";
import type { FieldType, ListType, MapType, ScalarType } from "./fieldType.ts";
import { elementName, elementText, type PathElement } from "./pathElement.ts";
import {
  entryType,
  formOf,
  isItemError,
  isMap,
  isScalar,
  itemElement,
  type Json,
} from "./typedValue.ts";

/**
 * What is wrong with the value, as one text; undefined if nothing is.
 * @param options.allowsDuplicates items of a list may have the same keys, as in objects stored already
 */
export function typeProblem(
  type: FieldType,
  value: unknown,
  options: { readonly allowsDuplicates: boolean },
): string | undefined {
  const problems = check(type, value, "", options.allowsDuplicates);
  if (problems.length === 0) return undefined;
  return problems.length === 1
    ? problems[0]
    : ["errors:", ...problems.map((problem) => `  ${problem}`)].join("\n");
}

function check(type: FieldType, value: unknown, path: string, allowsDuplicates: boolean): string[] {
  const form = formOf(type, value);
  switch (form.kind) {
    case "scalar": {
      const problem = value === null ? undefined : scalarProblem(form.scalar, value);
      return problem === undefined ? [] : [at(path, problem)];
    }
    case "list":
      if (value === null) return [];
      if (!Array.isArray(value)) return [at(path, `expected list, got ${goPointer(value)}`)];
      return checkItems(form.list, value, path, allowsDuplicates);
    case "map":
      if (value === null) return [];
      if (!isMap(value)) return [at(path, `expected map, got ${goPointer(value)}`)];
      return checkEntries(form.map, value, path, allowsDuplicates);
  }
}

function scalarProblem(type: ScalarType, value: unknown): string | undefined {
  switch (type) {
    case "numeric":
      return typeof value === "number" || typeof value === "bigint"
        ? undefined
        : `expected numeric (int or float), got ${goType(value)}`;
    case "string":
      return typeof value === "string"
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `expected boolean, got ${goPointer(value)}`;
    case "untyped":
      return isScalar(value) ? undefined : `expected any scalar, got ${goPointer(value)}`;
  }
}

function checkItems(
  list: ListType,
  items: readonly unknown[],
  path: string,
  allowsDuplicates: boolean,
): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [i, item] of items.entries()) {
    const element: PathElement | { error: string } = list.isAtomic
      ? { type: "index", index: i }
      : itemElement(list, item);
    if (isItemError(element)) return [...problems, at(path, `element ${i}: ${element.error}`)];
    const name = elementName(element);
    if (seen.has(name) && !allowsDuplicates)
      problems.push(at(path, `duplicate entries for key ${elementText(element)}`));
    seen.add(name);
    problems.push(...check(list.element, item, path + elementText(element), allowsDuplicates));
  }
  return problems;
}

function checkEntries(
  map: MapType,
  entries: Json,
  path: string,
  allowsDuplicates: boolean,
): string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(entries)) {
    const type = entryType(map, name);
    if (!type) return [...problems, at(`${path}.${name}`, "field not declared in schema")];
    problems.push(...check(type, value, `${path}.${name}`, allowsDuplicates));
  }
  return problems;
}

function at(path: string, problem: string): string {
  return path === "" ? problem : `${path}: ${problem}`;
}

/** A value behind the pointer that Go's library holds it by. */
function goPointer(value: unknown): string {
  return `&{${goText(value)}}`;
}
