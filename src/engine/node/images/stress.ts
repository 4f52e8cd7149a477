// stress: keeps cores busy and takes memory, as it is told. Source: stress 1.0.4 stress.c.
import { second } from "../../../base/time.ts";
import type { Executable, ProcessContext } from "../process/process.ts";
import { untilSignal } from "../process/untilSignal.ts";
import { pause } from "../steps.ts";
import type { Usage } from "../usage.ts";

const mebi = 2 ** 20;
const defaultVmBytes = 256 * mebi;
/** How long it takes to touch so much memory that a limit is hit. Ours. */
const growMs = 400;

export const stress: Executable = function* (process) {
  const args = process.argv.slice(1);
  const count = (long: string, short: string): number => Number(valueAfter(args, long, short) ?? 0);
  const [cpu, io, vm, hdd] = [
    count("--cpu", "-c"),
    count("--io", "-i"),
    count("--vm", "-m"),
    count("--hdd", "-d"),
  ];
  if (cpu + io + vm + hdd === 0) {
    process.stdout.write(
      "`stress' imposes certain types of compute stress on your system\n\nUsage: stress [OPTION [ARG]] ...\n",
    );
    return args.length === 0 || args.includes("--help") ? 0 : 1;
  }
  say(process, "info", `dispatching hogs: ${cpu} cpu, ${io} io, ${vm} vm, ${hdd} hdd`);
  const vmBytes = bytesOf(valueAfter(args, "--vm-bytes") ?? String(defaultVmBytes));
  yield pause(growMs, "stress takes memory");
  const usage: Usage = {
    cpuMillis: 1_000 * (cpu + io + vm + hdd),
    memoryBytes: mebi + vm * vmBytes,
  };
  process.use(usage);
  const timeout = valueAfter(args, "--timeout", "-t");
  if (timeout === undefined) {
    yield* untilSignal(process, []);
    return 0;
  }
  yield pause(spanOf(timeout), "stress runs");
  say(process, "info", `successful run completed in ${Math.round(spanOf(timeout) / second)}s`);
  return 0;
};

function say(process: ProcessContext, level: string, text: string): void {
  process.stdout.write(`stress: ${level}: [${process.pid}] ${text}\n`);
}

function valueAfter(args: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, arg] of args.entries()) {
    const [name = "", value] = arg.split("=");
    if (names.includes(name)) return value ?? args[i + 1];
  }
  return undefined;
}

const byteUnits: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: mebi, G: 2 ** 30 };

function bytesOf(text: string): number {
  const [, amount = "0", unit = "B"] = /^(\d+)([BKMG])?/i.exec(text) ?? [];
  return Number(amount) * (byteUnits[unit.toUpperCase()] ?? 1);
}

const timeUnits: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function spanOf(text: string): number {
  const [, amount = "0", unit = "s"] = /^(\d+)([smhd])?/.exec(text) ?? [];
  return Number(amount) * (timeUnits[unit] ?? 1) * second;
}
