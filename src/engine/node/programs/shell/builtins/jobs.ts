// Builtins about processes in the background: wait, jobs, kill.
import type { ChildProcess } from "../../../process/process.ts";
import {
  endsByDefault,
  type Signal,
  signalNamed,
  signalNumbers,
} from "../../../process/signals.ts";
import type { Steps } from "../../../steps.ts";
import { firstOf } from "../../firstOf.ts";
import { Exit } from "../control.ts";
import { interruption } from "../programs.ts";
import type { Job, Shell } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

export const jobBuiltins = {
  wait: (shell, args) => runWait(shell, args),
  jobs: (shell) => listJobs(shell),
  kill: (shell, args) => runKill(shell, args),
  disown: () => 0,
  fg: (shell, [name]) => foreground(shell, name),
  bg: () => 0,
} satisfies Record<string, Builtin>;

function* runWait(shell: Shell, args: readonly string[]): Steps<number> {
  const names = args.filter((arg) => arg !== "-n");
  if (names.length === 0) {
    for (const { child } of shell.jobs) {
      const status = yield* waitInterruptibly(shell, child);
      if (status === undefined) return interruptedStatus(shell);
      if (args.includes("-n")) return status;
    }
    shell.jobs = [];
    return 0;
  }
  let status = 0;
  for (const name of names) {
    const job = jobOf(shell, name);
    if (!job) {
      if (shell.isBash) shell.complain(`pid ${name} is not a child of this shell`, "wait");
      status = 127;
      continue;
    }
    const code = yield* waitInterruptibly(shell, job.child);
    if (code === undefined) return interruptedStatus(shell);
    shell.jobs = shell.jobs.filter((other) => other !== job);
    status = code;
  }
  return status;
}

/** A signal that is trapped ends `wait` at once. @returns undefined then */
function* waitInterruptibly(shell: Shell, child: ChildProcess): Steps<number | undefined> {
  const end = yield* firstOf(child.wait(), interruption(shell));
  return "first" in end ? end.first : undefined;
}

function interruptedStatus(shell: Shell): number {
  const [signal] = shell.pendingSignals;
  return 128 + (signal ? signalNumbers[signal] : 0);
}

function jobOf(shell: Shell, name: string): Job | undefined {
  if (/^%[%+]?$/.test(name)) return shell.jobs.at(-1);
  const number = /^%(\d+)$/.exec(name)?.[1];
  if (number !== undefined) return shell.jobs[Number(number) - 1];
  return shell.jobs.find(({ child }) => String(child.pid) === name);
}

function* foreground(shell: Shell, name = "%%"): Steps<number> {
  const job = jobOf(shell, name);
  if (!job) {
    shell.complain(shell.isBash ? `${name}: no such job` : `No such job: ${name}`, "fg");
    return shell.isBash ? 1 : 2;
  }
  yield* shell.out(`${job.command}\n`);
  shell.jobs = shell.jobs.filter((other) => other !== job);
  return (yield* waitInterruptibly(shell, job.child)) ?? interruptedStatus(shell);
}

function* listJobs(shell: Shell): Steps<number> {
  for (const [i, { child, command }] of shell.jobs.entries()) {
    const mark = i === shell.jobs.length - 1 ? "+" : i === shell.jobs.length - 2 ? "-" : " ";
    yield* shell.out(`[${i + 1}]${mark}  ${jobState(child.exitCode).padEnd(23)} ${command}\n`);
  }
  shell.jobs = shell.jobs.filter(({ child }) => child.exitCode === undefined);
  return 0;
}

function jobState(exitCode: number | undefined): string {
  if (exitCode === undefined) return "Running";
  return exitCode === 0 ? "Done" : `Done(${exitCode})`;
}

function* runKill(shell: Shell, args: readonly string[]): Steps<number> {
  if (args[0] === "-l") {
    const names = Object.entries(signalNumbers).map(([name, n]) => `${n}) ${name}`);
    yield* shell.out(`${names.join("\n")}\n`);
    return 0;
  }
  const { signal, rest } = chosenSignal(args);
  if (!signal) {
    shell.say(`${shell.start.name}: bad signal name '${(args[0] ?? "").replace(/^-/, "")}'`);
    return 1;
  }
  if (rest.length === 0) {
    shell.complain("you need to specify whom to kill", "kill");
    return 1;
  }
  let status = 0;
  for (const name of rest) if (!send(shell, name, signal)) status = 1;
  return status;
}

export function chosenSignal(args: readonly string[]): {
  readonly signal: Signal | undefined;
  readonly rest: readonly string[];
} {
  const [first = "", second = "", ...others] = args;
  if (first === "-s") return { signal: signalNamed(second), rest: others };
  if (first === "--" || !/^-./.test(first))
    return { signal: "SIGTERM", rest: first === "--" ? args.slice(1) : args };
  const isProbe = first === "-0";
  return { signal: isProbe ? "SIGCONT" : signalNamed(first.slice(1)), rest: args.slice(1) };
}

function send(shell: Shell, name: string, signal: Signal): boolean {
  const job = name.startsWith("%") ? jobOf(shell, name) : undefined;
  if (job) job.child.kill(signal);
  if (job) return true;
  if (!/^-?\d+$/.test(name)) {
    shell.complain(
      shell.isBash ? `${name}: arguments must be process or job IDs` : `Illegal pid: ${name}`,
      "kill",
    );
    return false;
  }
  if (Number(name) === shell.process.pid && endsShell(shell, signal))
    throw new Exit(128 + signalNumbers[signal]);
  if (shell.process.processes.signal(Math.abs(Number(name)), signal)) return true;
  if (shell.isBash) shell.complain(`(${name}) - No such process`, "kill");
  else if (shell.dialect === "dash") shell.complain("No such process", "kill");
  else shell.say(`${shell.start.name}: can't kill pid ${name}: No such process`);
  return false;
}

/** A shell that kills itself does nothing more; PID 1 can't. */
function endsShell(shell: Shell, signal: Signal): boolean {
  const isTrapped = shell.traps.has(signal) || shell.start.isInteractive;
  return shell.process.pid !== 1 && !isTrapped && endsByDefault(signal);
}
