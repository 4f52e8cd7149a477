// find: walks trees and asks of each file what its expression says. Source: busybox findutils/find.c.

import { day, minute } from "../../../../base/time.ts";
import { FileError } from "../../process/fileError.ts";
import type { FileStat } from "../../process/fileSystem.ts";
import { baseName } from "../../process/paths.ts";
import type { Steps } from "../../steps.ts";
import { longMode } from "../fileMode.ts";
import { Pattern } from "../shell/pattern.ts";
import { userId } from "./accounts.ts";
import { type Tool, ToolExit, type Tools } from "./tool.ts";

export const findTools = { find } satisfies Tools;

interface Visit {
  readonly path: string;
  readonly stat: FileStat;
  readonly depth: number;
  /** Set by -prune. */
  isPruned: boolean;
}

type Predicate = (visit: Visit) => Steps<boolean>;

interface Walk {
  readonly test: Predicate;
  readonly minDepth: number;
  readonly maxDepth: number;
  readonly isDepthFirst: boolean;
  readonly follows: boolean;
}

function* find(tool: Tool, args: readonly string[]): Steps<number> {
  const follows = args[0] === "-L" || args[0] === "-follow";
  const rest = args[0] === "-L" || args[0] === "-H" || args[0] === "-P" ? args.slice(1) : args;
  const at = rest.findIndex((arg) => /^[-!(]/.test(arg));
  const starts = at < 0 ? rest : rest.slice(0, at);
  const expression = new ExpressionParser(tool, at < 0 ? [] : rest.slice(at));
  const walk: Walk = { ...expression.parse(), follows };
  let status = 0;
  for (const start of starts.length === 0 ? ["."] : starts)
    if (!(yield* visit(tool, start, 0, walk))) status = 1;
  return status;
}

function* visit(tool: Tool, path: string, depth: number, walk: Walk): Steps<boolean> {
  yield* tool.pace.step();
  try {
    const full = tool.path(path);
    const stat = walk.follows ? tool.files.stat(full) : tool.files.linkStat(full);
    const visited: Visit = { path, stat, depth, isPruned: false };
    const isTested = depth >= walk.minDepth;
    if (!walk.isDepthFirst && isTested) yield* walk.test(visited);
    let isWhole = true;
    if (stat.kind === "directory" && depth < walk.maxDepth && !visited.isPruned)
      for (const name of [...tool.files.list(full)])
        isWhole =
          (yield* visit(tool, `${path.replace(/\/$/, "")}/${name}`, depth + 1, walk)) && isWhole;
    if (walk.isDepthFirst && isTested) yield* walk.test(visited);
    return isWhole;
  } catch (error) {
    if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
    tool.complain(tool.isBusybox ? `${path}: ${error.message}` : `'${path}': ${error.message}`);
    return false;
  }
}

const usage = "[-HL] [PATH]... [OPTIONS] [ACTIONS]";

class ExpressionParser {
  private at = 0;
  private minDepth = 0;
  private maxDepth = Number.POSITIVE_INFINITY;
  private isDepthFirst = false;
  private hasAction = false;

  constructor(
    private readonly tool: Tool,
    private readonly words: readonly string[],
  ) {}

  parse(): Omit<Walk, "follows"> {
    const test = this.words.length === 0 ? always : this.or();
    if (this.at < this.words.length) this.unknown(this.words[this.at] ?? "");
    const { tool } = this;
    const withPrint: Predicate = function* (visited) {
      if (!(yield* test(visited))) return false;
      yield* tool.write(`${visited.path}\n`);
      return true;
    };
    return {
      test: this.hasAction ? test : withPrint,
      minDepth: this.minDepth,
      maxDepth: this.maxDepth,
      isDepthFirst: this.isDepthFirst,
    };
  }

  private or(): Predicate {
    let left = this.and();
    while (this.takes("-o") || this.takes("-or")) {
      const [first, second] = [left, this.and()];
      left = function* (visited) {
        return (yield* first(visited)) || (yield* second(visited));
      };
    }
    return left;
  }

  private and(): Predicate {
    let left = this.not();
    for (;;) {
      if (!this.takes("-a")) this.takes("-and");
      const next = this.words[this.at];
      if (next === undefined || next === "-o" || next === "-or" || next === ")") return left;
      const [first, second] = [left, this.not()];
      left = function* (visited) {
        return (yield* first(visited)) && (yield* second(visited));
      };
    }
  }

  private not(): Predicate {
    if (this.takes("!") || this.takes("-not")) {
      const inner = this.not();
      return function* (visited) {
        return !(yield* inner(visited));
      };
    }
    if (!this.takes("(")) return this.primary();
    const inner = this.or();
    if (!this.takes(")")) this.tool.fail("unpaired '('");
    return inner;
  }

  private primary(): Predicate {
    const word = this.words[this.at++] ?? "";
    switch (word) {
      case "-maxdepth":
        this.maxDepth = Number(this.value(word));
        return always;
      case "-mindepth":
        this.minDepth = Number(this.value(word));
        return always;
      case "-depth":
        this.isDepthFirst = true;
        return always;
      case "-xdev":
      case "-mount":
      case "-follow":
      case "-true":
        return always;
      case "-exec":
      case "-ok":
        return this.exec();
      case "-print":
        return this.action(({ path }) => this.tool.write(`${path}\n`));
      case "-print0":
        return this.action(({ path }) => this.tool.write(`${path}\0`));
      case "-ls":
        return this.action(({ path, stat }) =>
          this.tool.write(`${longMode(stat)} ${stat.size} ${path}\n`),
        );
      case "-delete":
        this.isDepthFirst = true;
        return this.action((visited) => remove(this.tool, visited));
      case "-quit":
        return this.action(() => {
          throw new ToolExit(0);
        });
      case "-prune":
        return test((visited) => {
          visited.isPruned = true;
          return true;
        });
      default:
        return test(this.question(word));
    }
  }

  private question(word: string): (visited: Visit) => boolean {
    switch (word) {
      case "-name":
      case "-iname": {
        const pattern = this.pattern(word);
        return ({ path }) => pattern(baseName(path.replace(/(?<=.)\/+$/, "")) || path);
      }
      case "-path":
      case "-wholename":
      case "-ipath": {
        const pattern = this.pattern(word);
        return ({ path }) => pattern(path);
      }
      case "-type": {
        const kinds = { f: "file", d: "directory", l: "symlink", c: "device" } as const;
        const wanted = this.value(word)
          .split(",")
          .map((letter) => kinds[letter as keyof typeof kinds]);
        return ({ stat }) => wanted.includes(stat.kind);
      }
      case "-empty":
        return ({ path, stat }) =>
          stat.kind === "directory"
            ? this.tool.files.list(this.tool.path(path)).length === 0
            : stat.size === 0;
      case "-size":
        return this.size();
      case "-newer": {
        const than = this.tool.stat(this.value(word))?.modifiedAt ?? Number.POSITIVE_INFINITY;
        return ({ stat }) => stat.modifiedAt > than;
      }
      case "-mmin":
      case "-mtime": {
        const unit = word === "-mmin" ? minute : day;
        const compare = comparison(this.value(word));
        return ({ stat }) =>
          compare(Math.floor((this.tool.process.now() - stat.modifiedAt) / unit));
      }
      case "-perm": {
        const [, sign, digits = "0"] = /^([-/+]?)([0-7]+)$/.exec(this.value(word)) ?? [];
        const bits = Number.parseInt(digits, 8);
        return ({ stat }) =>
          sign === "-"
            ? (stat.mode & bits) === bits
            : sign
              ? (stat.mode & bits) !== 0
              : stat.mode === bits;
      }
      case "-user": {
        const uid = userId(this.tool, this.value(word));
        return ({ stat }) => stat.uid === uid;
      }
      case "-false":
        return () => false;
      default:
        return this.unknown(word);
    }
  }

  private size(): (visited: Visit) => boolean {
    const [, amount = "0", unit = "b"] = /^([-+]?\d+)([bckMG]?)$/.exec(this.value("-size")) ?? [];
    const units: Readonly<Record<string, number>> = {
      b: 512,
      c: 1,
      k: 1_024,
      M: 1 << 20,
      G: 1 << 30,
    };
    const compare = comparison(amount);
    return ({ stat }) => compare(Math.ceil(stat.size / (units[unit || "b"] ?? 512)));
  }

  private pattern(word: string): (text: string) => boolean {
    const isFolded = word.startsWith("-i");
    const text = this.value(word);
    const pattern = Pattern.ofText(isFolded ? text.toLowerCase() : text);
    return (subject) => pattern.matches(isFolded ? subject.toLowerCase() : subject);
  }

  private exec(): Predicate {
    const end = this.words.findIndex((word, i) => i >= this.at && (word === ";" || word === "+"));
    if (end < 0) return this.tool.fail("-exec requires an argument");
    const command = this.words.slice(this.at, end);
    this.at = end + 1;
    this.hasAction = true;
    const { tool } = this;
    return function* ({ path }) {
      const argv = command.map((word) => word.replaceAll("{}", path));
      const program = tool.process.find(argv[0] ?? "");
      if (!program) {
        tool.complain(`${argv[0]}: No such file or directory`);
        return false;
      }
      return (yield* tool.process.spawn(program, { argv }).wait()) === 0;
    };
  }

  private action(act: (visited: Visit) => Steps): Predicate {
    this.hasAction = true;
    return function* (visited) {
      yield* act(visited);
      return true;
    };
  }

  private value(option: string): string {
    const words = this.tool.isBusybox ? "option requires an argument --" : "missing argument to";
    return this.words[this.at++] ?? this.tool.fail(`${words} '${option}'`);
  }

  private unknown(word: string): never {
    if (!this.tool.isBusybox) return this.tool.fail(`unknown predicate \`${word}'`);
    this.tool.complain(`unrecognized: ${word}`);
    return this.tool.usage(usage);
  }

  private takes(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }
}

function test(question: (visited: Visit) => boolean): Predicate {
  // biome-ignore lint/correctness/useYield: there is nothing to wait for
  return function* (visited) {
    return question(visited);
  };
}

const always = test(() => true);

function* remove(tool: Tool, { path, stat }: Visit): Steps {
  if (stat.kind === "directory") tool.files.removeDirectory(tool.path(path));
  else tool.files.unlink(tool.path(path));
  yield* tool.pace.step();
}

/** "+5" is more than five, "-5" less. */
function comparison(text: string): (value: number) => boolean {
  const wanted = Number(text.replace(/^[-+]/, ""));
  if (text.startsWith("+")) return (value) => value > wanted;
  return text.startsWith("-") ? (value) => value < wanted : (value) => value === wanted;
}
