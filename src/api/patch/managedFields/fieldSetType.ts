// A set of fields seen beside the type of its object: fields of structs count as owned with what is in
// them, and a set that was written when the type was another one is brought up to date.
// Source: structured-merge-diff v6 fieldpath/set.go and typed/reconcile_schema.go.
import { FieldSet } from "./fieldSet.ts";
import type { FieldType } from "./fieldType.ts";
import type { PathElement } from "./pathElement.ts";

/** With the named fields of structs that have members beneath them. */
export function withStructFields(set: FieldSet, type: FieldType | undefined): FieldSet {
  return set.mapNodes(({ element, isMember, children }) => ({
    isMember:
      isMember ||
      (!children.isEmpty && typeof element === "string" && type?.map?.field(element) !== undefined),
    children: withStructFields(children, innerType(type, element)),
  }));
}

/**
 * The set as it is under the present type: whoever owned parts of what is now owned as a whole owns it.
 * Returns `set` itself if nothing changes.
 */
export function reconcileFieldSet(set: FieldSet, type: FieldType): FieldSet {
  if (type.map?.isDeduced) return set;
  let result = set;
  for (const { element, isMember } of set.elements()) {
    const children = set.under(element);
    const inner = innerType(type, element);
    if (!inner || children.isEmpty) continue;
    const own = FieldSet.of([element]);
    const rest = isWhole(inner) ? own : reconcileFieldSet(children, inner);
    if (rest === children) continue;
    result = result.recursiveDifference(own);
    if (isMember || rest === own) result = result.union(own);
    if (rest !== own) result = result.union(rest.beneath(element));
  }
  return result;
}

function isWhole({ map, scalar, list }: FieldType): boolean {
  if (map) return map.isAtomic && !map.isDeduced;
  return scalar === undefined && list?.isAtomic === true;
}

/** The type of what an element leads to. */
function innerType(type: FieldType | undefined, element: PathElement): FieldType | undefined {
  if (type?.map) return (typeof element === "string" && type.map.field(element)) || type.map.rest;
  return typeof element === "string" ? undefined : type?.list?.element;
}
