// The commands of a shell that need no program, and the few tools that every image has.
import { second } from "../../base/time.ts";
import type { Happening } from "./timeline.ts";

/** Stands in a line for the time at which the line was written. */
export const dateMark = "\u0000date\u0000";

/** What a builtin meets. */
export interface BuiltinWorld {
  readonly files: ReadonlySet<string>;
  readonly isServing: boolean;
  readonly variables: ReadonlyMap<string, string>;
}

type Run = Generator<Happening, number, void>;

/** What it does and its exit code; the code alone if nothing else is to be seen. */
export type Builtin = (args: readonly string[], world: BuiltinWorld) => Run | number;

export const shellBuiltins: Readonly<Record<string, Builtin | undefined>> = Object.assign(
  Object.create(null),
  {
    true: () => 0,
    ":": () => 0,
    false: () => 1,
    set: () => 0,
    trap: () => 0,
    export: () => 0,
    cd: () => 0,
    mkdir: () => 0,
    chmod: () => 0,
    *echo(args) {
      const words = args[0] === "-n" || args[0] === "-e" ? args.slice(1) : args;
      for (const text of words.join(" ").split("\n")) yield { type: "line", text };
      return 0;
    },
    *printf(args) {
      const text = (args[0] ?? "").replace(/%[sd]/g, () => args[1] ?? "");
      for (const line of text.replace(/\\n$/, "").split("\\n")) yield { type: "line", text: line };
      return 0;
    },
    *sleep(args) {
      const span = sleepSpan(args);
      if (span === undefined) {
        yield { type: "line", text: `sleep: invalid number '${args[0] ?? ""}'` };
        return 1;
      }
      yield { type: "sleep", span };
      return 0;
    },
    *touch(args) {
      for (const path of paths(args)) yield { type: "file", path, isPresent: true };
      return 0;
    },
    *rm(args) {
      for (const path of paths(args)) yield { type: "file", path, isPresent: false };
      return 0;
    },
    *date() {
      yield { type: "line", text: dateMark };
      return 0;
    },
    cat: (args, world) => needsFiles("cat", "can't open", args, world),
    ls: (args, world) => needsFiles("ls", "", args, world),
    test: (args, world) => testCode(args, world),
    "[": (args, world) => testCode(args.slice(0, -1), world),
    *tail(args) {
      if (args.some((arg) => arg.startsWith("-f") || arg.startsWith("-F")))
        yield { type: "sleep", span: Number.POSITIVE_INFINITY };
      return 0;
    },
  } satisfies Record<string, Builtin>,
);

function paths(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !arg.startsWith("-"));
}

function* needsFiles(
  name: string,
  complaint: string,
  args: readonly string[],
  { files }: BuiltinWorld,
): Run {
  for (const path of paths(args)) {
    if (files.has(path) || isSystemFile(path)) continue;
    const said = complaint === "" ? path : `${complaint} '${path}'`;
    yield { type: "line", text: `${name}: ${said}: No such file or directory` };
    return 1;
  }
  return 0;
}

/** Files that every image has, or that the kubelet mounts. */
function isSystemFile(path: string): boolean {
  return /^\/(etc|proc|sys|dev|bin|usr|var\/run\/secrets)(\/|$)/.test(path) || path === "/";
}

function testCode(args: readonly string[], { files }: BuiltinWorld): number {
  const [first = "", other = "", third = ""] = args;
  if (first === "!") return 1 - testCode(args.slice(1), { files } as BuiltinWorld);
  if (/^-[efdrsx]$/.test(first)) return files.has(other) || isSystemFile(other) ? 0 : 1;
  if (first === "-z") return other === "" ? 0 : 1;
  if (first === "-n") return other === "" ? 1 : 0;
  const holds = comparisons[other]?.(first, third);
  return (holds ?? first !== "") ? 0 : 1;
}

const comparisons: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  "=": (a, b) => a === b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
  "-eq": (a, b) => Number(a) === Number(b),
  "-ne": (a, b) => Number(a) !== Number(b),
  "-lt": (a, b) => Number(a) < Number(b),
  "-le": (a, b) => Number(a) <= Number(b),
  "-gt": (a, b) => Number(a) > Number(b),
  "-ge": (a, b) => Number(a) >= Number(b),
};

/** "5", "0.5", "1m", "infinity". */
function sleepSpan(args: readonly string[]): number | undefined {
  let total = 0;
  for (const arg of args) {
    const match = /^(\d+(?:\.\d+)?|\.\d+|inf(?:inity)?)([smhd]?)$/.exec(arg);
    if (!match) return undefined;
    const amount = match[1]?.startsWith("inf") ? Number.POSITIVE_INFINITY : Number(match[1]);
    total += amount * second * ({ s: 1, m: 60, h: 3600, d: 86_400 }[match[2] ?? ""] ?? 1);
  }
  return args.length === 0 ? undefined : total;
}
