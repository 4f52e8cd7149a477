// The tokens of awk. Whether a slash divides or begins a pattern depends on what stands before it.
import { AwkError } from "./awkSyntax.ts";

export interface Token {
  readonly type: "number" | "string" | "regex" | "name" | "keyword" | "operator" | "end";
  readonly text: string;
  /** A name right before "(" calls a function. */
  readonly isCall?: boolean;
}

const keywords = new Set(
  "BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf".split(
    " ",
  ),
);
const operators =
  /(?:\*\*=|\*\*|\+\+|--|\+=|-=|\*=|\/=|%=|\^=|==|<=|>=|!=|!~|&&|\|\||>>|[-+*/%^!<>|?:~$=(){}[\];,\n])/y;
const numbers = /(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y;
const names = /[A-Za-z_]\w*/y;
const blanks = /(?:[ \t\r]|\\\r?\n|#[^\n]*)+/y;

/** @throws AwkError */
export function tokenizeAwk(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = takenAt(blanks, text, 0).length;
  while (at < text.length) {
    const { token, end } = tokenAt(text, at, tokens.at(-1));
    tokens.push(token);
    at = end + takenAt(blanks, text, end).length;
  }
  return [...tokens, { type: "end", text: "" }];
}

function takenAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function tokenAt(
  text: string,
  at: number,
  last: Token | undefined,
): { readonly token: Token; readonly end: number } {
  const next = text.charAt(at);
  if (next === '"' || (next === "/" && beginsRegex(last))) {
    const { content, end } = delimitedAt(text, at);
    const isRegex = next === "/";
    const token = isRegex
      ? ({ type: "regex", text: content } as const)
      : ({ type: "string", text: unescaped(content) } as const);
    return { token, end };
  }
  const number = takenAt(numbers, text, at);
  if (number !== "") return { token: { type: "number", text: number }, end: at + number.length };
  const word = takenAt(names, text, at);
  const end = at + word.length;
  if (keywords.has(word)) return { token: { type: "keyword", text: word }, end };
  if (word !== "")
    return { token: { type: "name", text: word, isCall: text.charAt(end) === "(" }, end };
  const operator = takenAt(operators, text, at);
  if (operator === "") throw new AwkError("syntax error");
  const token = { type: "operator", text: operator.replace("**", "^") } as const;
  return { token, end: at + operator.length };
}

function beginsRegex(last: Token | undefined): boolean {
  if (!last) return true;
  if (last.type === "operator") return !/^(?:\)|\]|\$|\+\+|--)$/.test(last.text);
  return last.type === "keyword" && last.text !== "getline";
}

function delimitedAt(
  text: string,
  start: number,
): { readonly content: string; readonly end: number } {
  const delimiter = text.charAt(start);
  let isInBrackets = false;
  for (let at = start + 1; at < text.length && text.charAt(at) !== "\n"; at++) {
    const character = text.charAt(at);
    if (character === "\\") at++;
    else if (character === delimiter && !isInBrackets)
      return { content: text.slice(start + 1, at), end: at + 1 };
    else if (delimiter === "/" && character === "[") isInBrackets = true;
    else if (character === "]") isInBrackets = false;
  }
  throw new AwkError("unterminated string");
}

const escapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "/": "/",
};

/** What a string means; a backslash that means nothing stays, for patterns. */
export function unescaped(text: string): string {
  return text.replace(/\\([0-7]{1,3}|[\s\S])/g, (whole, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? whole),
  );
}
