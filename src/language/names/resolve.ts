// From a name to where it is made, and to all who use it.
import { type Mention, mayMean } from "./mention.ts";
import type { Mentions } from "./mentionIndex.ts";

/**
 * Where the name is made: in the same file, else in the same folder, else anywhere. Several where texts
 * make the same name, or where a selector selects several Pods.
 */
export function definitionsOf(mention: Mention, mentions: Mentions): readonly Mention[] {
  if (mention.role === "definition") return [mention];
  const made = mentions
    .namesakes(mention)
    .filter((each) => each.role === "definition" && mayMean(mention, each));
  const closest = Math.min(...made.map((each) => distance(mention.uri, each.uri)));
  return made.filter((each) => distance(mention.uri, each.uri) === closest);
}

/** Everything that may mean the same; where the name is made comes first. */
export function referencesOf(mention: Mention, mentions: Mentions): readonly Mention[] {
  const namesakes = mentions.namesakes(mention);
  const made = namesakes.filter(
    (each) =>
      each.role === "definition" &&
      (mention.role === "definition" ? isSame(each, mention) : mayMean(mention, each)),
  );
  const used = namesakes.filter(
    (each) =>
      each.role === "use" && (isAt(each, mention) || made.some((one) => mayMean(each, one))),
  );
  return [...made, ...used];
}

/** All places that must change together if the name becomes another. */
export function groupOf(mention: Mention, mentions: Mentions): readonly Mention[] {
  const uses = mentions
    .namesakes(mention)
    .filter(({ role }) => role === "use")
    .map((use) => ({ use, made: definitionsOf(use, mentions) }));
  const group = new Set<Mention>();
  const pending = [...definitionsOf(mention, mentions)];
  for (let made = pending.pop(); made; made = pending.pop()) {
    if (isIn(group, made)) continue;
    group.add(made);
    for (const { use, made: all } of uses) {
      if (!all.some((each) => made && isAt(each, made))) continue;
      if (!isIn(group, use)) group.add(use);
      pending.push(...all);
    }
  }
  return [...group];
}

function isIn(group: ReadonlySet<Mention>, mention: Mention): boolean {
  for (const each of group) if (isAt(each, mention)) return true;
  return false;
}

function isAt(a: Mention, b: Mention): boolean {
  return a.uri === b.uri && a.range.start === b.range.start && a.role === b.role;
}

/** True if two texts make one and the same. */
function isSame(a: Mention, b: Mention): boolean {
  if (isAt(a, b)) return true;
  return a.tie.by === "name" && b.tie.by === "name" && mayMean({ ...a, role: "use" }, b);
}

/** True for files of one folder: what is made in both is taken for one application's. */
export function areTogether(uri: string, other: string): boolean {
  return distance(uri, other) <= 1;
}

/** How far apart two files are: the nearest name is the one that is meant. */
function distance(uri: string, other: string): number {
  if (uri === other) return 0;
  const folder = (address: string): string => address.slice(0, address.lastIndexOf("/"));
  const scheme = (address: string): string => address.slice(0, address.indexOf(":"));
  if (folder(uri) === folder(other)) return 1;
  return scheme(uri) === scheme(other) ? 2 : 3;
}
