// Values that may stand at the cursor.
import type { SchemaNode, StructNode } from "../../api/openapi/compiled.ts";
import { typeName } from "../hover.ts";
import type { KindStructures } from "../kindStructures.ts";
import type { Mentions } from "../names/mentionIndex.ts";
import type { CursorPlace } from "./cursorPlace.ts";
import { knownValues, nodeLabelKeys, nodeTaintKeys } from "./knownValues.ts";
import { nameChoices } from "./nameChoices.ts";
import { type Completion, choiceOf, referenceOf } from "./offer.ts";
import type { KnownNames, Owner, Question } from "./question.ts";

/** Of apiVersion and kind: those that go together. */
export function topLevelValues(
  place: CursorPlace,
  key: string,
  { kinds }: KindStructures,
): Completion[] | undefined {
  const { kind, apiVersion } = place;
  if (key !== "kind" && key !== "apiVersion") return undefined;
  const fitting = kinds.filter((each) =>
    key === "kind" ? !apiVersion || each.apiVersion === apiVersion : !kind || each.kind === kind,
  );
  const names = new Set(fitting.map((each) => each[key]));
  return [...names].sort().map((label) => choiceOf(label, place, key));
}

const labelKeyFields: ReadonlySet<string> = new Set([
  "core.v1.PodAffinityTerm.topologyKey",
  "core.v1.TopologySpreadConstraint.topologyKey",
  "core.v1.NodeSelectorRequirement.key",
]);

/** Of a struct's field. */
export function values(question: Question, schema: StructNode, key: string): Completion[] {
  const { place, known } = question;
  const field = schema.properties.get(key);
  if (!field) return [];
  const detail = typeName(field);
  const qualified = `${schema.definition}.${key}`;
  const choose = (labels: readonly string[]): Completion[] =>
    labels.map((label) => choiceOf(label, place, detail, field));
  const { choices } = known.structures.facts(schema.definition, key);
  if (choices.length > 0) return choose(choices);
  if (field.type === "bool") return choose(["true", "false"]);
  if (key === "image" && schema.definition.endsWith("Container")) return choose(known.images);
  if (labelKeyFields.has(qualified)) return choose(nodeLabelKeysIn(known));
  if (qualified === "meta.v1.LabelSelectorRequirement.key")
    return choose(labelKeys(known.names, "Pod"));
  if (schema.definition === "core.v1.Toleration" && (key === "key" || key === "value"))
    return choose(taintTexts(key, place, known));
  const names = nameChoices(question.text, place, false, known.names)
    .filter(({ name }) => field.type !== "int32" || /^\d+$/.test(name))
    .map((choice) => referenceOf(choice, place, field));
  return [...names, ...choose(knownValues[qualified] ?? [])];
}

/** Keys of labels that nodes have, or may have. */
export function nodeLabelKeysIn({ names }: KnownNames): readonly string[] {
  return [...new Set([...nodeLabelKeys, ...labelKeys(names, "Node")])];
}

function labelKeys(names: Mentions, kind: string): readonly string[] {
  const keysOfAll = names
    .definitions("label", kind)
    .map(({ name }) => name.slice(0, name.indexOf("=")));
  return [...new Set(keysOfAll)].sort();
}

function taintTexts(
  field: "key" | "value",
  { siblings }: CursorPlace,
  { taints }: KnownNames,
): readonly string[] {
  if (field === "key") return [...new Set([...taints.map(({ key }) => key), ...nodeTaintKeys])];
  const found = taints.filter(({ key }) => key === siblings.get("key"));
  return [...new Set(found.flatMap(({ value }) => (value ? [value] : [])))];
}

/** Values of a map's key: of a label that Pods have. */
export function labelValues({ text, place, known }: Question): Completion[] {
  return nameChoices(text, place, false, known.names).map((choice) => referenceOf(choice, place));
}

/** Items of a list of texts. */
export function itemValues(
  { text, place, known }: Question,
  schema: SchemaNode,
  { definition, field }: Owner,
): Completion[] {
  const { itemChoices } = known.structures.facts(definition, field);
  const choices =
    itemChoices.length > 0 ? itemChoices : (knownValues[`${definition}.${field}`] ?? []);
  if (choices.length > 0)
    return choices.map((label) => choiceOf(label, place, typeName(schema), schema));
  return labelValues({ text, place, known });
}
