// Programs that show bytes in other ways: base64, md5sum and its like, od, hexdump.
import { decodeBase64Bytes, encodeBase64Bytes } from "../../../../base/base64.ts";
import { sha256Bytes } from "../../../network/sha256.ts";
import type { Steps } from "../../steps.ts";
import { textOf } from "../bufferedSource.ts";
import { md5, sha1 } from "../digests.ts";
import { splitLines, type Tool, type ToolBody, type Tools } from "./tool.ts";

export const encodingTools = {
  base64,
  md5sum: digestTool(md5),
  sha1sum: digestTool(sha1),
  sha256sum: digestTool(sha256Bytes),
  od,
  hexdump,
} satisfies Tools;

const lineLength = 76;

function* base64(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "diw:", {
    usage: "[-d] [-w COL] [FILE]",
    long: { decode: "d", "wrap=": "w", "ignore-garbage": "i" },
  });
  const width = Number(options.get("w") ?? lineLength);
  return yield* tool.eachInput(operands.slice(0, 1), tool.named, function* (_source, name) {
    const bytes = yield* tool.readAll(name);
    if (options.has("d")) return yield* decode(tool, textOf(bytes).replace(/\s/g, ""));
    const text = encodeBase64Bytes(bytes);
    const lines = width === 0 ? [text] : (text.match(new RegExp(`.{1,${width}}`, "g")) ?? []);
    yield* tool.write(lines.join("\n") + (width === 0 ? "" : lines.length > 0 ? "\n" : ""));
  });
}

function* decode(tool: Tool, text: string): Steps {
  const valid = /^[A-Za-z0-9+/]*={0,2}/.exec(text)?.[0] ?? "";
  yield* tool.write(decodeBase64Bytes(valid));
  const isBroken = valid.length < text.length || valid.replace(/=+$/, "").length % 4 === 1;
  if (isBroken) tool.fail(tool.isBusybox ? "truncated input" : "invalid input");
}

function digestTool(digest: (bytes: Uint8Array) => Uint8Array): ToolBody {
  return function* (tool, args) {
    const { options, operands } = tool.options(args, "cswbt", { usage: "[-c[sw]] [FILE]..." });
    if (options.has("c")) return yield* checkDigests(tool, operands, digest);
    return yield* tool.eachInput(operands, tool.cannotOpen, function* (_source, name) {
      yield* tool.write(`${hex(digest(yield* tool.readAll(name)))}  ${name}\n`);
    });
  };
}

function* checkDigests(
  tool: Tool,
  lists: readonly string[],
  digest: (bytes: Uint8Array) => Uint8Array,
): Steps<number> {
  let failures = 0;
  const status = yield* tool.eachInput(lists, tool.cannotOpen, function* (_source, list) {
    for (const line of splitLines(yield* tool.readText(list))) {
      const [, wanted, name = ""] = /^([0-9a-f]+) [ *](.*)$/i.exec(line) ?? [];
      const isRight =
        tool.stat(name)?.kind === "file" && hex(digest(yield* tool.readAll(name))) === wanted;
      if (!isRight) failures++;
      yield* tool.write(`${name}: ${isRight ? "OK" : "FAILED"}\n`);
    }
  });
  if (failures > 0)
    tool.complain(`WARNING: ${failures} of ${failures} computed checksums did NOT match`);
  return failures > 0 ? 1 : status;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const rowLength = 16;

function* od(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "abcdfhilovxA:t:N:j:w:", {
    usage: "[-abcdfhilovxs] [-t TYPE] [-A RADIX] [-N SIZE] [-j SKIP] [FILE]...",
  });
  const type =
    options.get("t") ??
    (options.has("c") ? "c" : options.has("x") ? "x2" : options.has("b") ? "o1" : "o2");
  const radix = options.get("A") ?? "o";
  const bytes = yield* tool.readAll(operands[0] ?? "-");
  const start = Number(options.get("j") ?? 0);
  const chosen = bytes.subarray(start, start + Number(options.get("N") ?? bytes.length));
  const address = (at: number) =>
    radix === "n" ? "" : at.toString(radix === "x" ? 16 : radix === "d" ? 10 : 8).padStart(7, "0");
  for (let at = 0; at < chosen.length; at += rowLength) {
    const row = chosen.subarray(at, at + rowLength);
    yield* tool.write(`${address(start + at)}${units(row, type)}\n`);
  }
  if (radix !== "n") yield* tool.write(`${address(start + chosen.length)}\n`);
  return 0;
}

/** One row in od's type: a letter and a size, e.g. "x1". */
function units(row: Uint8Array, type: string): string {
  if (type.startsWith("c")) return [...row].map((byte) => ` ${character(byte)}`).join("");
  const size = Number(type.slice(1) || 2);
  const base = type.startsWith("x") ? 16 : type.startsWith("o") ? 8 : 10;
  const width = base === 16 ? 2 * size : base === 8 ? Math.ceil((8 * size) / 3) : size * 3;
  let text = "";
  for (let at = 0; at < row.length; at += size) {
    const value = [...row.subarray(at, at + size)].reduce(
      (sum, byte, i) => sum + byte * 256 ** i,
      0,
    );
    const digits = value.toString(base);
    text += ` ${base === 10 ? digits.padStart(width) : digits.padStart(width, "0")}`;
  }
  return text;
}

const controls: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

function character(byte: number): string {
  const shown =
    controls[byte] ??
    (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0"));
  return shown.padStart(3);
}

function* hexdump(tool: Tool, args: readonly string[]): Steps<number> {
  const { options, operands } = tool.options(args, "bcCdovxn:s:e:", {
    usage: "[-bcdoxCv] [-n LEN] [FILE]...",
  });
  const all = yield* tool.readAll(operands[0] ?? "-");
  const bytes = all.subarray(0, Number(options.get("n") ?? all.length));
  const address = (at: number) => at.toString(16).padStart(options.has("C") ? 8 : 7, "0");
  for (let at = 0; at < bytes.length; at += rowLength) {
    const row = bytes.subarray(at, at + rowLength);
    yield* tool.write(`${address(at)}${options.has("C") ? canonical(row) : units(row, "x2")}\n`);
  }
  if (bytes.length > 0) yield* tool.write(`${address(bytes.length)}\n`);
  return 0;
}

function canonical(row: Uint8Array): string {
  const cells = [...row].map(
    (byte, i) => `${i === 8 ? " " : ""} ${byte.toString(16).padStart(2, "0")}`,
  );
  const text = [...row]
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
    .join("");
  return ` ${cells.join("").padEnd(3 * rowLength + 1)}  |${text}|`;
}
