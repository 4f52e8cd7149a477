// Another name for something, wherever the workspace's texts make or use it.

import type { Range } from "../../base/yaml/yamlTree.ts";
import { check } from "../diagnostics.ts";
import { isPlainText } from "../plainText.ts";
import type { Hint } from "../problem.ts";
import type { TextEdit } from "../treeEdits.ts";
import { type Mention, meet, writtenName } from "./mention.ts";
import type { Mentions } from "./mentionIndex.ts";
import { areTogether, definitionsOf, groupOf } from "./resolve.ts";

/** Why nothing can be renamed. */
export interface RenameRefusal {
  readonly refusal: Hint;
}

/** What is about to be renamed. */
export interface RenameTarget {
  /** The old name in the text, without quotes. */
  readonly range: Range;
  readonly name: string;
}

export function renameTarget(
  uri: string,
  offset: number,
  mentions: Mentions,
): RenameTarget | RenameRefusal {
  const text = mentions.textOf(uri) ?? "";
  const [mention] = mentions.at(uri, offset);
  if (!mention) return refuse(hasErrors(text) ? "rename.syntax" : "rename.nothing");
  const { sort, kind, name, nameRange, uri: at } = mention;
  if (sort === "kind") return refuse("rename.nothing");
  if (sort === "label" && offset < nameRange.start) return refuse("rename.labelKey");
  const written = writtenName(mention);
  if (/^\d+$/.test(written) && (sort === "servicePort" || sort === "containerPort"))
    return refuse("rename.number");
  if (definitionsOf(mention, mentions).length === 0)
    return refuse("rename.elsewhere", sort === "object" ? `${kind} ${name}` : name);
  const own = text.slice(nameRange.start, nameRange.end);
  if (at !== uri || !own.includes(written)) return refuse("rename.nothing");
  const start = nameRange.start + own.indexOf(written);
  return { range: { start, end: start + written.length }, name: written };
}

/** By address, all edits of one text, in order. */
export type RenameEdits = ReadonlyMap<string, readonly TextEdit[]>;

export function renameEdits(
  uri: string,
  offset: number,
  newName: string,
  mentions: Mentions,
): RenameEdits | RenameRefusal {
  const target = renameTarget(uri, offset, mentions);
  const [mention] = mentions.at(uri, offset);
  if ("refusal" in target || !mention) return target as RenameRefusal;
  const group = groupOf(mention, mentions);
  if (newName !== target.name && isTaken(group, newName, mentions))
    return refuse("rename.taken", newName);
  const edits = new Map<string, TextEdit[]>();
  for (const { uri: address, nameRange, sort } of group) {
    const text = mentions.textOf(address) ?? "";
    const newText = sort === "anchor" ? newName : quotedLike(text, nameRange, newName);
    const list = edits.get(address) ?? [];
    if (!list.some(({ start }) => start === nameRange.start)) list.push({ ...nameRange, newText });
    edits.set(address, list);
  }
  for (const [address, list] of edits) {
    list.sort((a, b) => a.start - b.start);
    const complaint = newComplaint(mentions.textOf(address) ?? "", list);
    if (complaint !== undefined) return refuse("rename.invalid", complaint);
  }
  return edits;
}

function refuse(key: string, ...args: string[]): RenameRefusal {
  return { refusal: { key, args } };
}

function hasErrors(text: string): boolean {
  return check(text).some(({ source }) => source === "yaml");
}

function isTaken(group: readonly Mention[], newName: string, mentions: Mentions): boolean {
  return group.some((mention) => {
    const { sort, name, role, tie, object, namespace } = mention;
    if (role !== "definition") return false;
    const key = sort === "label" ? name.slice(0, name.indexOf("=") + 1) : "";
    const others = mentions.namesakes({ ...mention, name: key + newName });
    return others.some((other) => {
      if (other.role !== "definition" || !areTogether(mention.uri, other.uri)) return false;
      if (tie.by === "name" && other.tie.by === "name" && tie.owner !== other.tie.owner)
        return false;
      if (sort === "anchor") return object.split("#")[0] === other.object.split("#")[0];
      const isWide = tie.by === "name" || sort === "label";
      return isWide ? meet(namespace, other.namespace) : object === other.object;
    });
  });
}

/** In the quotes that the old text has, or in some if the new one would not be text without. */
function quotedLike(text: string, { start, end }: Range, newName: string): string {
  const quote = text[start];
  if (quote === "'" && text[end - 1] === "'") return `'${newName.replaceAll("'", "''")}'`;
  if (quote === '"' || !isPlainText(newName)) return JSON.stringify(newName);
  return newName;
}

/** What the server would say of the changed text that it does not say of the old one. */
function newComplaint(text: string, edits: readonly TextEdit[]): string | undefined {
  const old = new Set(check(text).map(({ message }) => message));
  return check(applied(text, edits)).find(({ message }) => !old.has(message))?.message;
}

function applied(text: string, edits: readonly TextEdit[]): string {
  let result = "";
  let at = 0;
  for (const { start, end, newText } of edits) {
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}
