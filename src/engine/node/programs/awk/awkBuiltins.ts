// The functions that awk brings along.
import type { Steps } from "../../steps.ts";
import type { Regex } from "../regex/regex.ts";
import { formatPrintf } from "./awkPrintf.ts";
import type { AwkIo } from "./awkRun.ts";
import { AwkError, type Expression, type Target } from "./awkSyntax.ts";
import { type AwkValue, inputValue, numberOf } from "./awkValue.ts";

/** What the functions need of the run. */
export interface BuiltinWorld {
  evaluate(expression: Expression): Steps<AwkValue>;
  text(value: AwkValue): string;
  pattern(expression: Expression): Steps<Regex>;
  array(name: string): Map<string, AwkValue>;
  isArray(name: string): boolean;
  store(target: Target, value: AwkValue): Steps;
  set(name: string, value: AwkValue): void;
  separator(): string;
  record(): string;
  split(text: string, separator: string): readonly string[];
  readonly io: AwkIo;
}

type Builtin = (args: readonly Expression[], world: BuiltinWorld) => Steps<AwkValue>;

export function isBuiltin(name: string): boolean {
  return Object.hasOwn(builtins, name);
}

export function callBuiltin(
  name: string,
  args: readonly Expression[],
  world: BuiltinWorld,
): Steps<AwkValue> {
  const builtin = builtins[name];
  if (!builtin) throw new AwkError("Call to undefined function");
  return builtin(args, world);
}

/** A function of numbers. */
const numeric = (calculate: (...values: number[]) => number): Builtin =>
  function* (args, { evaluate }) {
    const values: number[] = [];
    for (const arg of args) values.push(numberOf(yield* evaluate(arg)));
    return calculate(...values);
  };

function* textAt(
  args: readonly Expression[],
  index: number,
  { evaluate, text, record }: BuiltinWorld,
): Steps<string> {
  const arg = args[index];
  return arg ? text(yield* evaluate(arg)) : record();
}

function* numberAt(
  args: readonly Expression[],
  index: number,
  { evaluate }: BuiltinWorld,
): Steps<number | undefined> {
  const arg = args[index];
  return arg && numberOf(yield* evaluate(arg));
}

const bitwise = (operate: (a: bigint, b: bigint) => bigint): Builtin =>
  numeric((a = 0, b = 0) => Number(operate(BigInt(Math.trunc(a)), BigInt(Math.trunc(b)))));

const builtins: Readonly<Record<string, Builtin>> = {
  int: numeric((value = 0) => Math.trunc(value)),
  sqrt: numeric((value = 0) => Math.sqrt(value)),
  exp: numeric((value = 0) => Math.exp(value)),
  log: numeric((value = 0) => Math.log(value)),
  sin: numeric((value = 0) => Math.sin(value)),
  cos: numeric((value = 0) => Math.cos(value)),
  atan2: numeric((y = 0, x = 0) => Math.atan2(y, x)),
  and: bitwise((a, b) => a & b),
  or: bitwise((a, b) => a | b),
  xor: bitwise((a, b) => a ^ b),
  lshift: bitwise((a, b) => a << b),
  rshift: bitwise((a, b) => a >> b),
  *rand(_args, { io }) {
    yield* io.step();
    return io.random();
  },
  srand: numeric(() => 0),
  *systime(_args, { io }) {
    yield* io.step();
    return Math.floor(io.now() / 1_000);
  },
  *length(args, world) {
    const [only] = args;
    if (only?.type === "variable" && world.isArray(only.name)) return world.array(only.name).size;
    return [...(yield* textAt(args, 0, world))].length;
  },
  *substr(args, world) {
    const characters = [...(yield* textAt(args, 0, world))];
    const start = Math.round((yield* numberAt(args, 1, world)) ?? 1);
    const length = yield* numberAt(args, 2, world);
    const end = length === undefined ? characters.length + 1 : start + Math.round(length);
    return characters.slice(Math.max(start - 1, 0), Math.max(end - 1, 0)).join("");
  },
  *index(args, world) {
    return (yield* textAt(args, 0, world)).indexOf(yield* textAt(args, 1, world)) + 1;
  },
  *toupper(args, world) {
    return (yield* textAt(args, 0, world)).toUpperCase();
  },
  *tolower(args, world) {
    return (yield* textAt(args, 0, world)).toLowerCase();
  },
  *sprintf(args, { evaluate, text }) {
    const values: AwkValue[] = [];
    for (const arg of args) values.push(yield* evaluate(arg));
    return formatPrintf(text(values[0]), values.slice(1), text);
  },
  *match(args, world) {
    const text = yield* textAt(args, 0, world);
    const pattern = args[1];
    const found = pattern && (yield* world.pattern(pattern)).exec(text);
    world.set("RSTART", found ? found.start + 1 : 0);
    world.set("RLENGTH", found ? found.end - found.start : -1);
    return found ? found.start + 1 : 0;
  },
  *split(args, world) {
    const text = yield* textAt(args, 0, world);
    const [, array, separator] = args;
    if (array?.type !== "variable") throw new AwkError("split needs an array");
    const by =
      separator === undefined
        ? world.separator()
        : separator.type === "regex"
          ? regexSeparator(separator.pattern)
          : world.text(yield* world.evaluate(separator));
    const parts = world.split(text, by);
    const target = world.array(array.name);
    target.clear();
    for (const [i, part] of parts.entries()) target.set(String(i + 1), inputValue(part));
    return parts.length;
  },
  sub: (args, world) => substitute(args, world, false),
  gsub: (args, world) => substitute(args, world, true),
  *system(args, world) {
    return yield* world.io.system(yield* textAt(args, 0, world));
  },
  *close(args, world) {
    return yield* world.io.close(yield* textAt(args, 0, world));
  },
  *fflush(_args, { io }) {
    yield* io.step();
    return 0;
  },
};

/** A pattern of one character would be taken as itself. */
function regexSeparator(pattern: string): string {
  return pattern.length === 1 ? `(${pattern})` : pattern;
}

function* substitute(
  [patternArg, byArg, targetArg]: readonly Expression[],
  world: BuiltinWorld,
  isEach: boolean,
): Steps<AwkValue> {
  if (!patternArg || !byArg) throw new AwkError("Too few arguments");
  const regex = yield* world.pattern(patternArg);
  const by = world.text(yield* world.evaluate(byArg));
  const target = targetArg ?? ({ type: "field", index: { type: "number", value: 0 } } as const);
  const text = world.text(yield* world.evaluate(target));
  const { result, count } = replaced(text, regex, by, isEach);
  const isTarget =
    target.type === "variable" || target.type === "field" || target.type === "element";
  if (count > 0 && isTarget) yield* world.store(target, result);
  return count;
}

function replaced(
  text: string,
  regex: Regex,
  by: string,
  isEach: boolean,
): { readonly result: string; readonly count: number } {
  let result = "";
  let at = 0;
  let count = 0;
  for (let from = 0; from <= text.length; ) {
    const match = regex.exec(text, from);
    if (!match) break;
    const isEmpty = match.end === match.start;
    if (!(isEmpty && match.start === at && count > 0 && at > 0)) {
      result +=
        text.slice(at, match.start) +
        by.replace(/\\\\|\\&|&/g, (one) => (one === "&" ? (match.groups[0] ?? "") : one.slice(1)));
      at = match.end;
      count++;
      if (!isEach) break;
    }
    from = isEmpty ? match.end + 1 : match.end;
  }
  return { result: result + text.slice(at), count };
}
