// The words of a line, and the small notations within them: durations, spans, patterns.
import { hour, type Millis, minute, second } from "../../../src/base/time.ts";

const opening = "{[";
const closing = "}]";

/** Splits at spaces; what is in quotes of either kind or in braces stays together. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  let word = "";
  let depth = 0;
  for (const piece of text.match(/"[^"]*"|'[^']*'|./gs) ?? []) {
    if (piece === " " && depth === 0) {
      words.push(word);
      word = "";
      continue;
    }
    if (opening.includes(piece)) depth++;
    if (closing.includes(piece)) depth--;
    word += piece;
  }
  return [...words, word].filter((one) => one !== "");
}

/** What is between a text's quotes. */
export function unquoted(text: string): string {
  return text.replace(/^(["'])(.*)\1$/s, "$2");
}

/** "1m30s", "500ms", "2". Numbers without a unit are seconds. */
export function durationOf(text: string): Millis {
  if (/^[\d.]+$/.test(text)) return Number(text) * second;
  const units: Readonly<Record<string, Millis>> = { h: hour, m: minute, s: second, ms: 1 };
  let total = 0;
  const rest = text.replaceAll(/([\d.]+)(ms|h|m|s)/g, (_, count: string, unit: string) => {
    total += Number(count) * (units[unit] ?? 0);
    return "";
  });
  if (rest !== "") throw new Error(`"${text}" is no duration`);
  return total;
}

export interface Span {
  readonly from: Millis;
  readonly to: Millis;
}

/** "10s..15s"; a single "10s" is the second that begins there. */
export function spanOf(text: string): Span {
  const [from = "", to] = text.split("..");
  const start = durationOf(from);
  return { from: start, to: to === undefined ? start + second - 1 : durationOf(to) };
}

/** Whether a text is what a pattern says, in which `*` stands for anything. */
export function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}
