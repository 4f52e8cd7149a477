// What a scenario says of a cluster's history, and whether it is so.
import type { Kind } from "../../../src/api/kind.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type { Event } from "../../../src/api/types.ts";
import { type Instant, second } from "../../../src/base/time.ts";
import type { Snapshot } from "./history.ts";
import { holdsOf, valueAt } from "./objectWords.ts";
import type { Line } from "./scenarioText.ts";
import type { ShortNames } from "./shortNames.ts";
import type { Stage } from "./stage.ts";
import { isLike, type Span, spanOf, unquoted, wordsOf } from "./words.ts";

/** @returns what is otherwise, in words; undefined if the fact is so */
export function checkFact(stage: Stage, line: Line, since: Instant): string | undefined {
  const [first = "", ...rest] = wordsOf(line.text);
  const scene: Scene = { stage, names: stage.names(), since };
  if (first === "refused") return checkRefusal(stage, unquoted(rest.join(" ")));
  if (first === "events") return checkEvents(scene, rest, line.below);
  if (first === "order") return checkOrder(scene, line.below);
  if (first === "course") return checkCourse(scene, rest, line.below);
  return checkClaim(scene, line.text);
}

interface Scene {
  readonly stage: Stage;
  readonly names: ShortNames;
  /** When the block began. */
  readonly since: Instant;
}

/** A claim about the objects of one kind. */
interface Claim {
  readonly kind: Kind;
  holds(objects: Snapshot): boolean;
  /** How it is instead. */
  found(objects: Snapshot): string;
}

type When =
  | { readonly type: "now" | "always" | "never" }
  | { readonly type: "at" | "until"; readonly span: Span };

function checkClaim(scene: Scene, text: string): string | undefined {
  const { words, when } = whenOf(wordsOf(text));
  const claim = claimOf(scene, words);
  const { since, stage } = scene;
  let first: Instant | undefined;
  let last: Snapshot = new Map();
  const wanted = when.type !== "until" && when.type !== "always";
  for (const { at, objects } of stage.history.moments(claim.kind, since)) {
    if (first === undefined && claim.holds(objects) === wanted) {
      first = at;
      if (when.type === "always") return `after ${seconds(at - since)} ${claim.found(objects)}`;
    }
    last = objects;
  }
  const instead = claim.found(last);
  switch (when.type) {
    case "always":
      return undefined;
    case "never":
      return first === undefined ? undefined : `it is so at ${seconds(first - since)}`;
    case "now":
      return claim.holds(last) ? undefined : instead;
    default: {
      if (first === undefined) return `never; in the end ${instead}`;
      const passed = first - since;
      const { from, to } = when.span;
      return passed >= from && passed <= to ? undefined : `it is so from ${seconds(passed)} on`;
    }
  }
}

function whenOf(words: readonly string[]): { words: readonly string[]; when: When } {
  const last = words.at(-1) ?? "";
  if (last === "always" || last === "never")
    return { words: words.slice(0, -1), when: { type: last } };
  const before = words.at(-2);
  if (before === "at" || before === "until")
    return { words: words.slice(0, -2), when: { type: before, span: spanOf(last) } };
  return { words, when: { type: "now" } };
}

/** "3 pods web Ready=True" or "pod web-0 phase=Running". */
function claimOf(scene: Scene, words: readonly string[]): Claim {
  const [first = ""] = words;
  const count = /^(<=|>=|<|>)?(\d+)$|^no$/.exec(first);
  return count ? countClaim(scene, words) : objectClaim(scene, words);
}

function countClaim({ stage, names }: Scene, words: readonly string[]): Claim {
  const [count = "", plural = "", ...rest] = words;
  const kind = stage.kind(plural);
  const [group = "*"] = rest;
  const hasGroup = !/[=<>!]/.test(group) || group.startsWith("app=");
  const properties = hasGroup ? rest.slice(1) : rest;
  const [, comparison = "=", number = "0"] = /^(<=|>=|<|>)?(\d+)$/.exec(count) ?? [];
  const chosen = (objects: Snapshot): readonly KubeObject[] =>
    [...objects.values()].filter(
      (object) =>
        (!hasGroup || isOfGroup(object, group, names)) &&
        properties.every((word) => holdsOf(object, word, names.in)),
    );
  return {
    kind,
    holds: (objects) => compare(chosen(objects).length, comparison, Number(number)),
    found: (objects) => {
      const all = [...objects.values()].filter((one) => !hasGroup || isOfGroup(one, group, names));
      const texts = all.map((object) => describe(object, properties, names));
      return `${chosen(objects).length} of ${all.length}:${texts.map((text) => `\n      ${text}`).join("")}`;
    },
  };
}

function compare(found: number, comparison: string, wanted: number): boolean {
  switch (comparison) {
    case "<=":
      return found <= wanted;
    case ">=":
      return found >= wanted;
    case "<":
      return found < wanted;
    case ">":
      return found > wanted;
    default:
      return found === wanted;
  }
}

/** "web": what carries app=web or belongs to web; "ns/": a namespace's; "*": all; of events, their object. */
function isOfGroup(object: KubeObject, group: string, names: ShortNames): boolean {
  if (group === "*") return true;
  const { labels = {}, namespace, name, ownerReferences = [] } = object.metadata;
  if (group.endsWith("/")) return namespace === group.slice(0, -1);
  if (object.kind === "Event") {
    const { kind, name: about = "" } = (object as unknown as Event).involvedObject;
    return `${kind?.toLowerCase()}/${names.in(about)}` === group;
  }
  return (
    labels.app === group ||
    labels["job-name"] === group ||
    labels["kubernetes.io/service-name"] === group ||
    name === group ||
    ownerReferences.some((owner) => names.in(owner.name) === group)
  );
}

function objectClaim(scene: Scene, words: readonly string[]): Claim {
  const { names } = scene;
  const [kindWord = "", name = "", ...properties] = words;
  const kind = scene.stage.kind(kindWord);
  const find = finderOf(scene, kind, name);
  return {
    kind,
    holds: (objects) => {
      const object = find(objects);
      return properties.every((word) => holdsOf(object, word, names.in));
    },
    found: (objects) => {
      const object = find(objects);
      return object ? describe(object, properties, names) : "it is not there";
    },
  };
}

function finderOf({ stage, names }: Scene, kind: Kind, word: string) {
  const uid = names.uidOf(kind.gvk.kind, word);
  if (uid !== undefined) return (objects: Snapshot) => objects.get(uid);
  const { namespace, name } = stage.key(kind, word);
  return (objects: Snapshot): KubeObject | undefined => {
    for (const object of objects.values())
      if (object.metadata.name === name && (object.metadata.namespace ?? "") === namespace)
        return object;
    return undefined;
  };
}

function describe(object: KubeObject, properties: readonly string[], names: ShortNames): string {
  const paths = properties.map((word) =>
    word.replace(/^!/, "").replace(/((?:\[[^\]]*\]|[^=<>!])+)[=<>!].*$/s, "$1"),
  );
  const texts = paths
    .filter((path) => path !== "gone" && path !== "exists")
    .map((path) => `${path}=${names.in(JSON.stringify(valueAt(object, path)) ?? "")}`);
  return [names.in(object.metadata.name), ...texts].join(" ");
}

function checkRefusal(stage: Stage, pattern: string): string | undefined {
  const found = stage.refusals.shift();
  if (found !== undefined && isLike(stage.names().in(found), pattern)) return undefined;
  return found === undefined ? "nothing was refused" : `refused: ${found}`;
}

/** The events about an object, in order; a line "..." stands for any. */
function checkEvents(
  { stage, names }: Scene,
  [kind = "", name = "", from, component]: readonly string[],
  below: readonly string[],
): string | undefined {
  const events = (stage.history.all(stage.kind("events")) as unknown as readonly Event[])
    .filter((event) =>
      isOfGroup(event as unknown as KubeObject, `${stage.kind(kind).singular}/${name}`, names),
    )
    .filter(({ source }) => from !== "from" || source?.component === component)
    .map(({ reason, message, count = 1 }) => {
      const text = `${reason}: ${names.in(message ?? "")}`;
      return count > 1 ? `${text} (x${count})` : text;
    });
  return isSequence(events, below) ? undefined : lines(events);
}

function isSequence(found: readonly string[], patterns: readonly string[]): boolean {
  const [pattern, ...rest] = patterns;
  if (pattern === undefined) return found.length === 0;
  if (pattern === "...")
    return isSequence(found, rest) || (found.length > 0 && isSequence(found.slice(1), patterns));
  const [first, ...others] = found;
  return first !== undefined && isLike(first, pattern) && isSequence(others, rest);
}

/** Claims that come true one after the other. */
function checkOrder(scene: Scene, below: readonly string[]): string | undefined {
  const times = below.map((text) => {
    const claim = claimOf(scene, wordsOf(text));
    for (const { at, objects } of scene.stage.history.moments(claim.kind, scene.since))
      if (claim.holds(objects)) return at - scene.since;
    return undefined;
  });
  const isOrdered = times.every(
    (time, index) => time !== undefined && (index === 0 || time >= (times[index - 1] ?? Infinity)),
  );
  if (isOrdered) return undefined;
  return lines(below.map((text, i) => `${seconds(times[i])} ${text}`));
}

/** The values that a path takes, each with the time of its beginning if the line says one. */
function checkCourse(
  scene: Scene,
  [kindWord = "", name = "", path = ""]: readonly string[],
  below: readonly string[],
): string | undefined {
  const kind = scene.stage.kind(kindWord);
  const find = finderOf(scene, kind, name);
  const found: { readonly at: number; readonly value: string }[] = [];
  for (const { at, objects } of scene.stage.history.moments(kind, scene.since)) {
    const object = find(objects);
    const value = object ? scene.names.in(String(valueAt(object, path) ?? "")) : "gone";
    if (found.at(-1)?.value !== value) found.push({ at: at - scene.since, value });
  }
  if (found[0]?.value === "gone") found.shift();
  const isSo =
    found.length === below.length &&
    below.every((text, i) => isStep(found[i] ?? { at: 0, value: "" }, text));
  return isSo ? undefined : lines(found.map(({ at, value }) => `${seconds(at)} ${value}`));
}

function isStep(
  { at, value }: { readonly at: number; readonly value: string },
  text: string,
): boolean {
  const [, time, wanted = ""] = /^(?:(\d\S*) )?(.*)$/.exec(text) ?? [];
  if (!isLike(value, wanted)) return false;
  if (time === undefined) return true;
  const { from, to } = spanOf(time);
  return at >= from && at <= to;
}

function lines(texts: readonly string[]): string {
  return texts.length === 0 ? "nothing" : texts.map((text) => `\n      ${text}`).join("");
}

function seconds(span: number | undefined): string {
  return span === undefined ? "never" : `${span / second}s`;
}
