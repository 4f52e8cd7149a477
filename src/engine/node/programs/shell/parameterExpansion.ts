// ${...}: defaults, lengths, parts cut off; and what bash adds to that.
// Source: POSIX, Shell Command Language, 2.6.2.
import type { ParameterExpansionPart, ParameterOperation, Word } from "unbash";
import type { Steps } from "../../steps.ts";
import { ShellError } from "./control.ts";
import { words } from "./dialect.ts";
import type { Pattern } from "./pattern.ts";
import { joiner, type Shell } from "./shell.ts";

/** How the words within are expanded. */
export interface OperandExpansion {
  text(word: Word): Steps<string>;
  pattern(word: Word): Steps<Pattern>;
  arithmetic(text: string): Steps<bigint>;
}

export type ExpandedParameter =
  | { readonly value: string }
  /** One field each, within quotes too. */
  | { readonly elements: readonly string[] }
  /** The operand stands for it, expanded as it stands there. */
  | { readonly word: Word };

export function* expandParameter(
  shell: Shell,
  part: ParameterExpansionPart,
  expand: OperandExpansion,
): Steps<ExpandedParameter> {
  const { parameter: name, prefix, operation } = part;
  const index = part.index && (yield* expand.text(part.index));
  const list = listOf(shell, name, index);
  if (prefix === "#") {
    const value = list ? list.length : [...(yield* scalar(shell, name, index, expand))].length;
    return { value: String(value) };
  }
  const wanted = prefix === "!" ? (shell.parameter(name) ?? "") : name;
  if (operation?.type === "Default")
    return yield* withDefault(shell, wanted, index, operation, expand);
  if (list && (!operation || index !== undefined)) return { elements: list };
  const value = yield* scalar(shell, wanted, index, expand);
  if (!operation) return { value };
  if (operation.type === "Slice" && name === "@")
    return { elements: yield* sliceOf(shell.positional, operation, expand, 1) };
  return { value: yield* operate(shell, value, operation, expand) };
}

/** All elements, where ${a[@]} or ${a[*]} asks for them. */
function listOf(
  shell: Shell,
  name: string,
  index: string | undefined,
): readonly string[] | undefined {
  if (name === "@" || name === "*") return shell.positional;
  if (index !== "@" && index !== "*") return undefined;
  const variable = shell.variables.find(name);
  const elements = variable?.elements ?? (variable?.value === undefined ? [] : [variable.value]);
  return index === "*" ? [elements.join(joiner(shell))] : elements;
}

function* scalar(
  shell: Shell,
  name: string,
  index: string | undefined,
  expand: OperandExpansion,
): Steps<string> {
  const value =
    index === undefined ? shell.parameter(name) : yield* element(shell, name, index, expand);
  if (value === undefined && shell.options.has("nounset"))
    throw new ShellError(words.unset(shell.dialect, name), shell.isBash ? 127 : 2);
  return value ?? "";
}

function* element(
  shell: Shell,
  name: string,
  index: string,
  expand: OperandExpansion,
): Steps<string | undefined> {
  const elements = shell.variables.find(name)?.elements ?? [shell.variables.get(name) ?? ""];
  return elements.at(Number(yield* expand.arithmetic(index)));
}

function* withDefault(
  shell: Shell,
  name: string,
  index: string | undefined,
  { operator, operand }: Extract<ParameterOperation, { type: "Default" }>,
  expand: OperandExpansion,
): Steps<ExpandedParameter> {
  const value =
    index === undefined
      ? shell.parameter(name)
      : (listOf(shell, name, index)?.join(" ") ?? (yield* element(shell, name, index, expand)));
  const isNullMeant = operator.startsWith(":");
  const isSet = value !== undefined && !(isNullMeant && value === "");
  switch (operator.slice(-1)) {
    case "-":
      return isSet ? given(shell, name, value) : { word: operand };
    case "+":
      return isSet ? { word: operand } : { value: "" };
    case "=": {
      if (isSet) return { value };
      const text = yield* expand.text(operand);
      shell.assign(name, text);
      return { value: text };
    }
    default: {
      if (isSet) return { value };
      const said = yield* expand.text(operand);
      const message = said === "" ? words.unsetOrNull(shell.dialect, isNullMeant) : said;
      throw new ShellError(`${name}: ${message}`, shell.isBash ? 127 : 2);
    }
  }
}

function given(shell: Shell, name: string, value: string): ExpandedParameter {
  return name === "@" ? { elements: shell.positional } : { value };
}

function* operate(
  shell: Shell,
  value: string,
  operation: Exclude<ParameterOperation, { type: "Default" }>,
  expand: OperandExpansion,
): Steps<string> {
  if (operation.type === "Remove") {
    const pattern = yield* expand.pattern(operation.operand);
    const isLongest = operation.operator.length === 2;
    return operation.operator.startsWith("#")
      ? pattern.withoutPrefix(value, isLongest)
      : pattern.withoutSuffix(value, isLongest);
  }
  // The rest is bash's, of which busybox has two.
  const isInAsh = operation.type === "Replace" || operation.type === "Slice";
  if (shell.dialect === "dash" || !(shell.isBash || isInAsh)) throw badSubstitution(shell);
  switch (operation.type) {
    case "Replace":
      return yield* replacedIn(value, operation, expand);
    case "Slice":
      return (yield* sliceOf([...value], operation, expand, 0)).join("");
    case "CaseModification":
      return withCase(value, operation.operator);
    case "Transform":
      return transformed(shell, value, operation.operand.text);
    default:
      throw badSubstitution(shell);
  }
}

function* replacedIn(
  value: string,
  { operator, pattern: word, replacement }: Extract<ParameterOperation, { type: "Replace" }>,
  expand: OperandExpansion,
): Steps<string> {
  const pattern = yield* expand.pattern(word);
  const by = yield* expand.text(replacement);
  switch (operator) {
    case "/#": {
      const rest = pattern.withoutPrefix(value, true);
      return rest === value ? value : by + rest;
    }
    case "/%": {
      const rest = pattern.withoutSuffix(value, true);
      return rest === value ? value : rest + by;
    }
    default:
      return pattern.replaced(value, by, operator === "//");
  }
}

/** ${x@Q} and its like. */
function transformed(shell: Shell, value: string, letter: string): string {
  switch (letter) {
    case "Q":
      return `'${value.replaceAll("'", "'\\''")}'`;
    case "U":
      return value.toUpperCase();
    case "L":
      return value.toLowerCase();
    case "u":
      return withCase(value, "^");
    default:
      throw badSubstitution(shell);
  }
}

function badSubstitution(shell: Shell): ShellError {
  return new ShellError(shell.dialect === "dash" ? "Bad substitution" : "bad substitution", 2);
}

function withCase(value: string, operator: "^" | "^^" | "," | ",,"): string {
  const changed = (text: string) =>
    operator.startsWith("^") ? text.toUpperCase() : text.toLowerCase();
  if (operator.length === 2) return changed(value);
  const [first = "", ...rest] = [...value];
  return changed(first) + rest.join("");
}

/** @param base the number of the first item: parameters count from 1 */
function* sliceOf<Item>(
  items: readonly Item[],
  { offset, length }: Extract<ParameterOperation, { type: "Slice" }>,
  expand: OperandExpansion,
  base: number,
): Steps<readonly Item[]> {
  const from = Number(yield* expand.arithmetic(yield* expand.text(offset)));
  const start = from < 0 ? Math.max(items.length + from, 0) : Math.max(from - base, 0);
  if (!length) return items.slice(start);
  const count = Number(yield* expand.arithmetic(yield* expand.text(length)));
  return count < 0 ? items.slice(start, count) : items.slice(start, start + count);
}
