// Keys that may stand at the cursor.
import type { StructNode } from "../../api/openapi/compiled.ts";
import { typeName } from "../hover.ts";
import type { KindStructures } from "../kindStructures.ts";
import type { CursorPlace } from "./cursorPlace.ts";
import { knownKeys } from "./knownValues.ts";
import { nameChoices } from "./nameChoices.ts";
import { type Completion, fieldOf, labelOf, shapeOf } from "./offer.ts";
import type { Owner, Question } from "./question.ts";
import { nodeLabelKeysIn } from "./valueChoices.ts";

/** Those that every object begins with, while its kind is not known. */
export function firstKeys(place: CursorPlace): Completion[] {
  const { siblings } = place;
  return ["apiVersion", "kind", "metadata", "spec"]
    .filter((name) => !siblings.has(name))
    .map((name) =>
      fieldOf(name, place, name === "metadata" || name === "spec" ? "block" : "text", {
        detail: "",
        isRequired: true,
      }),
    );
}

/** What the server fills in is not for the author. */
const serverFields: ReadonlySet<string> = new Set([
  "status",
  "managedFields",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
]);

export function keys(
  schema: StructNode,
  place: CursorPlace,
  structures: KindStructures,
): Completion[] {
  return [...schema.properties]
    .filter(([name]) => !place.siblings.has(name) && !serverFields.has(name))
    .map(([name, field]) => {
      const facts = structures.facts(schema.definition, name);
      const { isRequired, hasDefault, description, choices } = facts;
      const hasChoices = choices.length > 0 || field.type === "bool";
      return fieldOf(name, place, shapeOf(field), {
        detail: typeName(field),
        documentation: `${schema.definition}.${name}`,
        ...(description === undefined ? {} : { description }),
        isRequired: isRequired && !hasDefault,
        ...(hasChoices ? { opensMore: true } : {}),
      });
    });
}

/** Of a map: labels that something has, and keys with a meaning. */
export function mapKeys({ text, place, known }: Question, owner: Owner | undefined): Completion[] {
  const labels = nameChoices(text, place, true, known.names)
    .filter(({ key = "" }) => !place.siblings.has(key))
    .map((choice) => labelOf(choice, place));
  const qualified = owner ? `${owner.definition}.${owner.field}` : "";
  const more = [
    ...(knownKeys[qualified] ?? []),
    ...(qualified === "core.v1.PodSpec.nodeSelector" ? nodeLabelKeysIn(known) : []),
  ];
  return [
    ...labels,
    ...more
      .filter((key) => !place.siblings.has(key))
      .map((key) => fieldOf(key, place, "text", { detail: "", isRequired: false })),
  ];
}
