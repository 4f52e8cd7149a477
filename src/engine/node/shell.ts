// A small shell: runs a script as far as its effects can be seen from outside, namely time, output,
// files and its exit code. Programs that it does not know succeed, or serve.
import type { ExecResult } from "./program.ts";
import { type BuiltinWorld, shellBuiltins } from "./shellBuiltins.ts";
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
    const known = shellBuiltins[name];
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

/** A shell without a script, which reads one from its input. */
export function isInteractiveShell([path = "", ...args]: readonly string[]): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return isShell(name) && args.every((arg) => /^-[il]+$|^--login$/.test(arg));
}

/** The script of `sh -c SCRIPT` and its relatives (-ec, -xc). */
export function scriptOf(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  return at < 0 ? undefined : args[at + 1];
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
