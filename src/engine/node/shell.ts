// A small shell: runs a script as far as its effects can be seen from outside, namely time, output,
// files and its exit code. Programs that it does not know succeed, or serve.
import { second } from "../../base/time.ts";
import type { ExecResult } from "./program.ts";
import { type Command, parseShell, type Word } from "./shellSyntax.ts";
import type { Happening } from "./timeline.ts";

/** What a script meets. */
export interface ShellWorld {
  readonly env: Readonly<Record<string, string>>;
  readonly files: Set<string>;
  /** Runs a program that is no part of the shell; undefined if it is unknown. */
  program?(argv: readonly string[]): Iterable<Happening> | undefined;
  /** True if the container serves: what `curl localhost` asks. */
  readonly isServing?: boolean;
}

/** Stands in a line for the time at which the line was written. */
export const dateMark = "\u0000date\u0000";

/** Iterations of one loop after which a script is cut off. Bounds what a replay can cost. */
const mostIterations = 100_000;

/** What the script does; undefined if it cannot be read. */
export function shellTimeline(script: string, world: ShellWorld): Iterable<Happening> | undefined {
  const command = parseShell(script);
  if (!command) return undefined;
  return {
    *[Symbol.iterator]() {
      const shell = new Shell({ ...world, files: new Set(world.files) });
      const exitCode = yield* shell.run(command);
      yield { type: "exit", exitCode };
    },
  };
}

/** How a command ends if it takes no time, e.g. that of an exec probe. */
export function runAtOnce(argv: readonly string[], world: ShellWorld): ExecResult {
  const shell = new Shell({ ...world, files: new Set(world.files) });
  const lines: string[] = [];
  const steps = shell.call(argv);
  let spans = 0;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return { exitCode: step.value, output: lines.join("\n") };
    if (step.value.type === "line") lines.push(step.value.text);
    if (step.value.type === "exit")
      return { exitCode: step.value.exitCode, output: lines.join("\n") };
    if (step.value.type === "sleep" && spans++ > 100) return { exitCode: 124, output: "" };
  }
}

/** The exit code that `trap '...' TERM` ends with, if the script has such a trap. */
export function trappedExit(script: string): number | undefined {
  const trap = /\btrap\s+(?:'([^']*)'|"([^"]*)"|(\S+))\s+[^;\n]*\b(?:SIG)?TERM\b/.exec(script);
  if (!trap) return undefined;
  const action = trap[1] ?? trap[2] ?? trap[3] ?? "";
  const exit = /\bexit(?:\s+(\d+))?/.exec(action);
  return exit ? Number(exit[1] ?? 0) : undefined;
}

type Run = Generator<Happening, number, void>;

/** `exit` ends a script by a flag, so that the generators unwind on their own. */
class Shell {
  private readonly variables = new Map<string, string>();
  private hasExited = false;
  private lastCode = 0;
  /** The last command that was sent into the background: what `wait` waits for. */
  private background: readonly string[] = [];

  constructor(private readonly world: ShellWorld) {
    for (const [name, value] of Object.entries(world.env)) this.variables.set(name, value);
  }

  *run(command: Command): Run {
    switch (command.type) {
      case "list":
        for (const part of command.commands) {
          this.lastCode = yield* this.run(part);
          if (this.hasExited) break;
        }
        return this.lastCode;
      case "and":
      case "or": {
        const left = yield* this.run(command.left);
        if (this.hasExited || (left === 0) !== (command.type === "and")) return left;
        return yield* this.run(command.right);
      }
      case "if": {
        const chosen =
          (yield* this.run(command.condition)) === 0 ? command.then : command.otherwise;
        return this.hasExited || !chosen ? this.lastCode : yield* this.run(chosen);
      }
      case "loop":
        return yield* this.loop(command);
      case "for":
        for (const text of command.words.flatMap((word) => this.fields(word))) {
          this.variables.set(command.name, text);
          this.lastCode = yield* this.run(command.body);
          if (this.hasExited) break;
        }
        return this.lastCode;
      case "simple":
        return yield* this.simple(command);
    }
  }

  /** Runs one program or builtin by its arguments. */
  *call(argv: readonly string[], isExec = false): Run {
    const [path = "", ...args] = argv;
    if (path === "") return 0;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const known = builtins[name];
    if (known) {
      const outcome = known(args, this.builtinWorld());
      return typeof outcome === "number" ? outcome : yield* outcome;
    }
    if (isShell(name)) return yield* this.nested(args);
    if (name === "wait") return yield* this.call(this.background);
    if (name === "exec") return yield* this.call(args, true);
    if (name === "exit") {
      this.hasExited = true;
      return Number(args[0] ?? this.lastCode) & 0xff;
    }
    const program = this.world.program?.(argv);
    if (!program) return 0;
    for (const happening of program) {
      if (happening.type !== "exit") yield happening;
      else {
        if (isExec) this.hasExited = true;
        return happening.exitCode;
      }
    }
    return 0;
  }

  private *nested(args: readonly string[]): Run {
    const script = scriptOf(args);
    const command = script === undefined ? undefined : parseShell(script);
    if (!command) return 0;
    const inner = new Shell({ ...this.world, env: Object.fromEntries(this.variables) });
    return yield* inner.run(command);
  }

  private *loop(command: Extract<Command, { type: "loop" }>): Run {
    let code = 0;
    for (let i = 0; i < mostIterations; i++) {
      const met = (yield* this.run(command.condition)) === 0;
      if (this.hasExited || met === command.isUntil) break;
      code = yield* this.run(command.body);
      if (this.hasExited) break;
      // A loop without a pause would fill any log: time passes all the same.
      yield { type: "sleep", span: 1 };
    }
    return code;
  }

  private *simple(command: Extract<Command, { type: "simple" }>): Run {
    const argv = command.words.flatMap((word) => this.fields(word));
    while (argv[0] !== undefined && /^\w+=/.test(argv[0])) {
      const [assignment = ""] = argv.splice(0, 1);
      const at = assignment.indexOf("=");
      this.variables.set(assignment.slice(0, at), assignment.slice(at + 1));
    }
    const target = command.output && this.text(command.output);
    if (argv.length === 0) {
      if (target !== undefined) yield* this.writeFile(target);
      return 0;
    }
    if (command.isBackground) {
      this.background = argv;
      return 0;
    }
    const isConsole =
      target === undefined || /^\/(dev\/std(out|err)|proc\/1\/fd\/[12])$/.test(target);
    if (!isConsole && target !== "/dev/null") yield* this.writeFile(target);
    const steps = this.call(argv);
    for (let step = steps.next(); ; step = steps.next()) {
      if (step.done) return step.value;
      if (isConsole || step.value.type !== "line") yield this.noted(step.value);
    }
  }

  private *writeFile(path: string): Generator<Happening, void, void> {
    yield this.noted({ type: "file", path, isPresent: true });
  }

  private noted(happening: Happening): Happening {
    if (happening.type !== "file") return happening;
    if (happening.isPresent) this.world.files.add(happening.path);
    else this.world.files.delete(happening.path);
    return happening;
  }

  private builtinWorld(): BuiltinWorld {
    const { files, isServing = false } = this.world;
    return { files, isServing, variables: this.variables };
  }

  private text({ parts }: Word): string {
    return parts.map(({ text, isExpanded }) => (isExpanded ? this.expand(text) : text)).join("");
  }

  /** A word as arguments: an unquoted sequence like {1..3} or $LIST may give several. */
  private fields(word: Word): string[] {
    const [only] = word.parts;
    const text = this.text(word);
    const range = /^\{(\d+)\.\.(\d+)\}$/.exec(text);
    if (range) return numbers(Number(range[1]), Number(range[2]));
    const isBareSubstitution = word.parts.length === 1 && /^\$(\(|\w+$)/.test(only?.text ?? "");
    return isBareSubstitution ? text.split(/\s+/).filter((field) => field !== "") : [text];
  }

  private expand(text: string): string {
    return text.replace(
      /\$\(\(([^()]*)\)\)|\$\(([^()]*)\)|\$\{(\w+)\}|\$(\w+|\?)/g,
      (_all, sum?: string, command?: string, braced?: string, name?: string) => {
        if (sum !== undefined) return String(arithmetic(sum, this.variables));
        if (command !== undefined) return this.substitute(command);
        if (name === "?") return String(this.lastCode);
        return this.variables.get(braced ?? name ?? "") ?? "";
      },
    );
  }

  private substitute(script: string): string {
    const argv = script.trim().split(/\s+/);
    if (argv[0] === "hostname") return this.variables.get("HOSTNAME") ?? "";
    if (argv[0] === "seq")
      return numbers(Number(argv[2] ? argv[1] : 1), Number(argv[2] ?? argv[1])).join(" ");
    return runAtOnce(argv, { ...this.world, env: Object.fromEntries(this.variables) }).output;
  }
}

export function isShell(name: string): boolean {
  return ["sh", "bash", "ash", "dash"].includes(name);
}

/** The script of `sh -c SCRIPT` and its relatives (-ec, -xc). */
export function scriptOf(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  return at < 0 ? undefined : args[at + 1];
}

interface BuiltinWorld {
  readonly files: ReadonlySet<string>;
  readonly isServing: boolean;
  readonly variables: ReadonlyMap<string, string>;
}

/** What it does and its exit code; the code alone if nothing else is to be seen. */
type Builtin = (args: readonly string[], world: BuiltinWorld) => Run | number;

const builtins: Readonly<Record<string, Builtin | undefined>> = Object.assign(Object.create(null), {
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
} satisfies Record<string, Builtin>);

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

function numbers(from: number, to: number): string[] {
  const count = Math.max(0, Math.min(to - from + 1, 10_000));
  return Array.from({ length: count }, (_, i) => String(from + i));
}

/** Sums and products of whole numbers and variables, left to right, as counters use them. */
function arithmetic(text: string, variables: ReadonlyMap<string, string>): number {
  const tokens = text.match(/\w+|[-+*/%]/g) ?? [];
  let value = 0;
  let operator = "+";
  for (const token of tokens) {
    if (/^[-+*/%]$/.test(token)) operator = token;
    else value = apply(operator, value, Number(variables.get(token) ?? token) || 0);
  }
  return value;
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0 ? 0 : Math.trunc(a / b);
    case "%":
      return b === 0 ? 0 : a % b;
    default:
      return a + b;
  }
}
