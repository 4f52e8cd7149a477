// What `kubectl apply` sends: the strategic merge patch that turns the live object into the manifest,
// and drops what the manifest applied before had and this one has not.
// Source: apimachinery pkg/util/strategicpatch CreateThreeWayMergePatch, kubernetes v1.34.
import { dequal } from "dequal";
import { type OpenApiSchema, propertySchema, resolveSchema } from "../api/openapi/structure.ts";

type Json = Record<string, unknown>;

/** Which differences a pass looks for. */
type Pass = "changes" | "deletions";

const setElementOrder = "$setElementOrder/";
const deleteFromPrimitiveList = "$deleteFromPrimitiveList/";

/**
 * The three-way patch. Fields that only the live object has stay: the server or somebody else set them.
 * @param lastApplied the manifest of the apply before, {} if there was none
 * @returns undefined if nothing is to be changed
 */
export function threeWayPatch(
  lastApplied: Json,
  manifest: Json,
  live: Json,
  schema: OpenApiSchema,
): Json | undefined {
  const changes = diffMaps(live, manifest, schema, "changes");
  const deletions = diffMaps(lastApplied, manifest, schema, "deletions");
  const patch = mergePatches(deletions, changes, schema);
  return isEmpty(patch) ? undefined : patch;
}

function diffMaps(from: Json, to: Json, schema: OpenApiSchema, pass: Pass): Json {
  const patch: Json = {};
  if (pass === "deletions")
    for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null;
  for (const [key, value] of Object.entries(to)) {
    if (key in from)
      Object.assign(patch, diffField(key, from[key], value, propertySchema(schema, key), pass));
    else if (pass === "changes") patch[key] = value;
  }
  return patch;
}

function diffField(
  key: string,
  from: unknown,
  to: unknown,
  schema: OpenApiSchema,
  pass: Pass,
): Json {
  if (isMap(from) && isMap(to) && !hasStrategy(schema, "replace")) {
    const inner = diffMaps(from, to, schema, pass);
    if (isEmpty(inner)) return {};
    return { [key]: hasStrategy(schema, "retainKeys") ? retaining(inner, to) : inner };
  }
  if (Array.isArray(from) && Array.isArray(to) && hasStrategy(schema, "merge"))
    return diffLists(key, from, to, schema, pass);
  return pass === "deletions" || dequal(from, to) ? {} : { [key]: to };
}

function diffLists(
  key: string,
  from: readonly unknown[],
  to: readonly unknown[],
  schema: OpenApiSchema,
  pass: Pass,
): Json {
  const mergeKey = schema["x-kubernetes-patch-merge-key"];
  if (mergeKey === undefined || ![...from, ...to].every(isMap))
    return diffPrimitiveLists(key, from, to, pass);
  const items = { mergeKey, schema: resolveSchema(schema.items) };
  const patch =
    pass === "changes"
      ? changedItems(from as readonly Json[], to as readonly Json[], items)
      : deletedItems(from as readonly Json[], to as readonly Json[], items);
  const nameOf = (item: unknown): unknown => (item as Json)[mergeKey];
  if (patch.length === 0 && !isReordered(from.map(nameOf), to.map(nameOf))) return {};
  const order = to.map((item) => ({ [mergeKey]: nameOf(item) }));
  return {
    [setElementOrder + key]: order,
    ...(patch.length === 0 ? {} : { [key]: inOrder(patch, order, schema) }),
  };
}

interface ListItems {
  readonly mergeKey: string;
  readonly schema: OpenApiSchema;
}

function changedItems(from: readonly Json[], to: readonly Json[], items: ListItems): Json[] {
  const { mergeKey, schema } = items;
  return to.flatMap((item) => {
    const old = from.find((other) => other[mergeKey] === item[mergeKey]);
    if (!old) return [item];
    const inner = diffMaps(old, item, schema, "changes");
    if (isEmpty(inner)) return [];
    const kept = hasStrategy(schema, "retainKeys") ? retaining(inner, item) : inner;
    return [{ ...kept, [mergeKey]: item[mergeKey] }];
  });
}

function deletedItems(from: readonly Json[], to: readonly Json[], items: ListItems): Json[] {
  const { mergeKey, schema } = items;
  return from.flatMap((old) => {
    const item = to.find((other) => other[mergeKey] === old[mergeKey]);
    if (!item) return [{ $patch: "delete", [mergeKey]: old[mergeKey] }];
    const inner = diffMaps(old, item, schema, "deletions");
    return isEmpty(inner) ? [] : [{ ...inner, [mergeKey]: item[mergeKey] }];
  });
}

function diffPrimitiveLists(
  key: string,
  from: readonly unknown[],
  to: readonly unknown[],
  pass: Pass,
): Json {
  const [kept, wanted] = pass === "changes" ? [from, to] : [to, from];
  const patch = wanted.filter((item) => !kept.some((other) => dequal(other, item)));
  if (patch.length === 0)
    return pass === "changes" && isReordered(from, to) ? { [setElementOrder + key]: to } : {};
  const field = pass === "changes" ? key : deleteFromPrimitiveList + key;
  return { [setElementOrder + key]: to, [field]: patch };
}

/** The two passes speak of the same manifest, so they never disagree on a value. */
function mergePatches(first: Json, second: Json, schema: OpenApiSchema): Json {
  const merged: Json = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const other = merged[key];
    const property = propertySchema(schema, key);
    if (isMap(other) && isMap(value)) merged[key] = mergePatches(other, value, property);
    else if (Array.isArray(other) && Array.isArray(value) && !key.startsWith("$"))
      merged[key] = inOrder(
        mergeItems(other, value, property),
        second[setElementOrder + key] ?? first[setElementOrder + key],
        property,
      );
    else merged[key] = value;
  }
  return merged;
}

function mergeItems(
  first: readonly unknown[],
  second: readonly unknown[],
  schema: OpenApiSchema,
): unknown[] {
  const mergeKey = schema["x-kubernetes-patch-merge-key"] ?? "";
  const merged = [...first];
  for (const item of second) {
    const place = merged.findIndex(
      (other) => isMap(other) && isMap(item) && other[mergeKey] === item[mergeKey],
    );
    const other = merged[place];
    if (isMap(other) && isMap(item))
      merged[place] = mergePatches(other, item, resolveSchema(schema.items));
    else merged.push(item);
  }
  return merged;
}

/** The server wants the items of a patch in the order that the patch gives; deletions come last. */
function inOrder(items: readonly unknown[], order: unknown, schema: OpenApiSchema): unknown[] {
  const mergeKey = schema["x-kubernetes-patch-merge-key"];
  if (mergeKey === undefined || !Array.isArray(order)) return [...items];
  const names = order.map((entry) => (entry as Json)[mergeKey]);
  const place = (item: unknown): number => {
    const position = names.indexOf((item as Json)[mergeKey]);
    return position < 0 ? names.length : position;
  };
  return items.toSorted((a, b) => place(a) - place(b));
}

/** The items that both lists have come in another order. */
function isReordered(from: readonly unknown[], to: readonly unknown[]): boolean {
  return !dequal(
    from.filter((name) => to.includes(name)),
    to.filter((name) => from.includes(name)),
  );
}

/** Of a union, the other member's fields must go: they are listed by what stays. */
function retaining(patch: Json, to: Json): Json {
  return { ...patch, $retainKeys: Object.keys(to).sort() };
}

function hasStrategy(schema: OpenApiSchema, strategy: string): boolean {
  return (schema["x-kubernetes-patch-strategy"] ?? "").split(",").includes(strategy);
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(patch: Json): boolean {
  return Object.keys(patch).length === 0;
}
