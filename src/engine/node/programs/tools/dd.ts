// dd: copies blocks, and tells how many. Source: busybox coreutils/dd.c.
import { concatBytes } from "../../../../base/bytes.ts";
import { second } from "../../../../base/time.ts";
import { FileError } from "../../process/fileError.ts";
import { pause, type Steps } from "../../steps.ts";
import { largestFile, sizeOf } from "./fileTools.ts";
import type { Tool, Tools } from "./tool.ts";

export const ddTools = { dd } satisfies Tools;

/** What a node's disk writes in a second. */
const bytesPerSecond = 500_000_000;
const blockSize = 512;

interface Copy {
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly inputBlock: number;
  readonly outputBlock: number;
  readonly count: number;
  readonly skip: number;
  readonly seek: number;
  readonly conversions: readonly string[];
  readonly status: string | undefined;
}

function* dd(tool: Tool, args: readonly string[]): Steps<number> {
  const copy = readOperands(tool, args);
  const startedAt = tool.process.now();
  const isEndless = copy.count === Number.POSITIVE_INFINITY && endless.has(copy.input ?? "");
  // What people run to keep a processor busy.
  while (isEndless && copy.output === "/dev/null") yield* tool.process.compute(second);
  try {
    const bytes = yield* readBlocks(tool, copy);
    yield pause(Math.round((bytes.length / bytesPerSecond) * second), "dd copies");
    yield* writeBlocks(tool, copy, bytes);
    if (copy.status !== "none") report(tool, copy, bytes.length, tool.process.now() - startedAt);
    return 0;
  } catch (error) {
    if (!(error instanceof FileError) || error.code === "EPIPE") throw error;
    const name = error.path.endsWith(copy.input ?? "\0") ? copy.input : copy.output;
    const verb = tool.isBusybox ? "can't open" : "failed to open";
    tool.complain(`${verb} '${name}': ${error.message}`);
    return 1;
  }
}

const endless = new Set(["/dev/zero", "/dev/urandom", "/dev/random"]);

function readOperands(tool: Tool, args: readonly string[]): Copy {
  const given = new Map<string, string>();
  for (const arg of args) {
    const [, name, value] =
      /^(if|of|bs|ibs|obs|count|skip|seek|conv|status|iflag|oflag)=([\s\S]*)$/.exec(arg) ?? [];
    if (name === undefined || value === undefined)
      return tool.isBusybox
        ? tool.usage("[if=FILE] [of=FILE] [ibs=N obs=N/bs=N] [count=N] [skip=N] [seek=N]")
        : tool.fail(`unrecognized operand '${arg}'`);
    given.set(name, value);
  }
  const size = (name: string, absent: number) => {
    const text = given.get(name);
    return text === undefined ? absent : sizeOf(text);
  };
  const block = size("bs", blockSize);
  return {
    input: given.get("if"),
    output: given.get("of"),
    inputBlock: size("ibs", block),
    outputBlock: size("obs", block),
    count: size("count", Number.POSITIVE_INFINITY),
    skip: size("skip", 0),
    seek: size("seek", 0),
    conversions: (given.get("conv") ?? "").split(","),
    status: given.get("status"),
  };
}

function* readBlocks(tool: Tool, { input, count, inputBlock, skip }: Copy): Steps<Uint8Array> {
  const wanted = Math.min(count * inputBlock, largestFile);
  if (input === "/dev/zero") return new Uint8Array(wanted);
  if (input === "/dev/urandom" || input === "/dev/random")
    return Uint8Array.from({ length: wanted }, () => tool.process.random.below(256));
  const source = tool.open(input ?? "-");
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < wanted + skip * inputBlock) {
    const chunk = yield* source.read();
    if (!chunk) break;
    chunks.push(chunk);
    length += chunk.length;
  }
  return concatBytes(chunks).subarray(skip * inputBlock, skip * inputBlock + wanted);
}

function* writeBlocks(tool: Tool, copy: Copy, bytes: Uint8Array): Steps {
  const { output, seek, outputBlock, conversions } = copy;
  if (output === undefined) return yield* tool.write(bytes);
  const path = tool.path(output);
  const start = seek * outputBlock;
  const isPartial = start > 0 || conversions.includes("notrunc");
  const isFile = tool.stat(output)?.kind !== "device";
  if (!isPartial || !isFile) return tool.files.write(path, bytes);
  const old = tool.files.exists(path) ? tool.files.read(path) : new Uint8Array();
  const kept = conversions.includes("notrunc") ? old.length : Math.min(old.length, start);
  const whole = new Uint8Array(Math.max(kept, start + bytes.length));
  whole.set(old.subarray(0, kept));
  whole.set(bytes, start);
  tool.files.write(path, whole);
}

function report(
  tool: Tool,
  { inputBlock, outputBlock }: Copy,
  length: number,
  elapsed: number,
): void {
  const records = (block: number) => `${Math.floor(length / block)}+${length % block > 0 ? 1 : 0}`;
  const seconds = Math.max(elapsed, 1) / second;
  const rate = length / seconds;
  const lines = [`${records(inputBlock)} records in`, `${records(outputBlock)} records out`];
  if (tool.isBusybox)
    lines.push(
      `${length} bytes (${binarySize(length)}) copied, ${seconds.toFixed(6)} seconds, ${binarySize(rate)}/s`,
    );
  else {
    const sizes =
      length < 1_000
        ? ""
        : ` (${decimalSize(length)}${length < 1_024 ? "" : `, ${binaryName(length)}`})`;
    lines.push(
      `${length} bytes${sizes} copied, ${Number(seconds.toPrecision(6))} s, ${decimalSize(rate)}/s`,
    );
  }
  tool.process.stderr.write(`${lines.join("\n")}\n`);
}

/** "10.0MB", as busybox counts. */
function binarySize(size: number): string {
  const step = size < 1_024 ? 0 : Math.min(Math.floor(Math.log2(size) / 10), 4);
  return step === 0
    ? `${Math.round(size)}B`
    : `${(size / 1_024 ** step).toFixed(1)}${"KMGT".charAt(step - 1)}B`;
}

function decimalSize(size: number): string {
  const step = size < 1_000 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), 4);
  const value = size / 1_000 ** step;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${["", "k", "M", "G", "T"][step]}B`;
}

function binaryName(size: number): string {
  const step = Math.min(Math.floor(Math.log2(size) / 10), 4);
  const value = size / 1_024 ** step;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${"KMGT".charAt(step - 1)}iB`;
}
