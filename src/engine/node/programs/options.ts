// Options of commands, as getopt(3) reads them: clusters, values, "--"; GNU's long names too.

export interface ParsedOptions {
  /** By letter, or by long name; "" for those without a value, the last one wins. */
  readonly options: ReadonlyMap<string, string>;
  /** All values of each option, in order. */
  readonly all: ReadonlyMap<string, readonly string[]>;
  readonly operands: readonly string[];
}

export interface InvalidOption {
  readonly invalid: string;
  readonly reason: "unknown" | "noValue";
}

export interface OptionRules {
  /** Long names; with "=" at the end they have a value: {"no-check": "k", "timeout=": "T"}. */
  readonly long?: Readonly<Record<string, string>>;
  /** Options end at the first operand, as they do for `env` and `xargs`. */
  readonly stopsAtOperand?: boolean;
}

/** @param letters as getopt has them: "ab:" for -a and -b VALUE */
export function parseOptions(
  args: readonly string[],
  letters: string,
  { long = {}, stopsAtOperand = false }: OptionRules = {},
): ParsedOptions | InvalidOption {
  const all = new Map<string, string[]>();
  const operands: string[] = [];
  const add = (name: string, value: string) => all.set(name, [...(all.get(name) ?? []), value]);
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const rest = args.slice(at + 1);
    if (arg === "--") return parsed(all, [...operands, ...rest]);
    const isLong = arg.startsWith("--");
    if (!isLong && (arg === "-" || !arg.startsWith("-"))) {
      if (stopsAtOperand) return parsed(all, [...operands, arg, ...rest]);
      operands.push(arg);
      continue;
    }
    const taken = isLong
      ? readLong(arg, rest[0], long, add)
      : readCluster(arg, rest[0], letters, add);
    if (typeof taken !== "number") return taken;
    at += taken;
  }
  return parsed(all, operands);
}

function parsed(
  all: ReadonlyMap<string, readonly string[]>,
  operands: readonly string[],
): ParsedOptions {
  const options = new Map([...all].map(([name, values]) => [name, values.at(-1) ?? ""]));
  return { options, all, operands };
}

type Add = (name: string, value: string) => void;

/** @returns how many further arguments were taken */
function readCluster(
  arg: string,
  next: string | undefined,
  letters: string,
  add: Add,
): number | InvalidOption {
  for (let i = 1; i < arg.length; i++) {
    const letter = arg.charAt(i);
    const place = letter === ":" ? -1 : letters.indexOf(letter);
    if (place < 0) return { invalid: letter, reason: "unknown" };
    if (letters.charAt(place + 1) !== ":") {
      add(letter, "");
      continue;
    }
    const value = i + 1 < arg.length ? arg.slice(i + 1) : next;
    if (value === undefined) return { invalid: letter, reason: "noValue" };
    add(letter, value);
    return i + 1 < arg.length ? 0 : 1;
  }
  return 0;
}

function readLong(
  arg: string,
  next: string | undefined,
  long: Readonly<Record<string, string>>,
  add: Add,
): number | InvalidOption {
  const [, name = "", given] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
  const plain = Object.hasOwn(long, name) ? long[name] : undefined;
  const valued = Object.hasOwn(long, `${name}=`) ? long[`${name}=`] : undefined;
  if (plain !== undefined) add(plain, given ?? "");
  else if (valued === undefined) return { invalid: `-${name}`, reason: "unknown" };
  else if (given === undefined && next === undefined)
    return { invalid: `-${name}`, reason: "noValue" };
  else add(valued, given ?? next ?? "");
  return valued !== undefined && given === undefined ? 1 : 0;
}
