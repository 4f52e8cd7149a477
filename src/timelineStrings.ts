// The timeline's texts in one language, out of those in all.
import type { StringId, TimelineInit } from "./protocol.ts";
import strings from "./webview/timeline/strings.json" with { type: "json" };

/** @param language a locale of the editor's, e.g. "ko" or "en-GB"; English stands in for others */
export function timelineStrings(language: string): TimelineInit["strings"] {
  const isKorean = language.toLowerCase().split("-")[0] === "ko";
  const entries = Object.entries(strings).map(([id, { en, ko }]) => [id, isKorean ? ko : en]);
  return Object.fromEntries(entries) as Record<StringId, string>;
}
