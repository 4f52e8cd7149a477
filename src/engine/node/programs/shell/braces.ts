// Bash's brace expansion: a{b,c}d is two words, {1..3} is three. It happens before all else, on the text.
import type { Word } from "unbash";
import { parseWord } from "./syntax.ts";

/** More words than a command line can hold. */
const mostWords = 10_000;

export function expandBraces(word: Word): readonly Word[] {
  if (!word.parts?.some(({ type }) => type === "BraceExpansion")) return [word];
  return alternatives(word.text).flatMap((text) => parseWord(text) ?? []);
}

function alternatives(text: string): readonly string[] {
  const brace = firstBrace(text);
  if (!brace) return [text];
  const { start, end, items } = brace;
  return items
    .flatMap((item) =>
      alternatives(text.slice(end)).flatMap((rest) =>
        alternatives(item).map((middle) => `${text.slice(0, start)}${middle}${rest}`),
      ),
    )
    .slice(0, mostWords);
}

interface Brace {
  readonly start: number;
  readonly end: number;
  readonly items: readonly string[];
}

function firstBrace(text: string): Brace | undefined {
  for (const { index } of text.matchAll(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"|\$\{|\{/gs)) {
    if (text[index] !== "{") continue;
    const items = itemsFrom(text, index + 1);
    if (items) return { start: index, ...items };
  }
  return undefined;
}

function itemsFrom(
  text: string,
  from: number,
): { items: readonly string[]; end: number } | undefined {
  const items: string[] = [];
  let depth = 0;
  let start = from;
  for (const { 0: token, index } of text.matchAll(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"|[{},]/gs)) {
    if (index < from) continue;
    if (token === "{") depth++;
    else if (token === "," && depth === 0) {
      items.push(text.slice(start, index));
      start = index + 1;
    } else if (token === "}" && depth-- === 0) {
      const last = text.slice(start, index);
      const found = items.length > 0 ? [...items, last] : range(last);
      return found && { items: found, end: index + 1 };
    }
  }
  return undefined;
}

/** "1..5", "a..e", "0..10..2". */
function range(text: string): readonly string[] | undefined {
  const [, first = "", last = "", step = "1"] =
    /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(text) ?? [];
  const isNumeric = /\d/.test(first);
  if (first === "" || isNumeric !== /\d/.test(last)) return undefined;
  const from = isNumeric ? Number(first) : first.charCodeAt(0);
  const to = isNumeric ? Number(last) : last.charCodeAt(0);
  const stride = Math.max(1, Math.abs(Number(step)));
  const count = Math.min(Math.floor(Math.abs(to - from) / stride) + 1, mostWords);
  const width =
    /^-?0\d/.test(first) || /^-?0\d/.test(last) ? Math.max(first.length, last.length) : 0;
  return Array.from({ length: count }, (_, i) => {
    const value = from + (to < from ? -i : i) * stride;
    return isNumeric ? String(value).padStart(width, "0") : String.fromCharCode(value);
  });
}
