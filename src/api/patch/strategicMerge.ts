// Strategic merge patch: a merge patch that knows which lists are maps in disguise.
// Source: apimachinery pkg/util/strategicpatch, 1.34.
import { dequal } from "dequal";
import { type OpenApiSchema, propertySchema, resolveSchema } from "../openapi/structure.ts";
import { badRequestError } from "../status.ts";

type Json = Record<string, unknown>;

const deleteFromPrimitiveList = "$deleteFromPrimitiveList/";
const setElementOrder = "$setElementOrder/";

/**
 * Applies `patch` to `target`, an object of the kind that `schema` describes.
 * @throws ApiError 400 if a list of maps lacks its merge key or a directive is unknown
 */
export function applyStrategicMerge(target: Json, patch: Json, schema: OpenApiSchema): Json {
  if (patch.$patch === "replace") return without(patch, "$patch");
  if (patch.$patch === "delete") return {};
  const result = retainKeys({ ...target }, patch.$retainKeys);
  for (const [key, value] of Object.entries(patch)) {
    if (key === "$retainKeys" || key === "$patch" || key.startsWith(setElementOrder)) continue;
    if (key.startsWith(deleteFromPrimitiveList)) {
      const field = key.slice(deleteFromPrimitiveList.length);
      const doomed = list(value);
      result[field] = list(result[field]).filter(
        (item) => !doomed.some((other) => dequal(item, other)),
      );
    } else if (value === null) delete result[key];
    else result[key] = mergeField(result[key], value, propertySchema(schema, key));
  }
  for (const [key, order] of Object.entries(patch))
    if (key.startsWith(setElementOrder))
      reorder(result, key.slice(setElementOrder.length), list(order), schema);
  return result;
}

function mergeField(current: unknown, value: unknown, schema: OpenApiSchema): unknown {
  if (isMap(value)) return applyStrategicMerge(isMap(current) ? current : {}, value, schema);
  if (!Array.isArray(value)) return value;
  const strategy = schema["x-kubernetes-patch-strategy"] ?? "";
  if (!strategy.split(",").includes("merge")) return value.map(plain);
  const mergeKey = schema["x-kubernetes-patch-merge-key"];
  return mergeKey === undefined || !value.some(isMap)
    ? mergePrimitives(list(current), value)
    : mergeMaps(list(current), value, mergeKey, resolveSchema(schema.items));
}

/** Items the list has already keep their place; new ones come after. */
function mergePrimitives(current: readonly unknown[], value: readonly unknown[]): unknown[] {
  return [...current, ...value.filter((item) => !current.some((other) => dequal(item, other)))];
}

function mergeMaps(
  current: readonly unknown[],
  patches: readonly unknown[],
  mergeKey: string,
  schema: OpenApiSchema,
): unknown[] {
  if (patches.some((patch) => isMap(patch) && patch.$patch === "replace" && !(mergeKey in patch)))
    return patches.filter((patch) => isMap(patch) && !("$patch" in patch)).map(plain);
  const result = current.filter(isMap);
  const added: Json[] = [];
  for (const patch of patches.filter(isMap)) {
    const id = patch[mergeKey];
    if (id === undefined)
      throw badRequestError(
        `map: ${JSON.stringify(patch)} does not contain declared merge key: ${mergeKey}`,
      );
    const index = result.findIndex((item) => dequal(item[mergeKey], id));
    const found = result[index];
    if (patch.$patch === "delete") {
      if (found) result.splice(index, 1);
    } else if (found) result[index] = applyStrategicMerge(found, patch, schema);
    else added.push(applyStrategicMerge({}, patch, schema));
  }
  return [...added, ...result];
}

/** Sorts a list as the client asked; items it did not name keep their place behind their neighbour. */
function reorder(
  result: Json,
  field: string,
  order: readonly unknown[],
  schema: OpenApiSchema,
): void {
  const mergeKey = propertySchema(schema, field)["x-kubernetes-patch-merge-key"];
  const idOf = (item: unknown): unknown =>
    mergeKey !== undefined && isMap(item) ? item[mergeKey] : item;
  const items = list(result[field]);
  if (items.length === 0) return;
  const position = (item: unknown): number =>
    order.findIndex((entry) => dequal(idOf(entry), idOf(item)));
  const named = items
    .filter((item) => position(item) >= 0)
    .sort((a, b) => position(a) - position(b));
  const sorted: unknown[] = [];
  for (const item of items) if (position(item) < 0) sorted.push(item);
  result[field] = [...named, ...sorted];
}

function retainKeys(target: Json, keys: unknown): Json {
  if (!Array.isArray(keys)) return target;
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

function plain(value: unknown): unknown {
  return isMap(value) ? without(value, "$patch") : value;
}

function without(map: Json, key: string): Json {
  const { [key]: _, ...rest } = map;
  return rest;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
