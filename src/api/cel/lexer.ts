// Splits an expression into tokens. Source: cel-go v0.26 parser/gen/CEL.g4 and ANTLR's lexer, which
// reports what it does not know and goes on after it.
import type { CelIssue } from "./source.ts";

/** Named as the grammar's errors name them, literal tokens by their text. */
export type TokenType = (typeof tokenTypes)[number];

/** In the grammar's order: errors list expected tokens so. */
export const tokenTypes = [
  "==",
  "!=",
  "in",
  "<",
  "<=",
  ">=",
  ">",
  "&&",
  "||",
  "[",
  "]",
  "{",
  "}",
  "(",
  ")",
  ".",
  ",",
  "-",
  "!",
  "?",
  ":",
  "+",
  "*",
  "/",
  "%",
  "true",
  "false",
  "null",
  "NUM_FLOAT",
  "NUM_INT",
  "NUM_UINT",
  "STRING",
  "BYTES",
  "IDENTIFIER",
  "ESC_IDENTIFIER",
  "EOF",
] as const;

export interface Token {
  readonly type: TokenType;
  readonly text: string;
  readonly offset: number;
}

const words: ReadonlySet<string> = new Set(["in", "true", "false", "null"]);

/** An escape: not checked here beyond its shape, as in the grammar. */
const escapeSequence = String.raw`\\(?:[abfnrtv"'\\?${"`"}]|[0-3][0-7][0-7]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})`;
const text = [
  `[rR]"""[^]*?"""`,
  `[rR]'''[^]*?'''`,
  String.raw`[rR]"[^"\n\r]*"`,
  String.raw`[rR]'[^'\n\r]*'`,
  String.raw`"""(?:${escapeSequence}|[^\\])*?"""`,
  String.raw`'''(?:${escapeSequence}|[^\\])*?'''`,
  String.raw`"(?:${escapeSequence}|[^\\"\n\r])*"`,
  String.raw`'(?:${escapeSequence}|[^\\'\n\r])*'`,
].join("|");

/** Each pattern is tried; the longest match wins, the earlier of equally long ones. */
const patterns: readonly (readonly [TokenType, RegExp])[] = [
  ["NUM_FLOAT", /(?:\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)/y],
  ["NUM_INT", /(?:0x[0-9a-fA-F]+|\d+)/y],
  ["NUM_UINT", /(?:0x[0-9a-fA-F]+|\d+)[uU]/y],
  ["STRING", new RegExp(`(?:${text})`, "y")],
  ["BYTES", new RegExp(`[bB](?:${text})`, "y")],
  ["IDENTIFIER", /[A-Za-z_]\w*/y],
  ["ESC_IDENTIFIER", /`[\w./ -]+`/y],
];
const space = /(?:[\t \r\n\f]+|\/\/[^\n]*)/y;
/** The beginning of a token that did not become one: a text without end, a single "=". */
const begunToken = new RegExp(`^(?:["'](?:${escapeSequence}|[^\\\\\n\r])*|[=&|]|\`[\\w./ -]*)`);
const operators: readonly TokenType[] = tokenTypes.filter((type) => !/\w/.test(type));

/** @returns the tokens, an EOF at the end; characters that are no token are reported and left out */
export function tokenize(source: string, report: (issue: CelIssue) => void): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  while (offset < source.length) {
    const skipped = matchAt(space, source, offset);
    if (skipped > 0) {
      offset += skipped;
      continue;
    }
    const token = tokenAt(source, offset);
    if (token) {
      tokens.push(token);
      offset += token.text.length;
      continue;
    }
    const unknown = unknownAt(source, offset);
    report({ offset, message: `Syntax error: token recognition error at: '${shown(unknown)}'` });
    offset += unknown.length;
  }
  tokens.push({ type: "EOF", text: "<EOF>", offset: source.length });
  return tokens;
}

function tokenAt(source: string, offset: number): Token | undefined {
  let type: TokenType | undefined;
  let length = 0;
  for (const [candidate, pattern] of patterns) {
    const matched = matchAt(pattern, source, offset);
    if (matched > length) [type, length] = [candidate, matched];
  }
  for (const operator of operators)
    if (operator.length > length && source.startsWith(operator, offset))
      [type, length] = [operator, operator.length];
  if (type === undefined) return undefined;
  const matched = source.slice(offset, offset + length);
  return { type: words.has(matched) ? (matched as TokenType) : type, text: matched, offset };
}

function matchAt(pattern: RegExp, source: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.exec(source)?.[0].length ?? 0;
}

/** As much as the lexer reads before it sees that no token begins here, and the character after. */
function unknownAt(source: string, offset: number): string {
  const rest = source.slice(offset);
  const begun = begunToken.exec(rest)?.[0] ?? "";
  if (begun.length === rest.length) return rest;
  const next = String.fromCodePoint(rest.codePointAt(begun.length) ?? 0);
  const isEscape = /["']/.test(begun) && next === "\\";
  return rest.slice(0, begun.length + (isEscape ? 2 : next.length));
}

function shown(unknown: string): string {
  return unknown.replaceAll("\t", "\\t").replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}
