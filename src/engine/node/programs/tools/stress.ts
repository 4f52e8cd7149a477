// stress, as the images of resource examples have it: workers that use processors and memory.
// Source: stress 1.0.4.
import { second } from "../../../../base/time.ts";
import { pause, type Steps } from "../../steps.ts";
import { sizeOf } from "./fileTools.ts";
import type { Tool } from "./tool.ts";

const workersOf = { c: "cpu", i: "io", m: "vm", d: "hdd" } as const;
const defaultVmBytes = 256 << 20;

export function* stress(tool: Tool, args: readonly string[]): Steps<number> {
  const { options } = tool.options(args, "c:i:m:d:t:qvn", {
    usage: "[OPTION [ARG]] ...",
    long: {
      "cpu=": "c",
      "io=": "i",
      "vm=": "m",
      "hdd=": "d",
      "timeout=": "t",
      "vm-bytes=": "b",
      "vm-hang=": "h",
      "vm-keep": "k",
      quiet: "q",
      verbose: "v",
    },
  });
  const counts = Object.entries(workersOf).map(
    ([letter, name]) => [name, Number(options.get(letter) ?? 0)] as const,
  );
  const count = Object.fromEntries(counts) as Record<
    (typeof workersOf)[keyof typeof workersOf],
    number
  >;
  const pid = tool.process.pid;
  const hogs = counts.map(([name, number]) => `${number} ${name}`).join(", ");
  if (!options.has("q")) yield* tool.write(`stress: info: [${pid}] dispatching hogs: ${hogs}\n`);
  tool.process.use({
    cpuMillis: 1_000 * (count.cpu + count.vm) + 100 * (count.io + count.hdd),
    memoryBytes: count.vm * (sizeOf(options.get("b") ?? "") || defaultVmBytes),
  });
  const limit = sizeInSeconds(options.get("t"));
  if (limit === undefined) for (;;) yield pause(3_600 * second, "stress");
  yield pause(limit, "stress");
  if (!options.has("q"))
    yield* tool.write(
      `stress: info: [${pid}] successful run completed in ${Math.round(limit / second)}s\n`,
    );
  return 0;
}

const units: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };

function sizeInSeconds(text: string | undefined): number | undefined {
  const [, amount, unit = ""] = /^(\d+)([smhd]?)$/.exec(text ?? "") ?? [];
  return amount === undefined ? undefined : Number(amount) * (units[unit] ?? 1) * second;
}
