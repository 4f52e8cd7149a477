// Scalars of a YAML 1.1 text, read exactly as go-yaml v2 reads them. Source: goyaml.v2/scannerc.go
// (sigs.k8s.io/yaml).
import {
  end,
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  type Mark,
  space,
  tab,
  type YamlCursor,
} from "./yamlCursor.ts";

export interface ScannedScalar {
  readonly start: Mark;
  /** Behind its last character; without the blanks and line breaks that follow. */
  readonly end: number;
  readonly text: string;
  /** False if it is quoted or a block: then it is text whatever it looks like. */
  readonly isPlain: boolean;
}

export interface PlainScalar extends ScannedScalar {
  /** True if a key may follow: the scalar ended with its line. */
  readonly endsLine: boolean;
}

const codes = (text: string): Set<number> => new Set([...text].map((c) => c.charCodeAt(0)));
const flowEnds = codes(",?[]{}");
const hash = 35;
const colon = 58;
const backslash = 92;
const singleQuote = 39;
const doubleQuote = 34;

/** Line breaks within a flow scalar: a single one is a space, of several the first is dropped. */
class Fold {
  private first = "";
  private rest = "";
  private isAny = false;

  add(lineBreak: string): void {
    if (this.isAny) this.rest += lineBreak;
    else this.first = lineBreak;
    this.isAny = true;
  }

  /** An escaped line break: it joins the lines without a space. */
  addEscaped(): void {
    this.isAny = true;
  }

  get isEmpty(): boolean {
    return !this.isAny;
  }

  get text(): string {
    if (this.first !== "\n") return this.first + this.rest;
    return this.rest === "" ? " " : this.rest;
  }
}

/** @param indent the column that further lines must reach in block context */
export function scanPlainScalar(cursor: YamlCursor, indent: number, isFlow: boolean): PlainScalar {
  const start = cursor.mark();
  let from = start.index;
  let last = from;
  let text = "";
  let fold: Fold | undefined;
  for (;;) {
    if (cursor.isDocumentIndicator("---") || cursor.isDocumentIndicator("...")) break;
    if (cursor.at(0) === hash) break;
    const word = cursor.index;
    skipPlainWord(cursor, isFlow);
    if (cursor.index > word) {
      if (fold) {
        text += cursor.text.slice(from, last) + fold.text;
        from = word;
        fold = undefined;
      }
      last = cursor.index;
    }
    if (!isBlank(cursor.at(0)) && !isBreak(cursor.at(0))) break;
    fold = skipPlainBlanks(cursor, fold, indent, start);
    if (!isFlow && cursor.column < indent) break;
  }
  text += cursor.text.slice(from, last);
  return { start, end: last, text, isPlain: true, endsLine: fold !== undefined };
}

function skipPlainWord(cursor: YamlCursor, isFlow: boolean): void {
  const { text } = cursor;
  let i = cursor.index;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isBlankOrEnd(c)) break;
    if (c === colon && (i + 1 === text.length || isBlankOrEnd(text.charCodeAt(i + 1)))) break;
    if (isFlow && flowEnds.has(c)) break;
  }
  cursor.advance(i - cursor.index);
}

function skipPlainBlanks(
  cursor: YamlCursor,
  before: Fold | undefined,
  indent: number,
  start: Mark,
): Fold | undefined {
  let fold = before;
  for (let c = cursor.at(0); isBlank(c) || isBreak(c); c = cursor.at(0))
    if (isBreak(c)) {
      fold ??= new Fold();
      fold.add(cursor.readBreak());
    } else {
      if (fold && cursor.column < indent && c === tab)
        cursor.fail("found a tab character that violates indentation", start);
      cursor.advance(1);
    }
  return fold;
}

export function scanQuotedScalar(cursor: YamlCursor): ScannedScalar {
  const start = cursor.mark();
  const quote = cursor.at(0);
  cursor.advance(1);
  let text = "";
  for (;;) {
    if (cursor.isDocumentIndicator("---") || cursor.isDocumentIndicator("..."))
      cursor.fail("found unexpected document indicator", start);
    if (cursor.at(0) === end) cursor.fail("found unexpected end of stream", start);
    const fold = new Fold();
    text += quotedWord(cursor, quote, fold, start);
    if (cursor.at(0) === quote) break;
    const blanks = quotedBlanks(cursor, fold);
    text += fold.isEmpty ? blanks : fold.text;
  }
  cursor.advance(1);
  return { start, end: cursor.index, text, isPlain: false };
}

/** Up to the quote that ends the scalar, or to a blank, or over an escaped line break. */
function quotedWord(cursor: YamlCursor, quote: number, fold: Fold, start: Mark): string {
  let word = "";
  let from = cursor.index;
  const taken = (): string => cursor.text.slice(from, cursor.index);
  for (;;) {
    const c = cursor.at(0);
    if (isBlankOrEnd(c)) return word + taken();
    if (c === quote) {
      if (quote !== singleQuote || cursor.at(1) !== singleQuote) return word + taken();
      cursor.advance(1);
      word += taken();
      cursor.advance(1);
      from = cursor.index;
    } else if (c === backslash && quote === doubleQuote) {
      word += taken();
      if (isBreak(cursor.at(1))) {
        cursor.advance(1);
        cursor.readBreak();
        fold.addEscaped();
        return word;
      }
      word += readEscape(cursor, start);
      from = cursor.index;
    } else cursor.advance(1);
  }
}

/** @returns the blanks as they are, for where no line break follows */
function quotedBlanks(cursor: YamlCursor, fold: Fold): string {
  const from = cursor.index;
  for (let c = cursor.at(0); isBlank(c) || isBreak(c); c = cursor.at(0))
    if (isBreak(c)) fold.add(cursor.readBreak());
    else cursor.advance(1);
  return cursor.text.slice(from, cursor.index);
}

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "'": "'",
  "\\": "\\",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
  r: "\r",
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function readEscape(cursor: YamlCursor, start: Mark): string {
  const code = cursor.text[cursor.index + 1] ?? "";
  const digits = hexDigits[code];
  const plain = escapes[code];
  if (digits === undefined && plain === undefined)
    cursor.fail("found unknown escape character", start);
  cursor.advance(2);
  if (digits === undefined) return plain ?? "";
  const hex = cursor.text.slice(cursor.index, cursor.index + digits);
  if (hex.length < digits || !/^[0-9a-fA-F]*$/.test(hex))
    cursor.fail("did not find expected hexdecimal number", start);
  const value = Number.parseInt(hex, 16);
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff)
    cursor.fail("found invalid Unicode character escape code", start);
  cursor.advance(digits);
  return String.fromCodePoint(value);
}

/** What stands behind "|" or ">". */
interface BlockHeader {
  /** "+" keeps the line breaks at the end, "-" drops them all, else there is one. */
  readonly chomping: "+" | "-" | "";
  /** Columns of the content beyond its parent's; 0 if its first line decides. */
  readonly increment: number;
}

/** @param parentIndent column of the block that the scalar belongs to, or -1 */
export function scanBlockScalar(cursor: YamlCursor, parentIndent: number): ScannedScalar {
  const start = cursor.mark();
  const isLiteral = cursor.text[cursor.index] === "|";
  cursor.advance(1);
  const { chomping, increment } = readBlockHeader(cursor, start);
  let last = cursor.index;
  if (isBreak(cursor.at(0))) cursor.readBreak();
  const breaks = { text: "" };
  const known = increment === 0 ? 0 : Math.max(parentIndent, 0) + increment;
  const indent = skipBlockBreaks(cursor, known, parentIndent, start, breaks);
  let text = "";
  let lineBreak = "";
  let wasBlank = false;
  while (cursor.column === indent && cursor.at(0) !== end) {
    const isBlankLine = isBlank(cursor.at(0));
    const isFolded = !isLiteral && !wasBlank && !isBlankLine && lineBreak === "\n";
    text += isFolded ? (breaks.text === "" ? " " : "") : lineBreak;
    text += breaks.text;
    wasBlank = isBlankLine;
    const from = cursor.index;
    cursor.takeLine();
    last = cursor.index;
    text += cursor.text.slice(from, last);
    lineBreak = isBreak(cursor.at(0)) ? cursor.readBreak() : "";
    breaks.text = "";
    skipBlockBreaks(cursor, indent, parentIndent, start, breaks);
  }
  if (chomping !== "-") text += lineBreak;
  if (chomping === "+") text += breaks.text;
  return { start, end: last, text, isPlain: false };
}

function readBlockHeader(cursor: YamlCursor, start: Mark): BlockHeader {
  let chomping: BlockHeader["chomping"] = "";
  let increment = 0;
  for (let i = 0; i < 2; i++) {
    const c = cursor.text[cursor.index] ?? "";
    if (c === "0") cursor.fail("found an indentation indicator equal to 0", start);
    if (c >= "1" && c <= "9") increment = Number(c);
    else if (c === "+" || c === "-") chomping = c;
    else break;
    cursor.advance(1);
  }
  cursor.takeBlanks();
  if (cursor.at(0) === hash) cursor.takeLine();
  if (!isBreakOrEnd(cursor.at(0)))
    cursor.fail("did not find expected comment or line break", start);
  return { chomping, increment };
}

/** Skips empty lines and indentation. @returns the indentation, found out if it was 0 */
function skipBlockBreaks(
  cursor: YamlCursor,
  indent: number,
  parentIndent: number,
  start: Mark,
  breaks: { text: string },
): number {
  let deepest = 0;
  for (;;) {
    while ((indent === 0 || cursor.column < indent) && cursor.at(0) === space) cursor.advance(1);
    deepest = Math.max(deepest, cursor.column);
    if ((indent === 0 || cursor.column < indent) && cursor.at(0) === tab)
      cursor.fail("found a tab character where an indentation space is expected", start);
    if (!isBreak(cursor.at(0))) break;
    breaks.text += cursor.readBreak();
  }
  return indent === 0 ? Math.max(deepest, parentIndent + 1, 1) : indent;
}
