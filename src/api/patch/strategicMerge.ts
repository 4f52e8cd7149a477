// Strategic merge patch: a merge patch that knows which lists are maps in disguise.
// Source: apimachinery pkg/util/strategicpatch StrategicMergeMapPatch, 1.34.
import { setOwn } from "../../base/setOwn.ts";
import {
  type OpenApiSchema,
  propertySchema,
  resolveSchema,
  structName,
} from "../openapi/structure.ts";
import { type ApiError, badRequestError, unknownError, unprocessableError } from "../status.ts";
import { goText } from "./goText.ts";
import {
  deleteDirective,
  type Json,
  type ListRules,
  mergeItems,
  mergeScalars,
  orderAgain,
  patchMarker,
  replaceDirective,
} from "./strategicLists.ts";

const deleteFromPrimitiveList = "$deleteFromPrimitiveList";
const setElementOrder = "$setElementOrder";
const retainKeys = "$retainKeys";

/**
 * Applies `patch` to `target`, an object of the kind that `schema` describes. Neither is changed.
 * @throws ApiError BadRequest for directives of a wrong form, 500 with the server's words for the rest
 */
export function applyStrategicMerge(target: Json, patch: Json, schema: OpenApiSchema): Json {
  if (Object.hasOwn(patch, patchMarker)) return replaceByDirective(patch);
  const result = { ...retained(target, patch) };
  const ordered = mergeOrderedLists(result, patch, schema);
  for (const [name, value] of Object.entries(patch)) {
    if (name === retainKeys || name.startsWith(setElementOrder) || ordered.has(name)) continue;
    if (name.startsWith(deleteFromPrimitiveList)) deleteItems(result, name, value);
    else mergeField(result, name, value, schema);
  }
  return result;
}

function replaceByDirective(patch: Json): Json {
  const { [patchMarker]: directive, ...rest } = patch;
  if (directive === replaceDirective) return rest;
  if (directive === deleteDirective) return {};
  throw unknownPatchType(directive, patch);
}

/** Only the fields that the patch lists, if it does. */
function retained(target: Json, patch: Json): Json {
  const keys = patch[retainKeys];
  if (keys === undefined) return target;
  if (!Array.isArray(keys)) throw badRequestError(badRetainKeys);
  const isKept = (name: string): boolean => keys.includes(name);
  for (const [name, value] of Object.entries(patch)) {
    const isDirective =
      name === retainKeys ||
      name.startsWith(deleteFromPrimitiveList) ||
      name.startsWith(setElementOrder);
    if (value !== null && !isDirective && !isKept(name)) throw badRequestError(badRetainKeys);
  }
  return Object.fromEntries(Object.entries(target).filter(([name]) => isKept(name)));
}

function mergeField(
  result: Record<string, unknown>,
  name: string,
  value: unknown,
  schema: OpenApiSchema,
): void {
  if (value === null) {
    delete result[name];
    return;
  }
  const present = Object.hasOwn(result, name) ? result[name] : undefined;
  const field = propertySchema(schema, name);
  if (isMap(present) && isMap(value))
    setOwn(
      result,
      name,
      hasStrategy(field, "replace") ? value : applyStrategicMerge(present, value, field),
    );
  else if (Array.isArray(present) && Array.isArray(value))
    setOwn(result, name, mergeList(present, value, listRules(field, name)));
  else {
    const plain = withoutDirectives(value);
    if (plain === undefined) delete result[name];
    else setOwn(result, name, plain);
  }
}

function mergeList(
  present: readonly unknown[],
  patch: readonly unknown[],
  rules: ListRules,
): readonly unknown[] {
  if (!rules.isMerged) return patch;
  if (present.length === 0 && patch.length === 0) return present;
  return isOfMaps(present, patch)
    ? mergeItems(present as Json[], patch as Json[], rules)
    : mergeScalars(present, patch);
}

/**
 * Lists whose order the patch gives: merged, then the named items in that order, the others behind their
 * neighbours. @returns the names of the fields that are done
 */
function mergeOrderedLists(
  result: Record<string, unknown>,
  patch: Json,
  schema: OpenApiSchema,
): ReadonlySet<string> {
  const done = new Set<string>();
  for (const [directive, order] of Object.entries(patch)) {
    if (!directive.startsWith(setElementOrder)) continue;
    const name = fieldOf(
      directive,
      setElementOrder,
      "invalid patch format of setElementOrder list",
    );
    requireField(schema, name);
    if (!Array.isArray(order)) throw wrongArgument(order);
    const present = optionalList(Object.hasOwn(result, name) ? result[name] : undefined);
    const asked = optionalList(Object.hasOwn(patch, name) ? patch[name] : undefined);
    const rules = listRules(propertySchema(schema, name), name);
    checkOrder(asked ?? [], order, rules);
    if (!present && !asked) continue;
    if ((present?.length ?? 0) + (asked?.length ?? 0) === 0)
      throw unknownError("no elements in any of the given slices");
    setOwn(result, name, orderAgain(merged(present, asked, rules), order, present ?? [], rules));
    done.add(name);
  }
  return done;
}

function requireField(schema: OpenApiSchema, name: string): void {
  if (!schema.properties || Object.hasOwn(schema.properties, name)) return;
  throw unknownError(
    `unable to find api field in struct ${structName(schema)} for the json field ${JSON.stringify(name)}`,
  );
}

function merged(
  present: readonly unknown[] | undefined,
  asked: readonly unknown[] | undefined,
  rules: ListRules,
): readonly unknown[] {
  if (!asked) return present ?? [];
  return present ? mergeList(present, asked, rules) : (withoutDirectives(asked) as unknown[]);
}

/** The items of the patch must come in the order that it gives itself. */
function checkOrder(
  asked: readonly unknown[],
  order: readonly unknown[],
  { mergeKey }: ListRules,
): void {
  if (asked.length === 0 || order.length === 0) return;
  const idOf = (item: unknown): unknown =>
    mergeKey !== undefined && isMap(item) ? item[mergeKey] : item;
  const items = asked.filter((item) => !isMap(item) || !Object.hasOwn(item, patchMarker));
  let next = 0;
  for (const entry of order) if (next < items.length && idOf(items[next]) === idOf(entry)) next++;
  if (next < items.length)
    throw unknownError(
      `The order in patch list:\n${goText(asked)}\n doesn't match ${setElementOrder} list:\n${goText(order)}\n`,
    );
}

function deleteItems(result: Record<string, unknown>, directive: string, doomed: unknown): void {
  const name = fieldOf(
    directive,
    deleteFromPrimitiveList,
    "invalid patch format of primitive list",
  );
  const present = Object.hasOwn(result, name) ? result[name] : undefined;
  if (doomed === null) delete result[name];
  if (!Array.isArray(present) || !Array.isArray(doomed)) return;
  setOwn(
    result,
    name,
    present.filter((item) => !doomed.includes(item)),
  );
}

/** "$setElementOrder/ports" → "ports". */
function fieldOf(directive: string, prefix: string, problem: string): string {
  const slash = directive.indexOf("/");
  if (directive.slice(0, slash) !== prefix) throw badRequestError(problem);
  return directive.slice(slash + 1);
}

function listRules(schema: OpenApiSchema, name: string): ListRules {
  const mergeKey = schema["x-kubernetes-patch-merge-key"];
  const items = resolveSchema(schema.items);
  return {
    isMerged: hasStrategy(schema, "merge"),
    listName: name,
    ...(mergeKey === undefined ? {} : { mergeKey }),
    mergeItem: (present, patch) => applyStrategicMerge(present, patch, items),
  };
}

/** All items are of one type, and none is a list. */
function isOfMaps(...lists: readonly (readonly unknown[])[]): boolean {
  const items = lists.flat();
  const types = new Set(items.map(typeName));
  if (Array.isArray(items[0])) throw unprocessableError();
  if (types.size > 1) throw unknownError(`list element types are not identical: ${goText(lists)}`);
  return isMap(items[0]);
}

function typeName(item: unknown): string {
  if (typeof item === "number") return Number.isInteger(item) ? "int64" : "float64";
  return isMap(item) ? "map" : Array.isArray(item) ? "list" : typeof item;
}

/** A value as it is put where nothing was: nulls and directives in it say nothing. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isMap(value)) return value;
  if (Object.hasOwn(value, patchMarker)) return undefined;
  const plain: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const kept = inner === null ? undefined : withoutDirectives(inner);
    if (kept !== undefined) setOwn(plain, name, kept);
  }
  return plain;
}

function optionalList(value: unknown): readonly unknown[] | undefined {
  if (value === undefined || Array.isArray(value)) return value;
  throw wrongArgument(value);
}

const badRetainKeys = "invalid patch format of retainKeys";

function wrongArgument(value: unknown): ApiError {
  return unknownError(`expected a []interface {}, but received a ${goTypeName(value)}`);
}

function goTypeName(value: unknown): string {
  if (isMap(value)) return "map[string]interface {}";
  if (value === null) return "%!s(<nil>)";
  return typeName(value) === "boolean" ? "bool" : typeName(value);
}

export function unknownPatchType(directive: unknown, map: Json): ApiError {
  return unknownError(`unknown patch type: ${goText(directive)} in map: ${goText(map)}`);
}

function hasStrategy(schema: OpenApiSchema, strategy: string): boolean {
  return (schema["x-kubernetes-patch-strategy"] ?? "").split(",").includes(strategy);
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
