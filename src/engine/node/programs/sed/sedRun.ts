// Runs the commands of sed over the lines of its input.
import type { Regex } from "../regex/regex.ts";
import type { Address, SedCommand, Substitution } from "./sedScript.ts";

export interface SedIo {
  /** The next line; undefined at the end. */
  next(): string | undefined;
  /** True if there is no line after the one that `next` returned. */
  isLast(): boolean;
  write(text: string): void;
  /** A file's text, for `r`. */
  read(file: string): string;
  append(file: string, text: string): void;
}

/** Longer than any text that a script means to hold. */
const longestSpace = 1 << 20;
/** Jumps within one line after which a script is given up. */
const mostSteps = 10_000;

export class SedRun {
  private pattern = "";
  private hold = "";
  private line = 0;
  private hasSubstituted = false;
  private lastRegex: Regex | undefined;
  private readonly appended: string[] = [];
  /** The line in which the range of each command began, while it goes on. */
  private readonly ranges = new Map<SedCommand, number>();
  exitCode: number | undefined;

  constructor(
    private readonly commands: readonly SedCommand[],
    private readonly isSilent: boolean,
    private readonly io: SedIo,
  ) {}

  /** Runs the commands for one line. @returns false once there is none, or the script has quit */
  step(): boolean {
    const next = this.exitCode === undefined ? this.io.next() : undefined;
    if (next === undefined) return false;
    this.line++;
    this.pattern = next;
    this.cycle();
    return this.exitCode === undefined;
  }

  private cycle(): void {
    this.hasSubstituted = false;
    let steps = 0;
    for (let at = 0; at < this.commands.length; ) {
      if (++steps > mostSteps || this.pattern.length > longestSpace) break;
      const command = this.commands[at];
      if (!command) break;
      const isMeant = this.selects(command) !== command.isNegated;
      if (!isMeant) {
        at = command.end ?? at + 1;
        continue;
      }
      const jump = this.run(command, at);
      if (jump === "delete") {
        this.flush();
        return;
      }
      if (jump === "restart") {
        at = 0;
        continue;
      }
      if (jump === "quit") break;
      at = jump;
    }
    if (!this.isSilent) this.print(this.pattern);
    this.flush();
  }

  private run(command: SedCommand, at: number): number | "delete" | "restart" | "quit" {
    switch (command.name) {
      case "s":
        if (command.substitution) this.substitute(command.substitution);
        break;
      case "y":
        this.pattern = [...this.pattern]
          .map((one) => command.translation?.get(one) ?? one)
          .join("");
        break;
      case "p":
        this.print(this.pattern);
        break;
      case "P":
        this.print(this.pattern.split("\n", 1)[0] ?? "");
        break;
      case "=":
        this.print(String(this.line));
        break;
      case "l":
        this.print(
          `${this.pattern.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\n", "\\n")}$`,
        );
        break;
      case "i":
        this.print(command.text);
        break;
      case "a":
        this.appended.push(`${command.text}\n`);
        break;
      case "r":
        this.appended.push(this.io.read(command.text));
        break;
      case "w":
        this.io.append(command.text, `${this.pattern}\n`);
        break;
      case "z":
        this.pattern = "";
        break;
      default:
        return this.runSpaces(command, at);
    }
    return at + 1;
  }

  private runSpaces(command: SedCommand, at: number): number | "delete" | "restart" | "quit" {
    switch (command.name) {
      case "h":
        this.hold = this.pattern;
        break;
      case "H":
        this.hold += `\n${this.pattern}`;
        break;
      case "g":
        this.pattern = this.hold;
        break;
      case "G":
        this.pattern += `\n${this.hold}`;
        break;
      case "x":
        [this.pattern, this.hold] = [this.hold, this.pattern];
        break;
      case "c":
        if (!command.to || this.ranges.get(command) === undefined || command.isNegated)
          this.print(command.text);
        return "delete";
      case "d":
        return "delete";
      case "D": {
        const end = this.pattern.indexOf("\n");
        if (end < 0) return "delete";
        this.pattern = this.pattern.slice(end + 1);
        return "restart";
      }
      default:
        return this.runFlow(command, at);
    }
    return at + 1;
  }

  private runFlow(command: SedCommand, at: number): number | "delete" | "quit" {
    switch (command.name) {
      case "n":
      case "N": {
        if (this.io.isLast()) {
          if (command.name === "N" && !this.isSilent) this.print(this.pattern);
          this.exitCode = 0;
          return command.name === "N" ? "delete" : "quit";
        }
        if (command.name === "n" && !this.isSilent) this.print(this.pattern);
        this.flush();
        const next = this.io.next() ?? "";
        this.line++;
        this.pattern = command.name === "n" ? next : `${this.pattern}\n${next}`;
        break;
      }
      case "q":
        this.exitCode = Number(command.text || 0);
        return "quit";
      case "Q":
        this.exitCode = Number(command.text || 0);
        return "delete";
      case "b":
        return this.target(command.text);
      case "t":
      case "T": {
        const jumps = this.hasSubstituted === (command.name === "t");
        this.hasSubstituted = false;
        if (jumps) return this.target(command.text);
        break;
      }
    }
    return at + 1;
  }

  private target(label: string): number {
    if (label === "") return this.commands.length;
    const found = this.commands.findIndex(({ name, text }) => name === ":" && text === label);
    return found < 0 ? this.commands.length : found;
  }

  private substitute(substitution: Substitution): void {
    const regex = substitution.regex ?? this.lastRegex;
    if (!regex) return;
    this.lastRegex = regex;
    const { isGlobal, occurrence } = substitution;
    let result = "";
    let at = 0;
    let count = 0;
    for (let from = 0; from <= this.pattern.length; ) {
      const match = regex.exec(this.pattern, from);
      if (!match) break;
      count++;
      // An empty match right behind the last one is none.
      const isEmpty = match.end === match.start;
      if (count >= occurrence && !(isEmpty && match.start === at && at > 0 && count > 1)) {
        result += this.pattern.slice(at, match.start) + replacementOf(substitution, match.groups);
        at = match.end;
        this.hasSubstituted = true;
        if (!isGlobal) break;
      }
      from = isEmpty ? match.end + 1 : match.end;
    }
    if (count < occurrence || count === 0) return;
    this.pattern = result + this.pattern.slice(at);
    if (substitution.prints) this.print(this.pattern);
    if (substitution.file) this.io.append(substitution.file, `${this.pattern}\n`);
  }

  private selects(command: SedCommand): boolean {
    const { from, to } = command;
    if (!from) return true;
    if (!to) return this.isAt(from);
    const began = this.ranges.get(command);
    if (began === undefined) {
      if (!this.isAt(from)) return false;
      const endsHere =
        (to.type === "line" && to.line <= this.line) ||
        (to.type === "more" && to.lines === 0) ||
        (to.type === "last" && this.io.isLast());
      if (!endsHere) this.ranges.set(command, this.line);
      return true;
    }
    const isOver = to.type === "more" ? this.line >= began + to.lines : this.isAt(to);
    if (isOver || (to.type === "line" && this.line >= to.line)) this.ranges.delete(command);
    return !(to.type === "line" && this.line > to.line);
  }

  private isAt(address: Address): boolean {
    switch (address.type) {
      case "line":
        return this.line === address.line;
      case "last":
        return this.io.isLast();
      case "step":
        return address.step === 0
          ? this.line === address.first
          : this.line >= address.first && (this.line - address.first) % address.step === 0;
      case "more":
        return false;
      case "regex": {
        const regex = address.regex ?? this.lastRegex;
        this.lastRegex = regex;
        return regex?.test(this.pattern) ?? false;
      }
    }
  }

  private print(text: string): void {
    this.io.write(`${text}\n`);
  }

  private flush(): void {
    for (const text of this.appended.splice(0)) this.io.write(text);
  }
}

/** "&" is the match, "\1" a group, "\U" and its like change case. */
function replacementOf(
  { replacement }: Substitution,
  groups: readonly (string | undefined)[],
): string {
  const cased = new CasedText();
  for (const [token] of replacement.matchAll(/\\[\s\S]|&|[^\\&]+/g)) {
    const letter = token.slice(1);
    if (token === "&") cased.add(groups[0] ?? "");
    else if (!token.startsWith("\\")) cased.add(token);
    else if (/\d/.test(letter)) cased.add(groups[Number(letter)] ?? "");
    else if (/[ULEul]/.test(letter)) cased.change(letter);
    else cased.add(controls[letter] ?? letter);
  }
  return cased.text;
}

const controls: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

class CasedText {
  text = "";
  private mode = "E";
  private once = "";

  change(letter: string): void {
    if (/[ul]/.test(letter)) this.once = letter;
    else this.mode = letter;
  }

  add(text: string): void {
    if (text === "") return;
    const all = inCase(text, this.mode);
    this.text += inCase(all.charAt(0), this.once.toUpperCase()) + all.slice(1);
    this.once = "";
  }
}

function inCase(text: string, mode: string): string {
  return mode === "U" ? text.toUpperCase() : mode === "L" ? text.toLowerCase() : text;
}
