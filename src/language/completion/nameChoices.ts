// Names that may stand at the cursor: those that something of the wanted sort has. The text is read as
// if a name were there already; what such a name could mean is what is offered.
import { Selector } from "../../api/selector.ts";
import { legible } from "../legible.ts";
import { type Mention, mayMean } from "../names/mention.ts";
import { MentionIndex, type Mentions, mentionsOfAll } from "../names/mentionIndex.ts";
import type { CursorPlace } from "./cursorPlace.ts";

/** A name, or a label with its key where a key is typed. */
export interface NameChoice {
  readonly key?: string;
  readonly name: string;
  /** What has the name: "ConfigMap", "Pod". */
  readonly kind: string;
}

const marker = "cursor0name";
const uri = "cursor:";

export function nameChoices(
  text: string,
  place: CursorPlace,
  isMapKey: boolean,
  names: Mentions,
): readonly NameChoice[] {
  const own = new MentionIndex();
  own.set(uri, withMarker(text, place, isMapKey));
  const all = mentionsOfAll(own, names);
  const choices = own
    .at(uri, place.typed.start + 1)
    .flatMap((mention) =>
      mention.sort === "label"
        ? labelChoices(mention, isMapKey, all, own)
        : definedChoices(mention, mention.tie.by === "object" ? own : all),
    );
  const unique = new Map(choices.map((choice) => [`${choice.key}=${choice.name}`, choice]));
  return [...unique.values()].sort((a, b) => order(a).localeCompare(order(b)));
}

function order({ key = "", name }: NameChoice): string {
  return `${key}=${name}`;
}

/** The text with a name at the cursor, in place of what is typed. */
function withMarker(text: string, { typed, style }: CursorPlace, isMapKey: boolean): string {
  const quote = style === "json" ? '"' : "";
  const name = `${quote}${marker}${quote}${isMapKey ? `: ${quote}x${quote}` : ""}`;
  const rest = text.slice(typed.end);
  const behind = style === "block" ? rest.slice(/^[^\n]*/.exec(rest)?.[0].length) : rest;
  return legible(text.slice(0, typed.start)) + name + legible(behind);
}

function definedChoices(mention: Mention, all: Mentions): readonly NameChoice[] {
  if (mention.role === "definition") return [];
  return all
    .definitions(mention.sort, mention.kind)
    .filter((each) => isNear(mention, each) && mayMean({ ...mention, name: each.name }, each))
    .map(({ name, kind }) => ({ name, kind }));
}

/** A manifest without a namespace is most likely applied to the default one. */
function isNear({ namespace, tie }: Mention, other: Mention): boolean {
  if (tie.by === "object" || other.namespace === "") return true;
  return other.namespace === (namespace === "" ? "default" : namespace);
}

function labelChoices(
  mention: Mention,
  isMapKey: boolean,
  all: Mentions,
  own: MentionIndex,
): readonly NameChoice[] {
  const [askedKey = ""] = mention.name.split("=");
  return labelled(mention, all, own).flatMap(({ name, kind }) => {
    const at = name.indexOf("=");
    const key = name.slice(0, at);
    const value = name.slice(at + 1);
    if (key === marker || value === marker) return [];
    if (isMapKey) return [{ key, name: value, kind }];
    return key === askedKey ? [{ name: value, kind }] : [];
  });
}

/** Labels that fit: those of what else the selector asks for; for a Pod's, what selects it. */
function labelled(mention: Mention, all: Mentions, own: MentionIndex): readonly Mention[] {
  const { tie, object } = mention;
  if (tie.by !== "selector")
    return own
      .in(uri)
      .filter((each) => each.sort === "label" && each.role === "use" && each.object === object);
  const rest = tie.selector.requirements.filter(
    ({ key, values }) => key !== marker && !values.includes(marker),
  );
  const selector = Selector.of(rest);
  return all
    .definitions("label", mention.kind)
    .filter(
      (each) =>
        isNear(mention, each) &&
        each.tie.by === "labels" &&
        selector.matches(each.tie.labels) &&
        (!tie.isOwn || each.object === object),
    );
}
