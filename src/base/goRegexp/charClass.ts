// Sets of characters by ranges, by Perl's and POSIX' names, by Unicode properties.
import type { CharTest } from "./syntax.ts";

type Range = readonly [number, number];

/** Characters within any of the ranges, in either case if asked. */
export function charClass(ranges: readonly Range[], ignoresCase = false): CharTest {
  const plain: CharTest = (code) => ranges.some(([low, high]) => code >= low && code <= high);
  if (!ignoresCase) return plain;
  return (code) => plain(code) || otherCases(code).some(plain);
}

function otherCases(code: number): readonly number[] {
  const character = String.fromCodePoint(code);
  return [character.toLowerCase(), character.toUpperCase()]
    .filter((other) => [...other].length === 1)
    .map((other) => other.codePointAt(0) ?? code);
}

const digit: Range = [0x30, 0x39];
const lower: Range = [0x61, 0x7a];
const upper: Range = [0x41, 0x5a];
const underscore: Range = [0x5f, 0x5f];
const spaces: readonly Range[] = [
  [9, 10],
  [12, 13],
  [32, 32],
];
const word = [digit, lower, upper, underscore];

const posix: Readonly<Record<string, readonly Range[]>> = {
  alnum: [digit, lower, upper],
  alpha: [lower, upper],
  ascii: [[0, 0x7f]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: [digit],
  graph: [[0x21, 0x7e]],
  lower: [lower],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [upper],
  word,
  xdigit: [digit, [0x61, 0x66], [0x41, 0x46]],
};

/** \d, \s, \w and their opposites. ASCII only, as in Go. */
export function escapeClass(letter: string): CharTest | undefined {
  const ranges = { d: [digit], s: spaces, w: word }[letter.toLowerCase()];
  if (!ranges) return undefined;
  const test = charClass(ranges);
  return letter === letter.toLowerCase() ? test : (code) => !test(code);
}

export function posixClass(name: string): CharTest | undefined {
  const ranges = posix[name];
  return ranges && charClass(ranges);
}

/** A Unicode category or script: "L", "Lu", "Greek". */
export function classNamed(name: string): CharTest | undefined {
  if (name === "Any") return () => true;
  const property = /^[A-Z][a-z]?$/.test(name) ? name : `Script=${name}`;
  try {
    const pattern = new RegExp(`^\\p{${property}}$`, "u");
    return (code) => pattern.test(String.fromCodePoint(code));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export const isWordCharacter: CharTest = charClass(word);
