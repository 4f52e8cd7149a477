// The language of sed: addresses, commands and their arguments, read into a list.
// Source: POSIX, sed; busybox editors/sed.c.
import { Regex } from "../regex/regex.ts";

export type Address =
  | { readonly type: "line"; readonly line: number }
  | { readonly type: "last" }
  | { readonly type: "step"; readonly first: number; readonly step: number }
  | { readonly type: "more"; readonly lines: number }
  /** Undefined: the last regular expression that was used. */
  | { readonly type: "regex"; readonly regex: Regex | undefined };

export interface SedCommand {
  readonly name: string;
  readonly from?: Address;
  readonly to?: Address;
  readonly isNegated: boolean;
  /** Text of a, i, c; label of b, t, T, `:`; file of r and w; number of q. */
  readonly text: string;
  readonly substitution?: Substitution;
  readonly translation?: ReadonlyMap<string, string>;
  /** Where the block ends that `{` begins: an index into the list. */
  readonly end?: number;
}

export interface Substitution {
  readonly regex: Regex | undefined;
  readonly replacement: string;
  readonly isGlobal: boolean;
  readonly prints: boolean;
  readonly occurrence: number;
  readonly file?: string;
}

export class SedError extends Error {}

/** @throws SedError in busybox' words */
export function parseSed(text: string, isExtended: boolean): readonly SedCommand[] {
  return new SedParser(text, isExtended).all();
}

class SedParser {
  private at = 0;
  private readonly commands: SedCommand[] = [];
  private readonly open: number[] = [];

  constructor(
    private readonly text: string,
    private readonly isExtended: boolean,
  ) {}

  all(): readonly SedCommand[] {
    for (;;) {
      this.skip(/[\s;]*/y);
      if (this.at >= this.text.length) break;
      if (this.peek() === "#") this.skip(/[^\n]*/y);
      else this.command();
    }
    if (this.open.length > 0) throw new SedError("unterminated {");
    return this.commands;
  }

  private command(): void {
    const from = this.address();
    const hasTo = from !== undefined && this.skip(/\s*,\s*/y) !== "";
    const to = hasTo ? this.address(true) : undefined;
    if (hasTo && !to) throw new SedError("unexpected `,'");
    const isNegated = /!/.test(this.skip(/\s*!?\s*/y));
    const name = this.text.charAt(this.at++);
    const place = { name, isNegated, ...(from ? { from } : {}), ...(to ? { to } : {}) };
    if (name === "{") this.open.push(this.commands.push({ ...place, text: "" }) - 1);
    else if (name === "}") this.close();
    else this.commands.push({ ...place, ...this.argument(name) });
  }

  private close(): void {
    const start = this.open.pop();
    const opening = start === undefined ? undefined : this.commands[start];
    if (start === undefined || !opening) throw new SedError("unexpected `}'");
    this.commands[start] = { ...opening, end: this.commands.length };
  }

  private argument(name: string): Pick<SedCommand, "text" | "substitution" | "translation"> {
    switch (name) {
      case "s":
        return { text: "", substitution: this.substitution() };
      case "y":
        return { text: "", translation: this.translation() };
      case "a":
      case "i":
      case "c":
        return { text: this.lines() };
      case ":":
      case "b":
      case "t":
      case "T":
        return { text: this.skip(/[ \t]*[^\s;}]*/y).trim() };
      case "r":
      case "w":
        return { text: this.skip(/[^\n]*/y).trim() };
      case "q":
      case "Q":
        return { text: this.skip(/[ \t]*\d*/y).trim() };
      default:
        if (!"=dDgGhHlnNpPxz".includes(name) || name === "")
          throw new SedError(name === "" ? "missing command" : `unsupported command ${name}`);
        return { text: "" };
    }
  }

  private address(isSecond = false): Address | undefined {
    const number = this.skip(/\d+/y);
    if (number !== "") {
      const step = this.skip(/~\d+/y);
      if (step !== "") return { type: "step", first: Number(number), step: Number(step.slice(1)) };
      return { type: "line", line: Number(number) };
    }
    if (isSecond && this.peek() === "+") {
      this.at++;
      return { type: "more", lines: Number(this.skip(/\d+/y)) };
    }
    if (this.skip(/\$/y) !== "") return { type: "last" };
    if (this.peek() !== "/" && this.peek() !== "\\") return undefined;
    if (this.peek() === "\\") this.at++;
    const delimiter = this.text.charAt(this.at++);
    const pattern = this.delimited(delimiter, true);
    return { type: "regex", regex: this.regex(pattern, this.skip(/I/y) !== "") };
  }

  private substitution(): Substitution {
    const delimiter = this.text.charAt(this.at++);
    const pattern = this.delimited(delimiter, true);
    const replacement = this.delimited(delimiter, false);
    const flags = this.skip(/[gpiIe0-9]*/y);
    const file = this.skip(/w[ \t]*[^\n]*/y)
      .slice(1)
      .trim();
    return {
      regex: this.regex(pattern, /[iI]/.test(flags)),
      replacement,
      isGlobal: flags.includes("g"),
      prints: flags.includes("p"),
      occurrence: Number(/\d+/.exec(flags)?.[0] ?? 1),
      ...(file === "" ? {} : { file }),
    };
  }

  private regex(pattern: string, ignoresCase: boolean): Regex | undefined {
    if (pattern === "") return undefined;
    const regex = Regex.of(pattern, { isExtended: this.isExtended, ignoresCase });
    if (typeof regex === "string") throw new SedError(`bad regex '${pattern}': ${regex}`);
    return regex;
  }

  private translation(): ReadonlyMap<string, string> {
    const delimiter = this.text.charAt(this.at++);
    const plain = (text: string) => [...text.replaceAll("\\n", "\n").replaceAll("\\\\", "\\")];
    const from = plain(this.delimited(delimiter, false));
    const to = plain(this.delimited(delimiter, false));
    if (from.length !== to.length) throw new SedError("y command strings have different lengths");
    return new Map(from.map((one, i) => [one, to[i] ?? one]));
  }

  /** Up to the next delimiter; within brackets of a pattern it stands for itself. */
  private delimited(delimiter: string, isPattern: boolean): string {
    let text = "";
    while (this.at < this.text.length) {
      const bracket = isPattern ? this.skip(/\[\^?\]?(?:\[:[a-z]+:\]|[^\]\n])*\]/y) : "";
      const character = bracket === "" ? this.text.charAt(this.at++) : bracket;
      if (character === delimiter) return text;
      text += character === "\\" ? this.escaped(delimiter, isPattern) : character;
    }
    throw new SedError(`unmatched '${delimiter}'`);
  }

  /** What a backslash makes of the next character: a delimiter stands for itself. */
  private escaped(delimiter: string, isPattern: boolean): string {
    const next = this.text.charAt(this.at++);
    const isOperator = isPattern && /[|+?(){}]/.test(next);
    return next === delimiter && !isOperator ? next : `\\${next}`;
  }

  /** The text of a, i and c: on the same line, or behind a backslash and a newline. */
  private lines(): string {
    this.skip(/[ \t]*\\?\n?[ \t]*/y);
    let text = "";
    while (this.at < this.text.length && this.peek() !== "\n") {
      const character = this.text.charAt(this.at++);
      if (character === "\\") text += this.text.charAt(this.at++);
      else text += character;
    }
    return text;
  }

  private peek(): string {
    return this.text.charAt(this.at);
  }

  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [taken = ""] = pattern.exec(this.text) ?? [];
    this.at += taken.length;
    return taken;
  }
}
