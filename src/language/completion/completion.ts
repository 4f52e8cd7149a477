// What may stand at the cursor: whole manifests, the fields of a kind, and their values.
import type { SchemaNode } from "../../api/openapi/compiled.ts";
import type { KindStructures } from "../kindStructures.ts";
import { isForOthers } from "../ownDocuments.ts";
import { type CursorPlace, cursorPlace } from "./cursorPlace.ts";
import { firstKeys, keys, mapKeys } from "./keyChoices.ts";
import { manifestsAt } from "./manifests.ts";
import type { Completion } from "./offer.ts";
import type { KnownNames, Owner } from "./question.ts";
import { itemValues, labelValues, topLevelValues, values } from "./valueChoices.ts";

/** Best first within what is required and what is not. */
export function completionsAt(text: string, offset: number, known: KnownNames): Completion[] {
  if (isForOthers(text, offset)) return [];
  const manifests = manifestsAt(text, offset);
  const place = cursorPlace(text, offset);
  if (!place) return manifests;
  if (place.path.length === 0 && place.key !== undefined) {
    const top = topLevelValues(place, place.key, known.structures);
    if (top) return top;
  }
  const { schema, owner } = schemaOf(place, known.structures);
  if (!schema) return place.path.length === 0 ? [...manifests, ...firstKeys(place)] : [];
  const question = { text, place, known };
  if (place.key !== undefined) {
    if (schema.type === "struct") return values(question, schema, place.key);
    return schema.type === "map" ? labelValues(question) : [];
  }
  if (schema.type === "struct") return keys(schema, place, known.structures);
  if (schema.type === "map") return mapKeys(question, owner);
  return owner && place.path.at(-1) === -1 ? itemValues(question, schema, owner) : [];
}

interface Owned {
  readonly schema: SchemaNode | undefined;
  readonly owner?: Owner;
}

function schemaOf({ apiVersion, kind, path }: CursorPlace, structures: KindStructures): Owned {
  let schema: SchemaNode | undefined = structures.node(apiVersion, kind);
  let owner: Owner | undefined;
  for (const step of path) {
    if (step === -1) schema = schema?.type === "list" ? schema.element : undefined;
    else if (schema?.type === "struct") {
      owner = { definition: schema.definition, field: step };
      schema = schema.properties.get(step);
    } else schema = schema?.type === "map" ? schema.value : undefined;
  }
  return { schema, ...(owner ? { owner } : {}) };
}
