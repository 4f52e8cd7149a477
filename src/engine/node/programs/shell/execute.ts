// Runs the commands of a shell: lists, pipelines, compound commands and simple ones.
// Source: POSIX, Shell Command Language, 2.9.
import type {
  AndOr,
  ArithmeticFor,
  Case,
  CompoundList,
  For,
  Function as FunctionDefinition,
  If,
  Pipeline,
  PipelineNode,
  Redirected,
  Redirection,
  Script,
  Statement,
  TestCommand,
  While,
} from "unbash";
import { noInput, Pipe } from "../../process/byteStream.ts";
import type { ChildProcess } from "../../process/process.ts";
import { pause, type Steps } from "../../steps.ts";
import { guarded } from "../guarded.ts";
import { evaluateConditional } from "./conditional.ts";
import { Exit, LoopJump, ShellError } from "./control.ts";
import { expandArithmetic, expandPattern, expandText, expandWords } from "./expansion.ts";
import { waitFor } from "./programs.ts";
import { redirected } from "./redirection.ts";
import type { Shell } from "./shell.ts";
import { runSimple } from "./simpleCommand.ts";
import { inherited, type Streams } from "./streams.ts";
import { runInSubshell } from "./subshell.ts";
import { runTraps } from "./traps.ts";

type Node = PipelineNode | AndOr | CompoundList;

/** Where a command stands. */
interface Place {
  /** Nothing follows it in this process: a program may take the shell's place. */
  readonly isLast: boolean;
}

const within: Place = { isLast: false };

/** Runs the statements of a text one by one. @returns the status of the last */
export function* runStatements(
  shell: Shell,
  statements: Script["commands"],
  place: Place = within,
): Steps<number> {
  for (const [i, statement] of statements.entries()) {
    const isLast = place.isLast && i === statements.length - 1;
    shell.lastStatus = yield* runStatement(shell, statement, { isLast });
  }
  return shell.lastStatus;
}

function* runStatement(shell: Shell, statement: Statement, place: Place): Steps<number> {
  if (!statement.background) return yield* execute(shell, statement.command, place);
  const command = shell.source.slice(statement.command.pos, statement.command.end);
  const stdin = shell.start.isInteractive ? undefined : noInput;
  const child = startSubshell(shell, statement.command, stdin ? { stdin } : {});
  shell.lastBackground = child;
  shell.jobs = [...shell.jobs, { child, command }];
  return 0;
}

export function* execute(shell: Shell, node: Node, place: Place = within): Steps<number> {
  yield* shell.pace.step();
  if (shell.options.has("noexec")) return 0;
  const status = yield* dispatch(shell, node, place);
  if (shell.pendingSignals.length > 0) yield* runTraps(shell);
  if (status !== 0 && shell.tested === 0 && shell.options.has("errexit") && endsScript(node))
    throw new Exit(status);
  return status;
}

/** `set -e` looks at commands; what lists and loops return has been looked at, or was tested. */
function endsScript(node: Node): boolean {
  switch (node.type) {
    case "Command":
    case "Subshell":
    case "TestCommand":
    case "ArithmeticCommand":
    case "Redirected":
      return true;
    case "Pipeline":
      return !node.prefixes.some(({ type }) => type === "Negation");
    default:
      return false;
  }
}

function* dispatch(shell: Shell, node: Node, place: Place): Steps<number> {
  switch (node.type) {
    case "Command":
      shell.position = node.pos;
      return yield* runSimple(shell, node, place);
    case "Pipeline":
      return yield* runPipeline(shell, node, place);
    case "AndOr":
      return yield* runAndOr(shell, node, place);
    case "CompoundList":
      return yield* runStatements(shell, node.commands, place);
    case "BraceGroup":
      return yield* execute(shell, node.body, place);
    case "Subshell":
      return yield* runInSubshell(shell.fork(), (inner) => execute(inner, node.body, within));
    case "If":
      return yield* runIf(shell, node, place);
    case "While":
      return yield* runWhile(shell, node);
    case "For":
      return yield* runFor(shell, node);
    case "ArithmeticFor":
      return yield* runArithmeticFor(shell, node);
    case "Case":
      return yield* runCase(shell, node, place);
    case "Function":
      return define(shell, node);
    case "Redirected":
      return yield* withRedirects(shell, node);
    case "TestCommand":
      return yield* runConditional(shell, node);
    case "ArithmeticCommand":
      return (yield* expandArithmetic(shell, node.body)) === 0n ? 1 : 0;
    case "Select":
    case "Coproc":
      throw new ShellError(`syntax error: unexpected "${node.type.toLowerCase()}"`, 2);
  }
}

function* runPipeline(shell: Shell, node: Pipeline, place: Place): Steps<number> {
  const isNegated = node.prefixes.some(({ type }) => type === "Negation");
  const timed = node.prefixes.find(({ type }) => type === "Time");
  const startedAt = shell.process.now();
  const [only] = node.commands;
  if (!only) return isNegated ? 1 : 0;
  let status: number;
  if (node.commands.length > 1) status = yield* runPiped(shell, node);
  else if (isNegated) status = yield* tested(shell, only);
  else status = yield* execute(shell, only, timed ? within : place);
  if (timed) reportTime(shell, shell.process.now() - startedAt);
  return isNegated ? Number(status === 0) : status;
}

/** All at once, each a process of its own, what one writes the next one reads. */
function* runPiped(shell: Shell, { commands, operators }: Pipeline): Steps<number> {
  const pipes = commands.slice(1).map(() => new Pipe());
  const children = commands.map((command, i) => {
    const stdin = pipes[i - 1]?.source;
    const stdout = pipes[i]?.sink;
    const takesErrors = operators[i] === "|&" && stdout;
    return startSubshell(shell, command, {
      ...(stdin ? { stdin } : {}),
      ...(stdout ? { stdout } : {}),
      ...(takesErrors ? { stderr: stdout } : {}),
    });
  });
  const statuses: number[] = [];
  for (const child of children) statuses.push(yield* waitFor(shell, child));
  const failed = shell.options.has("pipefail") ? statuses.findLast((one) => one !== 0) : undefined;
  return failed ?? statuses.at(-1) ?? 0;
}

function startSubshell(
  shell: Shell,
  node: Node,
  streams: Partial<ReturnType<typeof inherited>>,
): ChildProcess {
  const { process } = shell;
  return shell.spawn(
    guarded(function* (child) {
      const fork = shell.fork(child);
      // A child begins when its parent has gone on, rather than on top of it.
      yield pause(0, "fork");
      return yield* runInSubshell(fork, (inner) => execute(inner, node, { isLast: true }));
    }),
    { argv: process.argv, cwd: shell.cwd, ...inherited(shell.streams), ...streams },
  );
}

function* runAndOr(shell: Shell, { commands, operators }: AndOr, place: Place): Steps<number> {
  let status = 0;
  for (const [i, command] of commands.entries()) {
    const operator = operators[i - 1];
    if (operator !== undefined && (operator === "&&") !== (status === 0)) continue;
    const isLast = i === commands.length - 1;
    status = isLast ? yield* execute(shell, command, place) : yield* tested(shell, command);
    shell.lastStatus = status;
  }
  return status;
}

/** Runs what `set -e` must not mind. */
function* tested(shell: Shell, node: Node): Steps<number> {
  shell.tested++;
  try {
    return yield* execute(shell, node, within);
  } finally {
    shell.tested--;
  }
}

function* runIf(shell: Shell, node: If, place: Place): Steps<number> {
  for (const { clause, then } of [node, ...node.elif]) {
    shell.lastStatus = yield* tested(shell, clause);
    if (shell.lastStatus === 0) return yield* execute(shell, then, place);
  }
  shell.lastStatus = 0;
  return node.else ? yield* execute(shell, node.else, place) : 0;
}

function* runWhile(shell: Shell, node: While): Steps<number> {
  let status = 0;
  yield* loop(shell, function* () {
    const isTrue = (yield* tested(shell, node.clause)) === 0;
    if (isTrue === (node.kind === "until")) return false;
    status = yield* execute(shell, node.body, within);
    return true;
  });
  return status;
}

function* runFor(shell: Shell, node: For): Steps<number> {
  const items = node.wordlist ? yield* expandWords(shell, node.wordlist) : shell.positional;
  const left = [...items].values();
  let status = 0;
  yield* loop(shell, function* () {
    const { value, done } = left.next();
    if (done) return false;
    shell.assign(node.name.value, value);
    status = yield* execute(shell, node.body, within);
    return true;
  });
  return status;
}

function* runArithmeticFor(shell: Shell, node: ArithmeticFor): Steps<number> {
  const text = (part: { pos: number; end: number } | undefined) =>
    part ? shell.source.slice(part.pos, part.end) : "";
  yield* expandArithmetic(shell, text(node.initialize));
  let status = 0;
  let isFirst = true;
  yield* loop(shell, function* () {
    if (!isFirst) yield* expandArithmetic(shell, text(node.update));
    isFirst = false;
    if (node.test && (yield* expandArithmetic(shell, text(node.test))) === 0n) return false;
    status = yield* execute(shell, node.body, within);
    return true;
  });
  return status;
}

/** Turns until `turn` says no, or somebody breaks out. */
function* loop(shell: Shell, turn: () => Steps<boolean>): Steps {
  shell.loops++;
  try {
    for (;;) {
      yield* shell.pace.step();
      try {
        if (!(yield* turn())) return;
      } catch (error) {
        if (!(error instanceof LoopJump)) throw error;
        shell.lastStatus = 0;
        if (error.levels > 1 && shell.loops > 1) throw new LoopJump(error.kind, error.levels - 1);
        if (error.kind === "break") return;
      }
    }
  } finally {
    shell.loops--;
  }
}

function* runCase(shell: Shell, node: Case, place: Place): Steps<number> {
  const word = yield* expandText(shell, node.word);
  let fallsThrough = false;
  let status = 0;
  for (const item of node.items) {
    if (!fallsThrough) {
      let matches = false;
      for (const pattern of item.pattern)
        matches ||= (yield* expandPattern(shell, pattern)).matches(word);
      if (!matches) continue;
    }
    const isDone = item.terminator === undefined || item.terminator === ";;";
    status = yield* execute(shell, item.body, isDone ? place : within);
    if (isDone) return status;
    fallsThrough = item.terminator === ";&";
  }
  return status;
}

function define(shell: Shell, { name, body }: FunctionDefinition): number {
  shell.functions.set(name.value, { body, source: shell.source });
  return 0;
}

function* withRedirects(shell: Shell, { command, redirects }: Redirected): Steps<number> {
  shell.position = command.pos;
  const streams = yield* opened(shell, redirects);
  if (typeof streams === "number") return streams;
  const before = shell.streams;
  shell.streams = streams;
  try {
    return yield* execute(shell, command, within);
  } finally {
    shell.streams = before;
  }
}

/** The streams, or the status of a command whose files can't be opened. */
function* opened(shell: Shell, redirects: readonly Redirection[]): Steps<Streams | number> {
  try {
    return yield* redirected(shell, redirects);
  } catch (error) {
    if (!(error instanceof ShellError)) throw error;
    shell.complain(error.message);
    return error.status;
  }
}

function* runConditional(shell: Shell, { expression }: TestCommand): Steps<number> {
  return (yield* evaluateConditional(shell, expression)) ? 0 : 1;
}

function reportTime(shell: Shell, elapsedMs: number): void {
  const seconds = elapsedMs / 1_000;
  const minutes = Math.floor(seconds / 60);
  const rest = seconds - 60 * minutes;
  if (shell.isBash) {
    const real = `${minutes}m${rest.toFixed(3)}s`;
    shell.say(`\nreal\t${real}\nuser\t0m0.000s\nsys\t0m0.000s`);
  } else shell.say(`real\t${minutes}m ${rest.toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s`);
}
