// Go's regular expressions, matched in time linear in the text: a pattern of a user cannot stall the
// engine, and means what it means to Kubernetes. Source: Go's regexp package (Pike's machine).
import { isWordCharacter } from "./charClass.ts";
import {
  type Assertion,
  type CharTest,
  type Node,
  parseRegexp,
  RegexpSyntaxError,
} from "./syntax.ts";

type Instruction =
  | { readonly type: "char"; readonly test: CharTest }
  | { readonly type: "assert"; readonly kind: Assertion }
  /** Both ways are open, the first is preferred. */
  | { readonly type: "split"; readonly first: number; readonly second: number }
  | { readonly type: "match" };

/** Where a match begins and ends, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const largestProgram = 20_000;

export class GoRegexp {
  private constructor(
    readonly pattern: string,
    private readonly program: readonly Instruction[],
  ) {}

  /** @returns Go's error text if the pattern is none */
  static compile(pattern: string): GoRegexp | string {
    try {
      const program: Instruction[] = [];
      emit(parseRegexp(pattern), program);
      program.push({ type: "match" });
      return new GoRegexp(pattern, program);
    } catch (error) {
      if (error instanceof RegexpSyntaxError) return error.message;
      throw error;
    }
  }

  /** Whether the pattern matches anywhere in the text. */
  test(text: string): boolean {
    return this.find(text) !== undefined;
  }

  /** The leftmost match from `from` on; of several, the one that a backtracking search finds first. */
  find(text: string, from = 0): Span | undefined {
    return new Run(this.program, text).find(from);
  }

  /** All matches that do not overlap, at most `limit`. */
  findAll(text: string, limit = Infinity): readonly Span[] {
    const found: Span[] = [];
    let at = 0;
    let lastEnd = -1;
    while (found.length < limit && at <= text.length) {
      const span = this.find(text, at);
      if (!span) break;
      const isEmptyAfterLast = span.start === span.end && span.start === lastEnd;
      if (!isEmptyAfterLast) found.push(span);
      lastEnd = span.end;
      at = span.end > span.start ? span.end : span.end + widthAt(text, span.end);
    }
    return found;
  }
}

function widthAt(text: string, at: number): number {
  const code = text.codePointAt(at);
  return code !== undefined && code > 0xffff ? 2 : 1;
}

function emit(node: Node, program: Instruction[]): void {
  if (program.length > largestProgram) throw new RegexpSyntaxError("expression too large", "");
  switch (node.type) {
    case "char":
    case "assert":
      program.push(node);
      return;
    case "sequence":
      for (const part of node.parts) emit(part, program);
      return;
    case "choice":
      emitChoice(node.parts, program);
      return;
    case "repeat":
      emitRepeat(node, program);
  }
}

function emitChoice(parts: readonly Node[], program: Instruction[]): void {
  const [first, ...rest] = parts;
  if (!first) return;
  if (rest.length === 0) {
    emit(first, program);
    return;
  }
  const split = reserve(program);
  emit(first, program);
  const jump = reserve(program);
  program[split] = { type: "split", first: split + 1, second: program.length };
  emitChoice(rest, program);
  program[jump] = { type: "split", first: program.length, second: program.length };
}

function emitRepeat(
  { of, min, max, isGreedy }: Extract<Node, { type: "repeat" }>,
  program: Instruction[],
): void {
  for (let i = 0; i < min; i++) emit(of, program);
  if (max === Infinity) {
    const loop = reserve(program);
    emit(of, program);
    program.push({ type: "split", first: loop, second: loop });
    program[loop] = branch(loop + 1, program.length, isGreedy);
    return;
  }
  const splits: number[] = [];
  for (let i = min; i < max; i++) {
    splits.push(reserve(program));
    emit(of, program);
  }
  for (const split of splits) program[split] = branch(split + 1, program.length, isGreedy);
}

function branch(into: number, past: number, isGreedy: boolean): Instruction {
  return isGreedy
    ? { type: "split", first: into, second: past }
    : { type: "split", first: past, second: into };
}

function reserve(program: Instruction[]): number {
  program.push({ type: "match" });
  return program.length - 1;
}

interface Thread {
  readonly at: number;
  readonly start: number;
}

class Run {
  private readonly visited: Uint32Array;
  private step = 0;

  constructor(
    private readonly program: readonly Instruction[],
    private readonly text: string,
  ) {
    this.visited = new Uint32Array(program.length);
  }

  find(from: number): Span | undefined {
    let threads: Thread[] = [];
    let found: Span | undefined;
    for (let position = from; ; ) {
      this.step++;
      const next: Thread[] = [];
      const ready: Thread[] = [];
      for (const thread of threads) this.follow(thread, position, ready);
      if (!found) this.follow({ at: 0, start: position }, position, ready);
      const code = this.text.codePointAt(position);
      for (const thread of ready) {
        const instruction = this.program[thread.at];
        if (instruction?.type === "match") {
          found = { start: thread.start, end: position };
          break;
        }
        if (code !== undefined && instruction?.type === "char" && instruction.test(code))
          next.push({ at: thread.at + 1, start: thread.start });
      }
      threads = next;
      if (code === undefined || (found && threads.length === 0)) return found;
      position += code > 0xffff ? 2 : 1;
    }
  }

  /** Adds the instructions that wait for a character, in the order of preference. */
  private follow({ at: first, start }: Thread, position: number, ready: Thread[]): void {
    const open = [first];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (this.visited[at] === this.step) continue;
      this.visited[at] = this.step;
      const instruction = this.program[at];
      if (instruction?.type === "split") open.push(instruction.second, instruction.first);
      else if (instruction?.type === "assert") {
        if (this.holds(instruction.kind, position)) open.push(at + 1);
      } else ready.push({ at, start });
    }
  }

  private holds(kind: Assertion, position: number): boolean {
    const { text } = this;
    switch (kind) {
      case "textStart":
        return position === 0;
      case "textEnd":
        return position === text.length;
      case "lineStart":
        return position === 0 || text[position - 1] === "\n";
      case "lineEnd":
        return position === text.length || text[position] === "\n";
      default: {
        const before = position > 0 && isWordCharacter(text.charCodeAt(position - 1));
        const after = position < text.length && isWordCharacter(text.charCodeAt(position));
        return (before !== after) === (kind === "wordBoundary");
      }
    }
  }
}
