// More functions of texts. Source: cel-go v0.26 ext/strings.go, version 2.
import { type CelLibrary, declare, overload } from "../declaration.ts";
import { ArrayList, CelError, type CelList, type CelValue } from "../value.ts";
import { formatText } from "./formatText.ts";

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  checkIndex(index, characters.length);
  return characters[Number(index)] ?? "";
}

function checkIndex(index: bigint, length: number): void {
  if (index < 0n || index > BigInt(length)) throw new CelError(`index out of range: ${index}`);
}

function indexOf(text: string, part: string, from = 0n): bigint {
  const characters = [...text];
  if (from < 0n || (from > 0n && from >= BigInt(characters.length) + 1n))
    throw new CelError(`index out of range: ${from}`);
  return BigInt(position([...text], [...part], Number(from), 1));
}

function lastIndexOf(text: string, part: string, from?: bigint): bigint {
  const [characters, wanted] = [[...text], [...part]];
  if (
    from !== undefined &&
    (from < 0n || (characters.length > 0 && from >= BigInt(characters.length)))
  )
    throw new CelError(`index out of range: ${from}`);
  const last = characters.length - wanted.length;
  const start = from === undefined ? last : Math.min(Number(from), last);
  return BigInt(position(characters, wanted, start, -1));
}

/** The first place from `start` on, in steps of 1 or -1, where `part` stands; -1 if there is none. */
function position(
  text: readonly string[],
  part: readonly string[],
  start: number,
  step: number,
): number {
  for (let at = start; at >= 0 && at + part.length <= text.length; at += step)
    if (part.every((character, i) => text[at + i] === character)) return at;
  return -1;
}

function join(list: CelList, separator = ""): string {
  const parts = [...list];
  for (const part of parts)
    if (typeof part !== "string") throw new CelError("join: invalid input: not a string");
  return parts.join(separator);
}

function asciiCase(text: string, convert: (letter: string) => string, pattern: RegExp): string {
  return text.replace(pattern, convert);
}

function replace(text: string, old: string, by: string, limit?: bigint): string {
  let left = limit === undefined || limit < 0n ? Infinity : Number(limit);
  if (old === "") return replaceEmpty(text, by, left);
  return text.replaceAll(old, (found) => (left-- > 0 ? by : found));
}

/** Between all characters, and at both ends. */
function replaceEmpty(text: string, by: string, limit: number): string {
  let left = limit;
  const put = () => (left-- > 0 ? by : "");
  return put() + [...text].map((character) => character + put()).join("");
}

function split(text: string, separator: string, limit?: bigint): CelList {
  const all = separator === "" ? [...text] : text.split(separator);
  if (limit === undefined || limit < 0n) return new ArrayList(all);
  if (limit === 0n) return new ArrayList([]);
  const most = Number(limit);
  if (all.length <= most) return new ArrayList(all);
  return new ArrayList([...all.slice(0, most - 1), all.slice(most - 1).join(separator)]);
}

function substring(text: string, start: bigint, end?: bigint): string {
  const characters = [...text];
  const stop = end ?? BigInt(characters.length);
  checkIndex(start, characters.length);
  if (end !== undefined) checkIndex(end, characters.length);
  if (start > stop) throw new CelError(`invalid substring range. start: ${start}, end: ${stop}`);
  return characters.slice(Number(start), Number(stop)).join("");
}

const quotes: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

function quote(text: string): string {
  return `"${[...text].map((character) => quotes[character] ?? character).join("")}"`;
}

export const stringsLibrary: CelLibrary = {
  functions: [
    declare("charAt", overload("string_char_at_int", "string.charAt(int) -> string", charAt)),
    declare(
      "indexOf",
      overload("string_index_of_string", "string.indexOf(string) -> int", indexOf),
      overload("string_index_of_string_int", "string.indexOf(string, int) -> int", indexOf),
    ),
    declare(
      "lastIndexOf",
      overload("string_last_index_of_string", "string.lastIndexOf(string) -> int", lastIndexOf),
      overload(
        "string_last_index_of_string_int",
        "string.lastIndexOf(string, int) -> int",
        lastIndexOf,
      ),
    ),
    declare(
      "join",
      overload("list_join", "list<string>.join() -> string", join),
      overload("list_join_string", "list<string>.join(string) -> string", join),
    ),
    declare(
      "lowerAscii",
      overload("string_lower_ascii", "string.lowerAscii() -> string", (text: string) =>
        asciiCase(text, (letter) => letter.toLowerCase(), /[A-Z]/g),
      ),
    ),
    declare(
      "upperAscii",
      overload("string_upper_ascii", "string.upperAscii() -> string", (text: string) =>
        asciiCase(text, (letter) => letter.toUpperCase(), /[a-z]/g),
      ),
    ),
    declare(
      "replace",
      overload("string_replace_string_string", "string.replace(string, string) -> string", replace),
      overload(
        "string_replace_string_string_int",
        "string.replace(string, string, int) -> string",
        replace,
      ),
    ),
    declare(
      "split",
      overload("string_split_string", "string.split(string) -> list<string>", split),
      overload("string_split_string_int", "string.split(string, int) -> list<string>", split),
    ),
    declare(
      "substring",
      overload("string_substring_int", "string.substring(int) -> string", substring),
      overload("string_substring_int_int", "string.substring(int, int) -> string", substring),
    ),
    declare(
      "trim",
      overload("string_trim", "string.trim() -> string", (text: string) => text.trim()),
    ),
    declare(
      "format",
      overload(
        "string_format",
        "string.format(list<dyn>) -> string",
        (text: string, args: CelList) => formatText(text, [...args] as readonly CelValue[]),
      ),
    ),
    declare("strings.quote", overload("strings_quote", "(string) -> string", quote)),
  ],
};
