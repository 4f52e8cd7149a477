// What test(1), `[` and the shells' builtins say of a list of words.
// Source: POSIX, test; busybox coreutils/test.c.
import { FileError } from "../process/fileError.ts";
import type { FileStat, FileSystem } from "../process/fileSystem.ts";
import type { User } from "../process/process.ts";

export interface TestWorld {
  readonly files: FileSystem;
  readonly user: User;
  path(name: string): string;
  isTerminal(descriptor: number): boolean;
}

/** What is wrong with an expression; the caller puts its own words around it. */
export class TestError extends Error {
  constructor(
    readonly kind: "unknownOperand" | "badNumber" | "missingOperand",
    readonly operand: string,
    readonly binaryOperator?: string,
  ) {
    super(kind);
  }
}

/** @throws TestError */
export function evaluateTest(words: readonly string[], world: TestWorld): boolean {
  return new Evaluation(words, world).whole();
}

const comparisons: Readonly<Record<string, (left: bigint, right: bigint) => boolean>> = {
  "-eq": (a, b) => a === b,
  "-ne": (a, b) => a !== b,
  "-lt": (a, b) => a < b,
  "-le": (a, b) => a <= b,
  "-gt": (a, b) => a > b,
  "-ge": (a, b) => a >= b,
};
const binaryOperators = new Set([
  "=",
  "==",
  "!=",
  "<",
  ">",
  "-nt",
  "-ot",
  "-ef",
  ...Object.keys(comparisons),
]);
const unaryOperator = /^-[abcdefghkLnOGprsStuwxz]$/;

class Evaluation {
  private at = 0;

  constructor(
    private readonly words: readonly string[],
    private readonly world: TestWorld,
  ) {}

  whole(): boolean {
    if (this.words.length === 0) return false;
    const value = this.or();
    const rest = this.words[this.at];
    if (rest !== undefined) throw new TestError("unknownOperand", this.words[0] ?? rest, rest);
    return value;
  }

  private or(): boolean {
    let value = this.and();
    while (this.takes("-o")) value = this.and() || value;
    return value;
  }

  private and(): boolean {
    let value = this.not();
    while (this.takes("-a")) value = this.not() && value;
    return value;
  }

  private not(): boolean {
    const left = this.words.length - this.at;
    if (this.words[this.at] === "!" && left > 1 && !this.isBinaryAt(this.at)) {
      this.at++;
      return !this.not();
    }
    return this.primary();
  }

  private primary(): boolean {
    const word = this.words[this.at++];
    if (word === undefined) throw new TestError("missingOperand", this.words.at(-1) ?? "");
    const operator = this.words[this.at];
    if (this.isBinaryAt(this.at - 1) && operator !== undefined) {
      const right = this.words[this.at + 1] ?? "";
      this.at += 2;
      return compareWords(word, operator, right, this.world);
    }
    if (word === "(" && operator !== undefined) return this.group();
    if (unaryOperator.test(word) && operator !== undefined) {
      this.at++;
      return testUnary(word, operator, this.world);
    }
    return word !== "";
  }

  private group(): boolean {
    const value = this.or();
    if (!this.takes(")")) throw new TestError("missingOperand", ")");
    return value;
  }

  private isBinaryAt(at: number): boolean {
    return this.words.length > at + 2 && binaryOperators.has(this.words[at + 1] ?? "");
  }

  private takes(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }
}

/** @throws TestError if a number is meant and is none */
export function compareWords(
  left: string,
  operator: string,
  right: string,
  world: TestWorld,
): boolean {
  const comparison = comparisons[operator];
  if (comparison) return comparison(integer(left), integer(right));
  switch (operator) {
    case "!=":
      return left !== right;
    case "<":
      return left < right;
    case ">":
      return left > right;
    case "-nt":
      return (modified(left, world) ?? -1) > (modified(right, world) ?? -1);
    case "-ot":
      return (modified(left, world) ?? -1) < (modified(right, world) ?? -1);
    case "-ef":
      return statOf(left, world)?.identity === statOf(right, world)?.identity;
    default:
      return left === right;
  }
}

function modified(name: string, world: TestWorld): number | undefined {
  return statOf(name, world)?.modifiedAt;
}

function integer(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError("badNumber", text);
  return BigInt(text.trim().replace(/^\+/, ""));
}

export function testUnary(operator: string, operand: string, world: TestWorld): boolean {
  if (operator === "-n") return operand !== "";
  if (operator === "-z") return operand === "";
  if (operator === "-t") return world.isTerminal(Number(operand));
  const { files, user } = world;
  const path = world.path(operand);
  const stat = operator === "-h" || operator === "-L" ? linkStat(files, path) : files.stats(path);
  if (!stat || operand === "") return false;
  switch (operator) {
    case "-b":
    case "-p":
    case "-S":
      return false;
    case "-c":
      return stat.kind === "device";
    case "-d":
      return stat.kind === "directory";
    case "-f":
      return stat.kind === "file";
    case "-h":
    case "-L":
      return stat.kind === "symlink";
    case "-s":
      return stat.size > 0;
    case "-u":
      return (stat.mode & 0o4000) !== 0;
    case "-g":
      return (stat.mode & 0o2000) !== 0;
    case "-k":
      return (stat.mode & 0o1000) !== 0;
    case "-O":
      return stat.uid === user.uid;
    case "-G":
      return stat.gid === user.gid;
    case "-r":
      return may(files, path, "read");
    case "-w":
      return may(files, path, "write");
    case "-x":
      return may(files, path, "execute");
    default:
      return true;
  }
}

function may(files: FileSystem, path: string, wish: "read" | "write" | "execute"): boolean {
  try {
    files.access(path, wish);
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

function linkStat(files: FileSystem, path: string): FileStat | undefined {
  try {
    return files.linkStat(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

function statOf(name: string, { files, path }: TestWorld): FileStat | undefined {
  return files.stats(path(name));
}
