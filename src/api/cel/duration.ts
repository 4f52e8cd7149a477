// Spans of time as Go reads and prints them, in nanoseconds. Source: Go's time package.

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const maxNanos = 2n ** 63n - 1n;

/** Reads "1h30m", "-1.5s", "0"; undefined if the text is no duration or is too long. */
export function parseGoDuration(text: string): bigint | undefined {
  const [, sign = "", amount = ""] = /^([+-]?)(.*)$/s.exec(text) ?? [];
  if (amount === "0") return 0n;
  const part = /(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/y;
  let nanos = 0n;
  let at = 0;
  while (at < amount.length) {
    part.lastIndex = at;
    const match = part.exec(amount);
    const [whole = "", digits = "", fraction = "", unit = ""] = match ?? [];
    if (!match || (digits === "" && fraction === "")) return undefined;
    const scale = units[unit] ?? 0n;
    nanos += BigInt(digits === "" ? 0 : digits) * scale;
    if (fraction !== "") nanos += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
    at += whole.length;
  }
  if (at === 0 || nanos > maxNanos) return undefined;
  return sign === "-" ? -nanos : nanos;
}

/** Seconds as CEL prints them: "5400s", "1.5s". */
export function durationText(nanos: bigint): string {
  const magnitude = nanos < 0n ? -nanos : nanos;
  const fraction = String(magnitude % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  const whole = `${nanos < 0n ? "-" : ""}${magnitude / 1_000_000_000n}`;
  return `${whole}${fraction === "" ? "" : `.${fraction}`}s`;
}
