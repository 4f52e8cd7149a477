// Cron schedules as the server checks them, in its words. Source: robfig/cron v3 ParseStandard.

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const weekdays = "sun mon tue wed thu fri sat".split(" ");
const fields: readonly Bounds[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: weekdays },
];
const descriptors = [
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
];
const every = "@every ";

/** What is wrong with a schedule; undefined if nothing is. */
export function scheduleError(schedule: string): string | undefined {
  if (schedule === "") return "empty spec string";
  const zone = /^(?:TZ|CRON_TZ)=(\S*)\s*(.*)$/s.exec(schedule);
  const rest = zone ? (zone[2] ?? "").trim() : schedule;
  if (rest.startsWith("@")) return descriptorError(rest);
  const parts = rest.split(/\s+/).filter((part) => part !== "");
  if (parts.length !== fields.length)
    return `expected exactly ${fields.length} fields, found ${parts.length}: [${parts.join(" ")}]`;
  for (const [i, bounds] of fields.entries()) {
    const error = fieldError(parts[i] ?? "", bounds);
    if (error !== undefined) return error;
  }
  return undefined;
}

function descriptorError(descriptor: string): string | undefined {
  if (descriptors.includes(descriptor)) return undefined;
  if (!descriptor.startsWith(every)) return `unrecognized descriptor: ${descriptor}`;
  const error = durationError(descriptor.slice(every.length));
  return error === undefined ? undefined : `failed to parse duration ${descriptor}: ${error}`;
}

/** Source: Go's time.ParseDuration. */
function durationError(text: string): string | undefined {
  const quoted = JSON.stringify(text);
  const unsigned = text.replace(/^[+-]/, "");
  if (unsigned === "0") return undefined;
  if (unsigned === "") return `time: invalid duration ${quoted}`;
  let rest = unsigned;
  while (rest !== "") {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return `time: invalid duration ${quoted}`;
    rest = rest.slice(number.length);
    const unit = /^[^\d.]*/.exec(rest)?.[0] ?? "";
    if (unit === "") return `time: missing unit in duration ${quoted}`;
    if (!["ns", "us", "µs", "μs", "ms", "s", "m", "h"].includes(unit))
      return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`;
    rest = rest.slice(unit.length);
  }
  return undefined;
}

function fieldError(field: string, bounds: Bounds): string | undefined {
  for (const range of field.split(",").filter((part) => part !== "")) {
    const error = rangeError(range, bounds);
    if (error !== undefined) return error;
  }
  return undefined;
}

function rangeError(text: string, bounds: Bounds): string | undefined {
  const [range = "", ...steps] = text.split("/");
  const [low = "", ...highs] = range.split("-");
  let [start, end] = [bounds.min, bounds.max];
  if (low !== "*" && low !== "?") {
    const first = parseIntOrName(low, bounds.names);
    if (typeof first === "string") return first;
    if (highs.length > 1) return `too many hyphens: ${text}`;
    const last = highs.length === 0 ? first : parseIntOrName(highs[0] ?? "", bounds.names);
    if (typeof last === "string") return last;
    [start, end] = [first, last];
  }
  if (steps.length > 1) return `too many slashes: ${text}`;
  const step = steps.length === 0 ? 1 : parseNumber(steps[0] ?? "");
  if (typeof step === "string") return step;
  if (steps.length === 1 && highs.length === 0) end = bounds.max;
  return boundsError(text, start, end, bounds) ?? stepError(text, step);
}

function stepError(text: string, step: number): string | undefined {
  return step === 0 ? `step of range should be a positive number: ${text}` : undefined;
}

function boundsError(text: string, start: number, end: number, bounds: Bounds): string | undefined {
  if (start < bounds.min)
    return `beginning of range (${start}) below minimum (${bounds.min}): ${text}`;
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  return undefined;
}

function parseIntOrName(text: string, names: readonly string[]): number | string {
  const position = names.indexOf(text.toLowerCase());
  if (position < 0) return parseNumber(text);
  return names === months ? position + 1 : position;
}

function parseNumber(text: string): number | string {
  if (!/^[+-]?\d+$/.test(text))
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}
