// Reads literals: numbers, texts with their escapes, bytes. Source: cel-go v0.26 parser/unescape.go.
import { utf8Bytes } from "../../base/utf8.ts";
import type { Constant } from "./expr.ts";
import type { TokenType } from "./lexer.ts";
import { maxInt, maxUint, minInt, Uint } from "./value.ts";

export class LiteralError {
  constructor(readonly message: string) {}
}

export function readLiteral(type: TokenType, text: string): Constant | LiteralError {
  switch (type) {
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    case "NUM_INT":
      return readInt(text);
    case "NUM_UINT":
      return readUint(text.slice(0, -1));
    case "NUM_FLOAT":
      return Number.isFinite(Number(text))
        ? Number(text)
        : new LiteralError("invalid double literal");
    case "BYTES":
      return readBytes(text.slice(1));
    default:
      return readText(text);
  }
}

function readInt(text: string): Constant | LiteralError {
  const isNegative = text.startsWith("-");
  const magnitude = BigInt(isNegative ? text.slice(1) : text);
  const value = isNegative ? -magnitude : magnitude;
  return value > maxInt || value < minInt ? new LiteralError("invalid int literal") : value;
}

function readUint(text: string): Constant | LiteralError {
  const value = BigInt(text);
  return value > maxUint ? new LiteralError("invalid uint literal") : new Uint(value);
}

function readText(literal: string): string | LiteralError {
  let text = "";
  for (const part of partsOf(literal)) {
    if (part === undefined) return new LiteralError("unable to unescape string");
    text += typeof part === "string" ? part : String.fromCodePoint(part.code);
  }
  return text;
}

/** In bytes, an escape of two hexadecimal or three octal digits is one byte. */
function readBytes(literal: string): Uint8Array | LiteralError {
  const bytes: number[] = [];
  for (const part of partsOf(literal)) {
    if (part === undefined || (typeof part === "object" && part.isUnicode))
      return new LiteralError("unable to unescape string");
    if (typeof part === "string") bytes.push(...utf8Bytes(part));
    else bytes.push(part.code);
  }
  return Uint8Array.from(bytes);
}

interface EscapedCode {
  readonly code: number;
  readonly isUnicode: boolean;
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const parts =
  /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.))|([^\\]+)/gs;

/** What stands between the quotes: plain text and escaped codes; undefined for a code that is none. */
function partsOf(literal: string): readonly (string | EscapedCode | undefined)[] {
  const isRaw = /^[rR]/.test(literal);
  const quoted = isRaw ? literal.slice(1) : literal;
  const width = /^(?:"""|''')/.test(quoted) && quoted.length >= 6 ? 3 : 1;
  const inner = quoted.slice(width, -width).replace(/\r\n?/g, "\n");
  if (isRaw) return [inner];
  return [...inner.matchAll(parts)].map(([, hex, short, long, octal, other, plain]) => {
    if (plain !== undefined) return plain;
    if (other !== undefined) return simpleEscapes[other] ?? other;
    const digits = hex ?? short ?? long;
    const code =
      digits === undefined ? Number.parseInt(octal ?? "", 8) : Number.parseInt(digits, 16);
    const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return isCharacter ? { code, isUnicode: hex === undefined && octal === undefined } : undefined;
  });
}
