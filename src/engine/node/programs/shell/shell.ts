// The state of a shell: what its commands read and change. A subshell is a copy.

import type { CompoundCommand, CompoundList, Redirected } from "unbash";
import { joinPath } from "../../process/paths.ts";
import type {
  ChildProcess,
  Executable,
  ProcessContext,
  SpawnOptions,
} from "../../process/process.ts";
import type { Signal } from "../../process/signals.ts";
import type { Steps } from "../../steps.ts";
import { Pace } from "../pace.ts";
import { ShellError } from "./control.ts";
import { complaintPrefix, type Dialect, words } from "./dialect.ts";
import { closedSink, type Streams, standardStreams } from "./streams.ts";
import { lineAt } from "./syntax.ts";
import { longestValue, type Variable, Variables } from "./variables.ts";

/** What `set` turns on and off, by their letters where they have one. */
export const optionLetters = {
  e: "errexit",
  u: "nounset",
  x: "xtrace",
  f: "noglob",
  n: "noexec",
  v: "verbose",
  a: "allexport",
  C: "noclobber",
  b: "notify",
  m: "monitor",
  h: "hashall",
} as const;

export type ShellOption = (typeof optionLetters)[keyof typeof optionLetters] | "pipefail";

export interface ShellFunction {
  readonly body: CompoundCommand | Redirected | CompoundList;
  /** The text that the positions of `body` are in. */
  readonly source: string;
}

export interface Job {
  readonly child: ChildProcess;
  readonly command: string;
}

export interface ShellStart {
  readonly dialect: Dialect;
  /** $0 */
  readonly name: string;
  readonly positional: readonly string[];
  readonly isInteractive: boolean;
  readonly isScriptFile: boolean;
  readonly interpreter: Interpreter;
}

/** Who runs commands: what `eval`, `$(...)` and functions need of it. */
export interface Interpreter {
  /** Runs a text in a shell that ends with it. */
  run(shell: Shell, text: string): Steps<number>;
  /** Runs a text as if it stood in place of the command that runs. */
  evaluate(shell: Shell, text: string): Steps<number>;
  execute(shell: Shell, body: ShellFunction["body"]): Steps<number>;
}

export class Shell {
  variables: Variables;
  functions = new Map<string, ShellFunction>();
  positional: readonly string[];
  options = new Set<ShellOption>();
  streams: Streams;
  cwd: string;
  lastStatus = 0;
  /** The status of the last $(...) in the command that runs. */
  substitutionStatus: number | undefined;
  lastBackground: ChildProcess | undefined;
  jobs: Job[] = [];
  /** Signal names, "EXIT" among them, and what to run; "" is ignored. */
  traps = new Map<string, string>();
  /** Above zero where a failure is looked at, so that `set -e` lets it pass. */
  tested = 0;
  loops = 0;
  functionDepth = 0;
  /** Where getopts is within a cluster of letters. */
  optionOffset = 0;
  /** What has arrived and waits for the command that runs to end. */
  readonly pendingSignals: Signal[] = [];
  private readonly signalListeners = new Set<() => void>();
  /** The text of the commands that run, and where the current one begins. */
  source = "";
  position = 0;
  firstLine = 1;
  /** One for all subshells: together they could loop as well. */
  pace: Pace;

  /** @param isWholeProcess false for a subshell that runs within its parent's process */
  constructor(
    readonly process: ProcessContext,
    readonly start: ShellStart,
    readonly isWholeProcess = true,
  ) {
    this.pace = new Pace(process);
    this.positional = start.positional;
    this.streams = standardStreams(process);
    this.cwd = process.cwd;
    this.variables = new Variables(
      [...process.env].map(([name, value]): [string, Variable] => [
        name,
        { value, isExported: true },
      ]),
    );
    for (const [name, value] of initialVariables)
      if (this.variables.get(name) === undefined) this.variables.set(name, value);
    this.variables.set("PWD", this.cwd);
    this.variables.mark("PWD", { isExported: true });
    this.variables.set("PPID", String(process.parentPid));
  }

  /** A subshell: the same commands and variables, changed apart; traps are back to what they were. */
  fork(process = this.process): Shell {
    const copy = new Shell(process, this.start, process !== this.process);
    copy.variables = this.variables.copy();
    copy.functions = new Map(this.functions);
    copy.positional = this.positional;
    copy.options = new Set(this.options);
    copy.cwd = this.cwd;
    copy.lastStatus = this.lastStatus;
    copy.lastBackground = this.lastBackground;
    copy.pace = this.pace;
    copy.tested = this.tested;
    copy.functionDepth = this.functionDepth;
    copy.source = this.source;
    copy.position = this.position;
    copy.firstLine = this.firstLine;
    if (process === this.process) copy.streams = this.streams;
    else {
      copy.streams = new Map([...this.streams, ...standardStreams(process)]);
      for (const [name, action] of this.traps) if (action === "") copy.traps.set(name, action);
    }
    return copy;
  }

  get dialect(): Dialect {
    return this.start.dialect;
  }

  get interpreter(): Interpreter {
    return this.start.interpreter;
  }

  get isBash(): boolean {
    return this.dialect === "bash";
  }

  /** Starts a child, unless the container has as many processes as it may. */
  spawn(program: Executable, options: SpawnOptions): ChildProcess {
    this.pace.spend(stepsOfFork);
    if (this.process.processes.list().length >= mostProcesses)
      throw new ShellError(words.cannotFork(this.dialect), this.isBash ? 254 : 2);
    return this.process.spawn(program, options);
  }

  path(name: string): string {
    return joinPath(this.cwd, name);
  }

  /** The value of a variable or special parameter; undefined if it is not set. */
  parameter(name: string): string | undefined {
    if (/^\d+$/.test(name)) {
      const index = Number(name);
      return index === 0 ? this.start.name : this.positional[index - 1];
    }
    return Object.hasOwn(specials, name) ? specials[name]?.(this) : this.variables.get(name);
  }

  assign(name: string, value: string, elements?: readonly string[]): void {
    if (value.length > longestValue) throw new ShellError("out of memory", 2);
    if (!this.variables.set(name, value, elements))
      throw new ShellError(words.readOnly(this.dialect, name), this.isBash ? 1 : 2);
    if (this.options.has("allexport")) this.variables.mark(name, { isExported: true });
    if (name === "OPTIND") this.optionOffset = 0;
  }

  *out(text: string, descriptor = 1): Steps {
    const sink = this.streams.get(descriptor)?.sink;
    sink?.write(text);
    if (sink?.ready) yield* sink.ready();
  }

  /** A line on standard error, as the shell itself says it. */
  complain(message: string, builtin?: string, line = this.line): void {
    const { name, isInteractive, isScriptFile } = this.start;
    const place = { name, builtin, line, isInteractive, isScriptFile };
    const prefix = complaintPrefix(this.dialect, place);
    this.say(
      message
        .split("\n")
        .map((part) => this.located(part, prefix))
        .join("\n"),
    );
  }

  say(line: string): void {
    (this.streams.get(2)?.sink ?? closedSink).write(`${line}\n`);
  }

  get line(): number {
    return this.firstLine + lineAt(this.source, this.position) - 1;
  }

  /** Called when a signal arrives that is trapped. */
  signalled(signal: Signal): void {
    this.pendingSignals.push(signal);
    for (const listener of [...this.signalListeners]) listener();
  }

  onSignalled(listener: () => void): () => void {
    this.signalListeners.add(listener);
    return () => this.signalListeners.delete(listener);
  }

  /** Bash names the place once more where it shows the source. */
  private located(part: string, prefix: string): string {
    return part.startsWith("\0")
      ? `${prefix.replace(/line \d+: $/, "")}${part.slice(1)}`
      : `${prefix}${part}`;
  }
}

/** pids.max of a simulated container. */
const mostProcesses = 400;

/** What a process costs, in commands of the shell. */
const stepsOfFork = 200;

const initialVariables = [
  ["IFS", " \t\n"],
  ["OPTIND", "1"],
  ["PS1", "$ "],
  ["PS2", "> "],
  ["PS4", "+ "],
] as const;

const bashVersion = "5.2.15(1)-release";

const specials: Readonly<Record<string, (shell: Shell) => string | undefined>> = {
  "?": (shell) => String(shell.lastStatus),
  "#": (shell) => String(shell.positional.length),
  $: (shell) => String(shell.process.pid),
  "!": (shell) => shell.lastBackground && String(shell.lastBackground.pid),
  "-": (shell) => optionText(shell),
  "*": (shell) => (shell.positional.length > 0 ? shell.positional.join(joiner(shell)) : undefined),
  "@": (shell) => (shell.positional.length > 0 ? shell.positional.join(" ") : undefined),
  RANDOM: (shell) =>
    shell.dialect === "dash" ? undefined : String(shell.process.random.below(32_768)),
  LINENO: (shell) => String(shell.line),
  SECONDS: (shell) => (shell.isBash ? String(Math.floor(shell.process.now() / 1_000)) : undefined),
  HOSTNAME: (shell) =>
    shell.variables.get("HOSTNAME") ?? (shell.isBash ? shell.process.hostname : undefined),
  BASH_VERSION: (shell) => (shell.isBash ? bashVersion : undefined),
  UID: (shell) => (shell.isBash ? String(shell.process.user.uid) : undefined),
};

/** What "$*" puts between parameters: the first character of IFS. */
export function joiner(shell: Shell): string {
  return (shell.variables.get("IFS") ?? " ").slice(0, 1);
}

function optionText(shell: Shell): string {
  const letters = Object.entries(optionLetters)
    .filter(([, option]) => shell.options.has(option))
    .map(([letter]) => letter);
  return letters.join("") + (shell.start.isInteractive ? "i" : "");
}
