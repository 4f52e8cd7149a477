// Anchors of a document, and the aliases that stand for what they mark.

import { YamlError } from "../../base/yaml/yamlCursor.ts";
import { YamlScanner } from "../../base/yaml/yamlScanner.ts";
import type { DocumentText } from "../documents.ts";
import type { Mention } from "./mention.ts";

/** Aliases mean the nearest anchor of their name above them. None where the text is no YAML. */
export function anchorMentions(
  text: string,
  { start, end }: DocumentText,
  uri: string,
): readonly Mention[] {
  const own = text.slice(start, end);
  if (!own.includes("&")) return [];
  const mentions: Mention[] = [];
  const latest = new Map<string, string>();
  for (const { type, text: name, index } of anchorTokens(own)) {
    const at = start + index + 1;
    if (type === "anchor") latest.set(name, `${uri}#&${at}`);
    const object = latest.get(name);
    if (object === undefined) continue;
    const nameRange = { start: at, end: at + name.length };
    mentions.push({
      sort: "anchor",
      role: type === "anchor" ? "definition" : "use",
      kind: "",
      name,
      uri,
      object,
      namespace: "",
      range: { start: at - 1, end: nameRange.end },
      nameRange,
      tie: { by: "object" },
    });
  }
  return mentions;
}

interface AnchorToken {
  readonly type: "anchor" | "alias";
  readonly text: string;
  readonly index: number;
}

function anchorTokens(text: string): readonly AnchorToken[] {
  const found: AnchorToken[] = [];
  const scanner = new YamlScanner(text);
  try {
    for (let token = scanner.peek(); token.type !== "streamEnd"; token = scanner.peek()) {
      const { type, text: name, start } = token;
      if (type === "anchor" || type === "alias")
        found.push({ type, text: name, index: start.index });
      scanner.skip();
    }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
  }
  return found;
}
