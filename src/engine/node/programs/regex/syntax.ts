// POSIX regular expressions, basic and extended, with GNU's additions, as a tree.
// Source: POSIX, Base Definitions, 9.
import { characterClasses } from "../shell/pattern.ts";

export type CharacterTest = (character: string) => boolean;

export type Node =
  | { readonly type: "one"; readonly test: CharacterTest }
  | { readonly type: "lineStart" | "lineEnd" | "wordStart" | "wordEnd" | "wordBoundary" }
  | { readonly type: "sequence"; readonly parts: readonly Node[] }
  | { readonly type: "choice"; readonly parts: readonly Node[] }
  | { readonly type: "group"; readonly of: Node; readonly index: number }
  | { readonly type: "same"; readonly index: number }
  | { readonly type: "repeat"; readonly of: Node; readonly min: number; readonly max: number };

export interface RegexOptions {
  readonly isExtended?: boolean;
  readonly ignoresCase?: boolean;
}

/** In the C library's words. */
export class RegexError extends Error {}

/** Groups and counts beyond these are nobody's. */
const largestCount = 255;
const longestPattern = 5_000;
const deepest = 100;

export interface ParsedRegex {
  readonly tree: Node;
  readonly groups: number;
  readonly hasChoice: boolean;
}

/** @throws RegexError */
export function parseRegex(pattern: string, options: RegexOptions): ParsedRegex {
  if (pattern.length > longestPattern) throw new RegexError("Regular expression too big");
  return new Parser([...pattern], options).whole();
}

export const isWordCharacter: CharacterTest = (one) => /^\w$/.test(one);

const escapes: Readonly<Record<string, CharacterTest>> = {
  w: isWordCharacter,
  W: (one) => !isWordCharacter(one),
  s: (one) => /^\s$/.test(one),
  S: (one) => !/^\s$/.test(one),
};
const positions: Readonly<Record<string, "wordStart" | "wordEnd" | "wordBoundary">> = {
  "<": "wordStart",
  ">": "wordEnd",
  b: "wordBoundary",
};
const controls: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

class Parser {
  private at = 0;
  private groups = 0;
  private depth = 0;
  private hasChoice = false;
  private readonly isExtended: boolean;

  constructor(
    private readonly pattern: readonly string[],
    private readonly options: RegexOptions,
  ) {
    this.isExtended = options.isExtended ?? false;
  }

  whole(): ParsedRegex {
    const tree = this.choice();
    if (this.at < this.pattern.length) throw new RegexError("Unmatched ) or \\)");
    return { tree, groups: this.groups, hasChoice: this.hasChoice };
  }

  private choice(): Node {
    if (++this.depth > deepest) throw new RegexError("Regular expression too big");
    const parts = [this.sequence()];
    while (this.takes("|")) parts.push(this.sequence());
    this.depth--;
    if (parts.length > 1) this.hasChoice = true;
    return parts.length === 1 && parts[0] ? parts[0] : { type: "choice", parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    while (this.at < this.pattern.length && !this.sees("|") && !this.sees(")")) {
      const atom = this.atom(parts.length === 0);
      parts.push(this.repeated(atom));
    }
    return { type: "sequence", parts };
  }

  private atom(isFirst: boolean): Node {
    if (this.takes("(")) return this.group();
    const character = this.pattern[this.at++] ?? "";
    if (character === "\\") return this.escaped();
    if (character === "[") return { type: "one", test: this.bracket() };
    if (character === ".") return { type: "one", test: (one) => one !== "\0" };
    if (character === "^" && (this.isExtended || isFirst)) return { type: "lineStart" };
    if (character === "$" && (this.isExtended || this.isAtEnd())) return { type: "lineEnd" };
    if (this.isExtended && isFirst && /[*+?]/.test(character))
      throw new RegexError("Repetition not preceded by valid expression");
    return this.literal(character);
  }

  private group(): Node {
    const index = ++this.groups;
    const of = this.choice();
    if (!this.takes(")")) throw new RegexError("Unmatched ( or \\(");
    return { type: "group", of, index };
  }

  private escaped(): Node {
    const character = this.pattern[this.at++];
    if (character === undefined) throw new RegexError("Trailing backslash");
    if (/[1-9]/.test(character)) {
      if (Number(character) > this.groups) throw new RegexError("Invalid back reference");
      return { type: "same", index: Number(character) };
    }
    const test = escapes[character];
    if (test) return { type: "one", test };
    const position = positions[character];
    if (position) return { type: position };
    return this.literal(controls[character] ?? character);
  }

  private literal(character: string): Node {
    if (!this.options.ignoresCase) return { type: "one", test: (one) => one === character };
    const folded = character.toLowerCase();
    return { type: "one", test: (one) => one.toLowerCase() === folded };
  }

  private repeated(atom: Node): Node {
    let node = atom;
    for (;;) {
      const count = this.count();
      if (!count) return node;
      node = { type: "repeat", of: node, ...count };
    }
  }

  private count(): { readonly min: number; readonly max: number } | undefined {
    const character = this.pattern[this.at];
    const hasBackslash = !this.isExtended && character === "\\";
    const sign = hasBackslash ? this.pattern[this.at + 1] : character;
    if (character === "*") return this.taken(1, 0, Number.POSITIVE_INFINITY);
    if (!this.isExtended && !hasBackslash) return undefined;
    const width = hasBackslash ? 2 : 1;
    if (sign === "+") return this.taken(width, 1, Number.POSITIVE_INFINITY);
    if (sign === "?") return this.taken(width, 0, 1);
    return sign === "{" ? this.bounds(width) : undefined;
  }

  private taken(width: number, min: number, max: number): { min: number; max: number } {
    this.at += width;
    return { min, max };
  }

  private bounds(width: number): { min: number; max: number } | undefined {
    const rest = this.pattern.slice(this.at + width, this.at + width + 16).join("");
    const [whole, low = "", comma, high = ""] =
      (this.isExtended ? /^(\d*)(,?)(\d*)\}/ : /^(\d*)(,?)(\d*)\\\}/).exec(rest) ?? [];
    if (whole === undefined) {
      if (this.isExtended) return undefined;
      throw new RegexError("Unmatched \\{");
    }
    const min = Number(low);
    const max = comma === "" ? min : high === "" ? Number.POSITIVE_INFINITY : Number(high);
    if (min > max || min > largestCount) throw new RegexError("Invalid content of \\{\\}");
    return this.taken(width + whole.length, min, max);
  }

  private bracket(): CharacterTest {
    const isNegated = this.pattern[this.at] === "^";
    if (isNegated) this.at++;
    const tests: CharacterTest[] = [];
    for (let isFirst = true; ; isFirst = false) {
      const low = this.pattern[this.at++];
      if (low === undefined) throw new RegexError("Unmatched [, [^, [:, [., or [=");
      if (low === "]" && !isFirst) break;
      tests.push(low === "[" && this.pattern[this.at] === ":" ? this.named() : this.range(low));
    }
    const test: CharacterTest = (one) => tests.some((each) => each(one)) !== isNegated;
    if (!this.options.ignoresCase) return test;
    return (one) => test(one.toLowerCase()) || test(one.toUpperCase());
  }

  private range(low: string): CharacterTest {
    const high = this.pattern[this.at + 1];
    if (this.pattern[this.at] !== "-" || high === undefined || high === "]")
      return (one) => one === low;
    this.at += 2;
    if (high < low) throw new RegexError("Invalid range end");
    return (one) => one >= low && one <= high;
  }

  private named(): CharacterTest {
    const rest = this.pattern.slice(this.at + 1, this.at + 12).join("");
    const name = /^([a-z]+):\]/.exec(rest)?.[1] ?? "";
    const test = Object.hasOwn(characterClasses, name) ? characterClasses[name] : undefined;
    if (!test) throw new RegexError("Invalid character class name");
    this.at += name.length + 3;
    return (one) => test.test(one);
  }

  /** Operators have a backslash in basic expressions and none in extended ones. */
  private sees(operator: string): boolean {
    if (operator === ")" && this.depth === 1 && this.isExtended && this.groups === 0) return false;
    return this.isExtended
      ? this.pattern[this.at] === operator
      : this.pattern[this.at] === "\\" && this.pattern[this.at + 1] === operator;
  }

  private takes(operator: string): boolean {
    if (!this.sees(operator)) return false;
    this.at += this.isExtended ? 1 : 2;
    return true;
  }

  private isAtEnd(): boolean {
    return this.at >= this.pattern.length || this.sees(")") || this.sees("|");
  }
}
