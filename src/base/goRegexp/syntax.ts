// Regular expressions as Go's regexp package reads them (RE2), with its errors.
// Source: Go's regexp/syntax.
import { charClass, classNamed, escapeClass, posixClass } from "./charClass.ts";

/** Whether a code point is meant. */
export type CharTest = (code: number) => boolean;

export type Node =
  | { readonly type: "char"; readonly test: CharTest }
  | { readonly type: "assert"; readonly kind: Assertion }
  | { readonly type: "sequence"; readonly parts: readonly Node[] }
  | { readonly type: "choice"; readonly parts: readonly Node[] }
  | {
      readonly type: "repeat";
      readonly of: Node;
      readonly min: number;
      /** Infinity where there is no end. */
      readonly max: number;
      readonly isGreedy: boolean;
    };

export type Assertion =
  | "textStart"
  | "textEnd"
  | "lineStart"
  | "lineEnd"
  | "wordBoundary"
  | "noWordBoundary";

/** Go's words: "missing closing ): `(a`". */
export class RegexpSyntaxError extends Error {
  constructor(reason: string, part: string) {
    super(`error parsing regexp: ${reason}: \`${part}\``);
  }
}

interface Flags {
  readonly ignoresCase: boolean;
  readonly isMultiline: boolean;
  readonly dotIsAll: boolean;
  readonly isUngreedy: boolean;
}

const mostRepeats = 1000;
const deepestNesting = 1000;

/** @throws RegexpSyntaxError */
export function parseRegexp(pattern: string): Node {
  return new Parser(pattern).parse();
}

class Parser {
  private at = 0;
  private depth = 0;
  private flags: Flags = {
    ignoresCase: false,
    isMultiline: false,
    dotIsAll: false,
    isUngreedy: false,
  };
  private readonly names = new Set<string>();

  constructor(private readonly pattern: string) {}

  parse(): Node {
    const node = this.choice();
    if (this.at < this.pattern.length) throw new RegexpSyntaxError("unexpected )", this.pattern);
    return node;
  }

  private get rest(): string {
    return this.pattern.slice(this.at);
  }

  private choice(): Node {
    if (++this.depth > deepestNesting)
      throw new RegexpSyntaxError("expression nests too deeply", this.pattern);
    const parts = [this.sequence()];
    while (this.pattern[this.at] === "|") {
      this.at++;
      parts.push(this.sequence());
    }
    this.depth--;
    return parts.length === 1 ? (parts[0] as Node) : { type: "choice", parts };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    let repeatedFrom: number | undefined;
    while (this.at < this.pattern.length && !"|)".includes(this.pattern[this.at] ?? "")) {
      const start = this.at;
      const repeat = this.repetition();
      if (repeat) {
        const last = parts.pop();
        if (!last || (last.type === "sequence" && last.parts.length === 0 && start === 0))
          throw new RegexpSyntaxError(
            "missing argument to repetition operator",
            this.pattern.slice(start, this.at),
          );
        if (repeatedFrom !== undefined)
          throw new RegexpSyntaxError(
            "invalid nested repetition operator",
            this.pattern.slice(repeatedFrom, this.at),
          );
        repeatedFrom = start;
        parts.push({ type: "repeat", of: last, ...repeat });
        continue;
      }
      repeatedFrom = undefined;
      parts.push(...this.atoms());
    }
    return parts.length === 1 ? (parts[0] as Node) : { type: "sequence", parts };
  }

  /** Reads `*`, `+`, `?` or `{n,m}` if one is next. A brace that is no repetition is a character. */
  private repetition(): { min: number; max: number; isGreedy: boolean } | undefined {
    const operator = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/.exec(this.rest);
    if (!operator) return undefined;
    const [text, from, comma, to] = operator;
    this.at += text.length;
    const isLazy = this.pattern[this.at] === "?";
    if (isLazy) this.at++;
    const isGreedy = isLazy === this.flags.isUngreedy;
    if (text === "*") return { min: 0, max: Infinity, isGreedy };
    if (text === "+") return { min: 1, max: Infinity, isGreedy };
    if (text === "?") return { min: 0, max: 1, isGreedy };
    const min = Number(from);
    const max = comma === undefined ? min : to ? Number(to) : Infinity;
    if (min > mostRepeats || (max !== Infinity && (max > mostRepeats || max < min)))
      throw new RegexpSyntaxError("invalid repeat count", text);
    return { min, max, isGreedy };
  }

  private atoms(): readonly Node[] {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
    switch (character) {
      case "(":
        return this.group();
      case "[":
        return [{ type: "char", test: this.bracket() }];
      case ".":
        this.at++;
        return [{ type: "char", test: this.flags.dotIsAll ? () => true : (code) => code !== 10 }];
      case "^":
        this.at++;
        return [{ type: "assert", kind: this.flags.isMultiline ? "lineStart" : "textStart" }];
      case "$":
        this.at++;
        return [{ type: "assert", kind: this.flags.isMultiline ? "lineEnd" : "textEnd" }];
      case "\\":
        return this.escape();
      default:
        this.at += character.length;
        return [this.literal(character.codePointAt(0) ?? 0)];
    }
  }

  private literal(code: number): Node {
    return { type: "char", test: charClass([[code, code]], this.flags.ignoresCase) };
  }

  private group(): readonly Node[] {
    const start = this.at;
    const outer = this.flags;
    const head = /^\((?:\?(?:P?<([^>]*)>|([imsU-]*)([:)])))?/.exec(this.rest);
    const [text = "(", name, flags, close] = head ?? [];
    if (text === "(" && this.pattern[this.at + 1] === "?") this.failGroup(start);
    this.at += text.length;
    if (name !== undefined) this.addName(name, text);
    if (flags !== undefined) this.setFlags(flags, text);
    if (close === ")") return [];
    const inner = this.choice();
    if (this.pattern[this.at] !== ")")
      throw new RegexpSyntaxError("missing closing )", this.pattern);
    this.at++;
    this.flags = outer;
    return [
      inner.type === "sequence" && inner.parts.length === 0 ? { ...inner, parts: [] } : inner,
    ];
  }

  private failGroup(start: number): never {
    const named = /^\(\?P?<[^>]*$/.exec(this.rest);
    if (named) throw new RegexpSyntaxError("invalid named capture", named[0]);
    const end = /^\(\?[imsU-]*./su.exec(this.pattern.slice(start))?.[0] ?? this.rest;
    const part = /^\(\?$/.test(end) ? this.rest : end;
    if (part === "(?") throw new RegexpSyntaxError("missing closing )", this.pattern);
    throw new RegexpSyntaxError("invalid or unsupported Perl syntax", part);
  }

  private addName(name: string, text: string): void {
    if (!/^\w+$/.test(name)) throw new RegexpSyntaxError("invalid named capture", text);
    if (this.names.has(name)) throw new RegexpSyntaxError("duplicate capture group name", name);
    this.names.add(name);
  }

  private setFlags(text: string, whole: string): void {
    const [on = "", off, ...more] = text.split("-");
    if (more.length > 0 || off === "")
      throw new RegexpSyntaxError("invalid or unsupported Perl syntax", whole);
    const set = { ...this.flags };
    const names = { i: "ignoresCase", m: "isMultiline", s: "dotIsAll", U: "isUngreedy" } as const;
    for (const [letters, value] of [
      [on, true],
      [off ?? "", false],
    ] as const)
      for (const letter of letters) set[names[letter as keyof typeof names]] = value;
    this.flags = set;
  }

  private escape(): readonly Node[] {
    const next = this.pattern[this.at + 1];
    if (next === undefined)
      throw new RegexpSyntaxError("trailing backslash at end of expression", "");
    if (next === "Q") return this.quoted();
    const assertion = { A: "textStart", z: "textEnd", b: "wordBoundary", B: "noWordBoundary" }[
      next
    ] as Assertion | undefined;
    if (assertion) {
      this.at += 2;
      return [{ type: "assert", kind: assertion }];
    }
    const test = this.classEscape();
    return [test ? { type: "char", test } : this.literal(this.escapedCode())];
  }

  /** \Q...\E: all of it literally. */
  private quoted(): readonly Node[] {
    const end = this.pattern.indexOf("\\E", this.at);
    const text = this.pattern.slice(this.at + 2, end < 0 ? undefined : end);
    this.at = end < 0 ? this.pattern.length : end + 2;
    return [...text].map((character) => this.literal(character.codePointAt(0) ?? 0));
  }

  /** \d and the like, \pL, \p{Greek}; undefined if the escape is of one character. */
  private classEscape(): CharTest | undefined {
    const next = this.pattern[this.at + 1] ?? "";
    const simple = escapeClass(next);
    if (simple) {
      this.at += 2;
      return simple;
    }
    const property = /^\\([pP])(?:\{(\^?)([^}]*)\}|(.))/su.exec(this.rest);
    if (!property) {
      if (!/^\\[pP]/.test(this.rest)) return undefined;
      throw new RegexpSyntaxError("invalid character class range", this.rest);
    }
    const [text, letter, caret, long, short] = property;
    const test = classNamed(long ?? short ?? "");
    if (!test) throw new RegexpSyntaxError("invalid character class range", text);
    this.at += text.length;
    const isNegated = (letter === "P") !== (caret === "^");
    return isNegated ? (code) => !test(code) : test;
  }

  /** The character that an escape stands for. */
  private escapedCode(): number {
    const match =
      /^\\(?:x\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2})|(0[0-7]{0,2}|[1-7][0-7]{1,2})|([afnrtv])|([^\w]))/su.exec(
        this.rest,
      );
    const [text = "", braced, short, octal, control, punctuation] = match ?? [];
    const code = braced ?? short;
    const value = code === undefined ? undefined : Number.parseInt(code, 16);
    if (!match || (value !== undefined && value > 0x10ffff))
      throw new RegexpSyntaxError("invalid escape sequence", brokenEscape(this.rest));
    this.at += text.length;
    if (value !== undefined) return value;
    if (octal !== undefined) return Number.parseInt(octal, 8);
    if (control !== undefined)
      return { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }[control as "a"] ?? 0;
    return punctuation?.codePointAt(0) ?? 0;
  }

  private bracket(): CharTest {
    const start = this.at;
    this.at++;
    const isNegated = this.pattern[this.at] === "^";
    if (isNegated) this.at++;
    const tests: CharTest[] = [];
    let isFirst = true;
    while (isFirst || this.pattern[this.at] !== "]") {
      if (this.at >= this.pattern.length)
        throw new RegexpSyntaxError("missing closing ]", this.pattern.slice(start));
      tests.push(this.bracketItem(isFirst));
      isFirst = false;
    }
    this.at++;
    return isNegated
      ? (code) => !tests.some((test) => test(code))
      : (code) => tests.some((test) => test(code));
  }

  private bracketItem(isFirst: boolean): CharTest {
    const posix = /^\[:(\^?)(\w+):\]/.exec(this.rest);
    if (posix) {
      const test = posixClass(posix[2] ?? "");
      if (!test) throw new RegexpSyntaxError("invalid character class range", posix[0]);
      this.at += posix[0].length;
      return posix[1] === "^" ? (code) => !test(code) : test;
    }
    // A dash stands for itself at the ends only.
    if (!isFirst && /^-[^\]]/.test(this.rest) && !this.rest.startsWith("--"))
      throw new RegexpSyntaxError("invalid character class range", this.rest.slice(0, 2));
    const className = this.pattern[this.at] === "\\" ? this.classEscape() : undefined;
    if (className) return className;
    const start = this.at;
    const low = this.bracketCharacter();
    let high = low;
    if (/^-[^\]]/.test(this.rest)) {
      this.at++;
      high = this.bracketCharacter();
      if (high < low)
        throw new RegexpSyntaxError(
          "invalid character class range",
          this.pattern.slice(start, this.at),
        );
    }
    return charClass([[low, high]], this.flags.ignoresCase);
  }

  private bracketCharacter(): number {
    if (this.pattern[this.at] === "\\") {
      if (this.at + 1 >= this.pattern.length)
        throw new RegexpSyntaxError("trailing backslash at end of expression", "");
      return this.escapedCode();
    }
    const code = this.pattern.codePointAt(this.at) ?? 0;
    this.at += String.fromCodePoint(code).length;
    return code;
  }
}

/** How much of a broken escape Go shows. */
function brokenEscape(rest: string): string {
  if (rest.startsWith("\\x"))
    return /^\\x(?:\{[0-9a-fA-F]*.?|[0-9a-fA-F]?.?)/su.exec(rest)?.[0] ?? rest;
  return rest.slice(0, 1 + String.fromCodePoint(rest.codePointAt(1) ?? 0).length);
}
