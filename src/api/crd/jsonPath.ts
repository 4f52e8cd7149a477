// The JSONPath of printer columns: fields, indices, slices, wildcards, filters, recursive descent.
// Source: k8s.io/client-go/util/jsonpath, kubernetes v1.34.
import { isJsonObject } from "./jsonSchema.ts";

/** Finds the values at a path; what is missing is no value. */
export type JsonPath = (root: unknown) => readonly unknown[];

type Step = (values: readonly unknown[]) => readonly unknown[];

/** @returns undefined for a text that is no path, e.g. with brackets left open */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps = new PathReader(text).read();
  return steps && ((root) => follow(steps, [root]));
}

function follow(steps: readonly Step[], values: readonly unknown[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>((found, step) => step(found), values);
}

class PathReader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** The whole text as steps. */
  read(): readonly Step[] | undefined {
    const steps: Step[] = [];
    while (this.at < this.text.length) {
      const step = this.readStep();
      if (!step) return undefined;
      steps.push(step);
    }
    return steps;
  }

  private readStep(): Step | undefined {
    if (this.take("$") || this.take("@")) return (values) => values;
    if (this.take("..")) {
      const name = this.readName();
      return name === "" ? descend : (values) => field(name)(descend(values));
    }
    if (this.text[this.at] === "[") return this.readBrackets();
    if (!this.take(".") && this.at > 0) return undefined;
    if (this.text[this.at] === "[") return this.readBrackets();
    const name = this.readName();
    if (name === "*") return children;
    return name === "" ? (values) => values : field(name);
  }

  /** Up to the next delimiter; a backslash takes the one after it as it is. */
  private readName(): string {
    const [raw = ""] = /^(?:\\.|[^.[\]\\])*/s.exec(this.text.slice(this.at)) ?? [];
    this.at += raw.length;
    return raw.replace(/\\(.)/gs, "$1");
  }

  private readBrackets(): Step | undefined {
    const end = closingBracket(this.text, this.at);
    if (end < 0) return undefined;
    const inner = this.text.slice(this.at + 1, end).trim();
    this.at = end + 1;
    return bracketStep(inner);
  }

  private take(token: string): boolean {
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }
}

/** Where the bracket at `from` is closed, quotes and inner brackets aside; -1 if nowhere. */
function closingBracket(text: string, from: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let i = from; i < text.length; i++) {
    const character = text[i];
    if (character === "\\") i++;
    else if (quote !== undefined) {
      if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === "[") depth++;
    else if (character === "]" && --depth === 0) return i;
  }
  return -1;
}

function bracketStep(inner: string): Step | undefined {
  if (inner === "*") return children;
  const filter = /^\?\((.*)\)$/s.exec(inner)?.[1];
  if (filter !== undefined) return filterStep(filter);
  const names = inner.match(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/gs);
  if (names?.join(",") === inner.replace(/\s*,\s*/g, ",")) {
    const fields = names.map((name) => field(unquote(name)));
    return (values) => fields.flatMap((step) => step(values));
  }
  const parts = inner.split(",").map((part) => sliceStep(part.trim()));
  if (parts.some((part) => part === undefined)) return undefined;
  return (values) => parts.flatMap((part) => part?.(values) ?? []);
}

/** "1", "-1", "0:3", "::2". */
function sliceStep(text: string): Step | undefined {
  const match = /^(-?\d*)(?:(:)(-?\d*)(?::(-?\d*))?)?$/.exec(text);
  if (!match || text === "") return undefined;
  const [, first = "", colon, second = "", third = ""] = match;
  if (first === "" && colon === undefined) return undefined;
  const at = (digits: string, otherwise: number, length: number): number => {
    const number = digits === "" ? otherwise : Number(digits);
    return number < 0 ? number + length : number;
  };
  return (values) =>
    values.flatMap((list): readonly unknown[] => {
      if (!Array.isArray(list)) return [];
      const start = at(first, 0, list.length);
      if (colon === undefined) return start >= 0 && start < list.length ? [list[start]] : [];
      const end = at(second, list.length, list.length);
      const stride = third === "" ? 1 : Number(third);
      if (stride <= 0) return [];
      return list.slice(Math.max(start, 0), Math.max(end, 0)).filter((_, i) => i % stride === 0);
    });
}

const comparison = /^(.*?)\s*(==|!=|<=|>=|<|>)\s*(.*)$/s;

/** `@.type=="Ready"`, or a path whose presence is asked for. */
function filterStep(text: string): Step | undefined {
  const [, leftText = text, operator, rightText = ""] = comparison.exec(text) ?? [];
  const left = operand(leftText.trim());
  const right = operator === undefined ? undefined : operand(rightText.trim());
  if (!left || (operator !== undefined && !right)) return undefined;
  return (values) =>
    values.flatMap((list) => {
      const items = Array.isArray(list) ? list : [];
      return items.filter((item) => {
        const [a] = left(item);
        if (operator === undefined) return a !== undefined;
        const [b] = right?.(item) ?? [];
        return a !== undefined && b !== undefined && compare(a, operator, b);
      });
    });
}

function operand(text: string): JsonPath | undefined {
  if (/^(['"]).*\1$/s.test(text)) {
    const value = unquote(text);
    return () => [value];
  }
  if (text === "true" || text === "false") return () => [text === "true"];
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return () => [Number(text)];
  return text.startsWith("@") || text.startsWith("$") ? parseJsonPath(text) : undefined;
}

function compare(a: unknown, operator: string, b: unknown): boolean {
  if (operator === "==") return a === b;
  if (operator === "!=") return a !== b;
  if (typeof a !== typeof b || (typeof a !== "number" && typeof a !== "string")) return false;
  const [left, right] = [a, b as typeof a];
  if (operator === "<") return left < right;
  if (operator === ">") return left > right;
  return operator === "<=" ? left <= right : left >= right;
}

function field(name: string): Step {
  return (values) =>
    values.flatMap((value) =>
      isJsonObject(value) && Object.hasOwn(value, name) ? [value[name]] : [],
    );
}

function children(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value) => {
    if (Array.isArray(value)) return value;
    if (!isJsonObject(value)) return [];
    return Object.keys(value)
      .sort()
      .map((name) => value[name]);
  });
}

/** The values and all within them. */
function descend(values: readonly unknown[]): readonly unknown[] {
  return values.flatMap((value) => {
    const inner = children([value]);
    return [value, ...(inner.length > 0 ? descend(inner) : [])];
  });
}

function unquote(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/gs, "$1");
}
