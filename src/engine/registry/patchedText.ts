// A patched object as the server prints it when it can't be decoded: maps that the patch reached in the
// order of their keys, the rest as Go declares its types. Source: evanphx/json-patch's lazy documents.
import type { Kind } from "../../api/kind.ts";
import { type GoField, goStruct } from "../../api/openapi/goStructs.ts";
import { structure } from "../../api/openapi/structure.ts";

type Json = Readonly<Record<string, unknown>>;

/** @param touched a tree of the maps that the patch reached */
export function patchedText(kind: Kind, patched: unknown, touched: unknown): string {
  const definition = structure.kinds[`${kind.apiVersion}/${kind.gvk.kind}`]?.def;
  return JSON.stringify(inOrder(patched, definition, touched));
}

function inOrder(value: unknown, definition: string | undefined, touched: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => inOrder(item, definition, undefined));
  if (!isMap(value)) return value;
  const fields = (definition === undefined ? undefined : goStruct(definition)) ?? [];
  const entries = isMap(touched) ? Object.entries(value).sort(byName) : declared(value, fields);
  return Object.fromEntries(
    entries.map(([name, inner]) => [
      name,
      inOrder(
        inner,
        fields.find((field) => field.name === name)?.type,
        isMap(touched) ? touched[name] : undefined,
      ),
    ]),
  );
}

function declared(value: Json, fields: readonly GoField[]): [string, unknown][] {
  if (fields.length === 0) return Object.entries(value).sort(byName);
  const place = ([name]: readonly [string, unknown]): number =>
    fields.findIndex((field) => field.name === name);
  return Object.entries(value).sort((a, b) => place(a) - place(b));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

function isMap(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
