// Go's durations as text: "1h30m", "1.5s". Source: Go time.ParseDuration.
import { hour, type Millis, minute, second } from "../../../base/time.ts";

const units: Readonly<Record<string, Millis>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: second,
  m: minute,
  h: hour,
};

/** Of a text that is known to be one. */
export function parseGoDuration(text: string): Millis {
  const sign = text.startsWith("-") ? -1 : 1;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d+\.?\d*|\.\d+)([a-zµμ]+)/g))
    sum += Number(number) * (units[unit ?? ""] ?? 0);
  return sign * sum;
}
