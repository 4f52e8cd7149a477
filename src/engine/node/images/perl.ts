// perl, as far as examples use it: digits of π, and one-liners that print a text.
import type { Executable } from "../process/process.ts";

/** What the Job of the documentation takes on one core. Ours: a typical value. */
const piMs = 4_000;
const digits =
  "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899862803482534211706798214808651328230664709384460955058223172535940812848111745028410270193852110555964462294895493038196";

export const perl: Executable = function* (process) {
  const code = process.argv.slice(1).join(" ");
  const wanted = /bpi\((\d+)\)/.exec(code)?.[1];
  if (wanted !== undefined) {
    yield* process.compute(piMs);
    process.stdout.write(digits.slice(0, Number(wanted) + 1));
    return 0;
  }
  yield* process.compute(20);
  const printed = /\bprint\s+["']([^"']*)["']/.exec(code)?.[1];
  if (printed !== undefined) process.stdout.write(printed.replaceAll("\\n", "\n"));
  return Number(/\bexit\s*\(?(\d+)/.exec(code)?.[1] ?? 0);
};
