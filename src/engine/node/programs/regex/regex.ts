// POSIX regular expressions that are matched within bounds: a pattern that would try without end finds
// nothing. Of alternatives, the longest match wins, as POSIX has it.
import { isWordCharacter, type Node, parseRegex, RegexError, type RegexOptions } from "./syntax.ts";

export interface Match {
  readonly start: number;
  readonly end: number;
  /** The whole match, then the groups; undefined for one that took no part. */
  readonly groups: readonly (string | undefined)[];
}

/** What a search may try. */
const mostSteps = 200_000;
/** What it may try once it has found a match, for a longer one. */
const mostStepsForLonger = 20_000;

type Next = (at: number) => boolean;
type Matcher = (run: Run, at: number, next: Next) => boolean;

interface Run {
  readonly text: string;
  /** Start and end of each group. */
  readonly marks: (number | undefined)[];
  steps: number;
}

class OutOfSteps extends Error {}

export class Regex {
  private constructor(
    private readonly match: Matcher,
    private readonly groups: number,
    private readonly hasChoice: boolean,
  ) {}

  /** @returns what is wrong with the pattern, in the C library's words */
  static of(pattern: string, options: RegexOptions = {}): Regex | string {
    try {
      const { tree, groups, hasChoice } = parseRegex(pattern, options);
      return new Regex(compile(tree), groups, hasChoice);
    } catch (error) {
      if (error instanceof RegexError) return error.message;
      throw error;
    }
  }

  test(text: string): boolean {
    return this.exec(text) !== undefined;
  }

  /** The leftmost match at or after `from`. */
  exec(text: string, from = 0): Match | undefined {
    const run: Run = { text, marks: [], steps: mostSteps };
    try {
      for (let start = from; start <= text.length; start++) {
        const match = this.matchAt(run, start);
        if (match) return match;
      }
    } catch (error) {
      if (!(error instanceof OutOfSteps) && !(error instanceof RangeError)) throw error;
    }
    return undefined;
  }

  private matchAt(run: Run, start: number): Match | undefined {
    run.marks.length = 0;
    let best: { end: number; marks: (number | undefined)[] } | undefined;
    const found = (end: number): boolean => {
      if (!best || end > best.end) {
        if (!best) run.steps = Math.min(run.steps, mostStepsForLonger);
        best = { end, marks: [...run.marks] };
      }
      return !this.hasChoice;
    };
    try {
      this.match(run, start, found);
    } catch (error) {
      if (!best || !(error instanceof OutOfSteps)) throw error;
    }
    return best && { start, end: best.end, groups: this.texts(run.text, start, best) };
  }

  private texts(
    text: string,
    start: number,
    { end, marks }: { end: number; marks: readonly (number | undefined)[] },
  ): (string | undefined)[] {
    const inner = Array.from({ length: this.groups }, (_, i) => {
      const [from, to] = [marks[2 * i + 2], marks[2 * i + 3]];
      return from === undefined || to === undefined ? undefined : text.slice(from, to);
    });
    return [text.slice(start, end), ...inner];
  }
}

function compile(node: Node): Matcher {
  switch (node.type) {
    case "one":
      return (run, at, next) => {
        spend(run);
        return at < run.text.length && node.test(run.text.charAt(at)) && next(at + 1);
      };
    case "sequence":
      return sequence(node.parts.map(compile));
    case "choice": {
      const parts = node.parts.map(compile);
      return (run, at, next) => parts.some((part) => part(run, at, next));
    }
    case "group":
      return group(compile(node.of), node.index);
    case "same":
      return (run, at, next) => {
        const [start, end] = [run.marks[2 * node.index], run.marks[2 * node.index + 1]];
        if (start === undefined || end === undefined) return false;
        const text = run.text.slice(start, end);
        return run.text.startsWith(text, at) && next(at + text.length);
      };
    case "repeat":
      return node.of.type === "one"
        ? repeatOne(node.of.test, node.min, node.max)
        : repeat(compile(node.of), node.min, node.max);
    default: {
      const holds = assertions[node.type];
      return (run, at, next) => holds(run, at) && next(at);
    }
  }
}

const assertions = {
  lineStart: (_run: Run, at: number) => at === 0,
  lineEnd: ({ text }: Run, at: number) => at === text.length,
  wordStart: ({ text }: Run, at: number) => !isWord(text, at - 1) && isWord(text, at),
  wordEnd: ({ text }: Run, at: number) => isWord(text, at - 1) && !isWord(text, at),
  wordBoundary: ({ text }: Run, at: number) => isWord(text, at - 1) !== isWord(text, at),
};

function isWord(text: string, at: number): boolean {
  return isWordCharacter(text.charAt(at));
}

function sequence(parts: readonly Matcher[]): Matcher {
  return parts.reduceRight<Matcher>(
    (rest, part) => (run, at, next) => part(run, at, (end) => rest(run, end, next)),
    (_run, at, next) => next(at),
  );
}

function group(inner: Matcher, index: number): Matcher {
  return (run, at, next) => {
    const { marks } = run;
    const before = [marks[2 * index], marks[2 * index + 1]];
    const matches = inner(run, at, (end) => {
      const within = [marks[2 * index], marks[2 * index + 1]];
      [marks[2 * index], marks[2 * index + 1]] = [at, end];
      if (next(end)) return true;
      [marks[2 * index], marks[2 * index + 1]] = within;
      return false;
    });
    if (!matches) [marks[2 * index], marks[2 * index + 1]] = before;
    return matches;
  };
}

function repeatOne(test: (one: string) => boolean, min: number, max: number): Matcher {
  return (run, at, next) => {
    let end = at;
    while (end < run.text.length && end - at < max && test(run.text.charAt(end))) end++;
    for (; end - at >= min; end--) {
      spend(run);
      if (next(end)) return true;
    }
    return false;
  };
}

function repeat(inner: Matcher, min: number, max: number): Matcher {
  const again = (run: Run, at: number, count: number, next: Next): boolean => {
    spend(run);
    const isLonger =
      count < max &&
      inner(run, at, (end) =>
        // What matches nothing would match it for ever.
        end === at && count >= min ? false : again(run, end, count + 1, next),
      );
    return isLonger || (count >= min && next(at));
  };
  return (run, at, next) => again(run, at, 0, next);
}

function spend(run: Run): void {
  if (--run.steps < 0) throw new OutOfSteps();
}
