// Programs about processes and time: sleep, timeout, time, nohup, ps, top, kill, xargs, watch.
import { type Millis, minute, second } from "../../../../base/time.ts";
import type { ChildProcess, ProcessInfo, SpawnOptions } from "../../process/process.ts";
import { type Signal, signalNamed, signalNumbers } from "../../process/signals.ts";
import { pause, type Steps } from "../../steps.ts";
import { textOf } from "../bufferedSource.ts";
import { formatDate } from "../dates.ts";
import { userName } from "./accounts.ts";
import { type Tool, ToolExit, type Tools } from "./tool.ts";

export const processTools = {
  sleep,
  timeout,
  time,
  nohup: (tool, args) => runProgram(tool, args),
  nice: (tool, args) =>
    runProgram(
      tool,
      args.filter((arg, i) => !/^-/.test(arg) && args[i - 1] !== "-n"),
    ),
  ps,
  top,
  kill,
  pidof,
  pgrep: (tool, args) => pgrep(tool, args),
  pkill: (tool, args) => pkill(tool, args),
  killall: (tool, args) => pkill(tool, args),
  xargs,
  watch,
} satisfies Tools;

const units: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };
/** Longer sleeps than any cluster's life: `sleep infinity`. */
const longest = 2 ** 40;

/** "10", "0.5", "5m"; undefined for what is no span. */
function spanOf(text: string): number | undefined {
  if (text === "infinity" || text === "inf") return longest;
  const [, amount, unit = ""] = /^(\d*\.?\d+|\d+\.)([smhd]?)$/.exec(text) ?? [];
  return amount === undefined
    ? undefined
    : Math.min(Number(amount) * (units[unit] ?? 1) * second, longest);
}

function* sleep(tool: Tool, args: readonly string[]): Steps<number> {
  if (args.length === 0) {
    if (!tool.isBusybox) tool.complain("missing operand");
    return tool.usage("[N]...");
  }
  let total = 0;
  for (const arg of args) {
    const span = spanOf(arg);
    if (span === undefined) {
      if (tool.isBusybox) return tool.fail(`invalid number '${arg}'`);
      tool.complain(`invalid time interval '${arg}'`);
      return tool.usage("");
    }
    total += span;
  }
  yield pause(total, "sleep");
  return 0;
}

/** Runs a program beside this one and waits. @returns 127 if there is none */
function* runProgram(
  tool: Tool,
  argv: readonly string[],
  options: SpawnOptions = {},
): Steps<number> {
  const [name] = argv;
  if (name === undefined) return tool.usage("PROG ARGS");
  return yield* startProgram(tool, argv, options).wait();
}

function startProgram(tool: Tool, argv: readonly string[], options: SpawnOptions = {}) {
  const name = argv[0] ?? "";
  const program = tool.process.find(name);
  if (!program) {
    const shown =
      tool.name === "xargs"
        ? name
        : tool.isBusybox
          ? `can't execute '${name}'`
          : `failed to run command '${name}'`;
    tool.complain(`${shown}: No such file or directory`);
    throw new ToolExit(127);
  }
  return tool.process.spawn(program, { ...options, argv });
}

function* timeout(tool: Tool, args: readonly string[]): Steps<number> {
  const usage = "[-s SIG] [-k KILL_SECS] SECS PROG ARGS";
  const badUse = tool.isBusybox ? 1 : 125;
  const { options, operands } = tool.options(args, "s:k:", {
    usage,
    stopsAtOperand: true,
    status: badUse,
    long: { "signal=": "s", "kill-after=": "k", foreground: "f", "preserve-status": "p" },
  });
  const [text = "", ...argv] = operands;
  if (argv.length === 0) return tool.usage(usage, badUse);
  const limit = spanOf(text);
  if (limit === undefined)
    return tool.fail(
      tool.isBusybox ? `invalid number '${text}'` : `invalid time interval '${text}'`,
      badUse,
    );
  const signal = signalNamed(options.get("s") ?? "TERM") ?? "SIGTERM";
  const child = startProgram(tool, argv);
  for (const passed of ["SIGTERM", "SIGINT"] as const)
    tool.process.onSignal(passed, () => child.kill(passed));
  if (limit === 0 || (yield* endsWithin(tool, child, limit))) return yield* child.wait();
  child.kill(signal);
  const patience = spanOf(options.get("k") ?? "");
  if (patience !== undefined && !(yield* endsWithin(tool, child, patience))) child.kill("SIGKILL");
  const status = yield* child.wait();
  // GNU's tells that time ran out, busybox' what the signal did.
  if (tool.isBusybox || options.has("p")) return status;
  return signal === "SIGKILL" ? 137 : 124;
}

function* endsWithin(tool: Tool, child: ChildProcess, span: Millis): Steps<boolean> {
  return (yield* tool.process.within(span, child.wait())) !== "late";
}

function* time(tool: Tool, args: readonly string[]): Steps<number> {
  const startedAt = tool.process.now();
  const status = yield* runProgram(
    tool,
    args.filter((arg, i) => i > 0 || arg !== "-p"),
  );
  const elapsed = tool.process.now() - startedAt;
  const minutes = Math.floor(elapsed / minute);
  const seconds = ((elapsed % minute) / second).toFixed(2);
  tool.process.stderr.write(`real\t${minutes}m ${seconds}s\nuser\t0m 0.00s\nsys\t0m 0.00s\n`);
  return status;
}

function commandOf({ argv }: ProcessInfo): string {
  return argv.join(" ").replace(/\s+/g, " ");
}

function* ps(tool: Tool, args: readonly string[]): Steps<number> {
  const all = tool.process.processes.list();
  if (tool.isBusybox) {
    yield* tool.write("PID   USER     TIME  COMMAND\n");
    for (const info of all) {
      const user = (userName(tool, info.user.uid) ?? String(info.user.uid)).slice(0, 8);
      yield* tool.write(
        `${String(info.pid).padStart(5)} ${user.padEnd(8)}  0:00 ${commandOf(info)}\n`,
      );
    }
    return 0;
  }
  const letters = args.join("");
  const isLong = /u/.test(letters) && !letters.includes("-e");
  const isFull = /f/.test(letters);
  const title = isLong
    ? "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND"
    : isFull
      ? "UID          PID    PPID  C STIME TTY          TIME CMD"
      : "    PID TTY          TIME CMD";
  yield* tool.write(`${title}\n`);
  for (const info of all) {
    const user = userName(tool, info.user.uid) ?? String(info.user.uid);
    const start = formatDate(info.startedAt, "%H:%M");
    const memory = Math.round(info.usage.memoryBytes / 1_024);
    const row = isLong
      ? `${user.padEnd(8)} ${String(info.pid).padStart(7)} ${(info.usage.cpuMillis / 10).toFixed(1).padStart(4)}  0.0 ${String(memory * 4).padStart(6)} ${String(memory).padStart(5)} ?        Ss   ${start}   0:00 ${commandOf(info)}`
      : isFull
        ? `${user.padEnd(8)} ${String(info.pid).padStart(7)} ${String(info.parentPid).padStart(7)}  0 ${start} ?        00:00:00 ${commandOf(info)}`
        : `${String(info.pid).padStart(7)} ?        00:00:00 ${(info.argv[0] ?? "").replace(/^.*\//, "")}`;
    yield* tool.write(`${row}\n`);
  }
  return 0;
}

function* top(tool: Tool, args: readonly string[]): Steps<number> {
  const rounds = Number(/-n\s*(\d+)/.exec(args.join(" "))?.[1] ?? Number.POSITIVE_INFINITY);
  const every = Number(/-d\s*(\d+)/.exec(args.join(" "))?.[1] ?? 5) * second;
  for (let round = 0; round < rounds; round++) {
    if (round > 0) yield pause(every, "top");
    const all = [...tool.process.processes.list()].sort(
      (a, b) => b.usage.cpuMillis - a.usage.cpuMillis,
    );
    const busy = Math.min(
      100,
      Math.round(all.reduce((sum, { usage }) => sum + usage.cpuMillis, 0) / 40),
    );
    const used = Math.round(all.reduce((sum, { usage }) => sum + usage.memoryBytes, 0) / 1_024);
    const rows = all.map((info) => {
      const user = (userName(tool, info.user.uid) ?? String(info.user.uid)).slice(0, 8);
      const memory = Math.round(info.usage.memoryBytes / 1_024);
      const load = `${Math.round(info.usage.cpuMillis / 40)}%`;
      return `${String(info.pid).padStart(5)} ${String(info.parentPid).padStart(5)} ${user.padEnd(8)} S    ${String(memory).padStart(6)}   0%   0 ${load.padStart(4)} ${commandOf(info)}\n`;
    });
    yield* tool.write(
      `Mem: ${used}K used, ${8_149_796 - used}K free, 0K shrd, 0K buff, 0K cached\nCPU:  ${busy}% usr   0% sys   0% nic ${100 - busy}% idle   0% io   0% irq   0% sirq\nLoad average: 0.00 0.00 0.00 1/${all.length} ${all.at(-1)?.pid ?? 1}\n  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND\n${rows.join("")}`,
    );
  }
  return 0;
}

/** "-9", "-s TERM", "-TERM", and what follows; SIGTERM if there is none. */
function signalIn(args: readonly string[]): {
  readonly signal: Signal | undefined;
  readonly rest: readonly string[];
} {
  const [first = "", second = "", ...others] = args;
  if (first === "-s") return { signal: signalNamed(second), rest: others };
  if (!/^-./.test(first)) return { signal: "SIGTERM", rest: args };
  return { signal: signalNamed(first.slice(1)), rest: args.slice(1) };
}

function* kill(tool: Tool, args: readonly string[]): Steps<number> {
  if (args[0] === "-l") {
    const names = Object.entries(signalNumbers).map(
      ([name, n]) => `${String(n).padStart(2)}) ${name.slice(3)}`,
    );
    yield* tool.write(`${names.join("\n")}\n`);
    return 0;
  }
  const isProbe = args[0] === "-0";
  const { signal, rest } = isProbe
    ? { signal: "SIGCONT" as const, rest: args.slice(1) }
    : signalIn(args);
  if (!signal) return tool.fail(`bad signal name '${args[0]?.slice(1)}'`);
  let status = 0;
  for (const pid of rest)
    if (!tool.process.processes.signal(Number(pid), signal)) {
      tool.complain(
        tool.isBusybox ? `can't kill pid ${pid}: No such process` : `(${pid}): No such process`,
      );
      status = 1;
    }
  return status;
}

function named(tool: Tool, name: string): readonly ProcessInfo[] {
  return tool.process.processes
    .list()
    .filter(
      ({ argv, pid }) => (argv[0] ?? "").replace(/^.*\//, "") === name && pid !== tool.process.pid,
    );
}

function* pidof(tool: Tool, names: readonly string[]): Steps<number> {
  const pids = names.flatMap((name) => named(tool, name).map(({ pid }) => pid)).reverse();
  if (pids.length === 0) return 1;
  yield* tool.write(`${pids.join(" ")}\n`);
  return 0;
}

function matching(tool: Tool, args: readonly string[]): readonly ProcessInfo[] {
  const isWhole = args.some((arg) => /^-[a-z]*f/.test(arg));
  const pattern = args.filter((arg) => !arg.startsWith("-")).at(-1) ?? "";
  return tool.process.processes
    .list()
    .filter((info) => info.pid !== tool.process.pid)
    .filter((info) => (isWhole ? commandOf(info) : (info.argv[0] ?? "")).includes(pattern));
}

function* pgrep(tool: Tool, args: readonly string[]): Steps<number> {
  const found = matching(tool, args);
  yield* tool.write(found.map(({ pid }) => `${pid}\n`).join(""));
  return found.length > 0 ? 0 : 1;
}

function pkill(tool: Tool, args: readonly string[]): number {
  const { signal = "SIGTERM", rest } = signalIn(args.filter((arg) => arg !== "-f"));
  const found = matching(tool, [...rest, ...args.filter((arg) => arg === "-f")]);
  for (const { pid } of found) tool.process.processes.signal(pid, signal);
  return found.length > 0 ? 0 : 1;
}

function* xargs(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "0rtpn:s:I:i:L:P:d:E:", {
    usage: "[OPTIONS] [PROG ARGS]",
    stopsAtOperand: true,
    long: { null: "0", "no-run-if-empty": "r", "max-args=": "n", "max-procs=": "P" },
  });
  const text = textOf(yield* tool.readAll("-"));
  const place = options.get("I") ?? options.get("i");
  const delimiter = options.has("0") ? "\0" : options.get("d");
  const items = itemsOf(text, delimiter, place !== undefined || options.has("L"));
  const command = operands.length > 0 ? operands : ["echo"];
  const size =
    place === undefined ? Number(options.get("n") ?? options.get("L") ?? items.length) : 1;
  if (items.length === 0 && (options.has("r") || place !== undefined)) return 0;
  let status = 0;
  for (let at = 0; at < Math.max(items.length, 1); at += Math.max(size, 1)) {
    const batch = items.slice(at, at + Math.max(size, 1));
    const argv =
      place === undefined
        ? [...command, ...batch]
        : command.map((word) => word.replaceAll(place, batch[0] ?? ""));
    if (options.has("t")) tool.process.stderr.write(`${argv.join(" ")}\n`);
    const code = yield* runProgram(tool, argv);
    if (code === 255) return 124;
    if (code !== 0) status = 123;
    yield* tool.pace.step();
  }
  return status;
}

/** Words with quotes and backslashes, or pieces between delimiters, or lines. */
function itemsOf(
  text: string,
  delimiter: string | undefined,
  isByLine: boolean,
): readonly string[] {
  if (delimiter !== undefined)
    return text
      .split(delimiter.replace("\\n", "\n").replace("\\t", "\t"))
      .filter((item, i, all) => item !== "" || i < all.length - 1);
  if (isByLine)
    return text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  const words = text.match(/(?:"[^"\n]*"|'[^'\n]*'|\\[\s\S]|[^\s"'\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'|\\([\s\S])/g, (_whole, a = "", b = "", c = "") => a + b + c),
  );
}

function* watch(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "n:td", {
    usage: "[-n SEC] [-t] PROG ARGS",
    stopsAtOperand: true,
  });
  const every = (spanOf(options.get("n") ?? "2") ?? 2 * second) || second;
  for (;;) {
    if (!options.has("t"))
      yield* tool.write(
        `\x1b[H\x1b[JEvery ${(every / second).toFixed(1)}s: ${operands.join(" ")}\n\n`,
      );
    yield* runProgram(tool, ["sh", "-c", operands.join(" ")]);
    yield pause(every, "watch");
  }
}
