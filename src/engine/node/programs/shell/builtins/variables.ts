// Builtins about variables: export, readonly, unset, local, declare, let.
import type { Steps } from "../../../steps.ts";
import { evaluateArithmetic } from "../arithmetic.ts";
import { Exit, ShellError } from "../control.ts";
import { words } from "../dialect.ts";
import type { Shell } from "../shell.ts";
import type { Variable } from "../variables.ts";
import type { Builtin } from "./builtin.ts";

export const variableBuiltins = {
  export: (shell, args) => markAll(shell, args, "export", "isExported"),
  readonly: (shell, args) => markAll(shell, args, "readonly", "isReadOnly"),
  unset: (shell, args) => runUnset(shell, args),
  local: (shell, args) => runLocal(shell, args),
  declare: (shell, args) => runDeclare(shell, args),
  typeset: (shell, args) => runDeclare(shell, args),
  let: (shell, args) => runLet(shell, args),
} satisfies Record<string, Builtin>;

const nameOf = /^([A-Za-z_]\w*)(?:(\+?)=([\s\S]*))?$/;

function markAll(
  shell: Shell,
  args: readonly string[],
  builtin: "export" | "readonly",
  mark: "isExported" | "isReadOnly",
): number | Steps<number> {
  const names = args.filter((arg) => !/^-[pnf]+$/.test(arg) && arg !== "--");
  if (names.length === 0) return listMarked(shell, builtin, mark);
  let status = 0;
  for (const arg of names) {
    if (!assignText(shell, arg, builtin)) status = 1;
    else shell.variables.mark(arg.replace(/\+?=[\s\S]*$/, ""), { [mark]: !args.includes("-n") });
  }
  return status;
}

function* listMarked(
  shell: Shell,
  builtin: "export" | "readonly",
  mark: "isExported" | "isReadOnly",
): Steps<number> {
  const flag = mark === "isExported" ? "x" : "r";
  const start = shell.isBash ? `declare -${flag}` : builtin;
  for (const [name, variable] of shell.variables.all())
    if (variable[mark]) yield* shell.out(`${start} ${name}${shownValue(shell, variable)}\n`);
  return 0;
}

function shownValue(shell: Shell, { value }: Variable): string {
  if (value === undefined) return "";
  return shell.isBash
    ? `="${value.replace(/["\\$`]/g, "\\$&")}"`
    : `='${value.replaceAll("'", `'"'"'`)}'`;
}

/** Assigns "name=value"; for a bare name there is nothing to do. @returns false for a bad name */
function assignText(shell: Shell, text: string, builtin: string): boolean {
  const [whole, name = "", plus, value] = nameOf.exec(text) ?? [];
  if (whole === undefined) {
    const message = words.badName(shell.dialect, text);
    if (!shell.isBash) throw new ShellError(message, 2, builtin);
    shell.complain(message, builtin);
    return false;
  }
  if (value !== undefined)
    shell.assign(name, plus ? (shell.variables.get(name) ?? "") + value : value);
  return true;
}

function runUnset(shell: Shell, args: readonly string[]): number {
  const isFunction = args[0] === "-f";
  const names = /^-[fv]$/.test(args[0] ?? "") ? args.slice(1) : args;
  for (const name of names) {
    if (isFunction) shell.functions.delete(name);
    else if (!shell.variables.unset(name))
      throw new ShellError(words.readOnly(shell.dialect, name), shell.isBash ? 1 : 2, "unset");
    else if (shell.isBash && shell.variables.find(name) === undefined) shell.functions.delete(name);
  }
  return 0;
}

function runLocal(shell: Shell, args: readonly string[]): number {
  if (!shell.variables.isInFunction) {
    const message = shell.isBash ? "can only be used in a function" : "not in a function";
    shell.complain(message, "local");
    if (!shell.isBash) throw new Exit(2);
    return 1;
  }
  for (const arg of args.filter((one) => !/^-[a-zA-Z]+$/.test(one))) {
    const name = arg.replace(/\+?=[\s\S]*$/, "");
    shell.variables.makeLocal(name);
    // Bash's local variables begin unset, those of the others with what they hide.
    if (shell.isBash && !arg.includes("=")) shell.variables.unset(name);
    assignText(shell, arg, "local");
  }
  return 0;
}

function runDeclare(shell: Shell, args: readonly string[]): number | Steps<number> {
  const flags = args.filter((arg) => /^[-+][a-zA-Z]+$/.test(arg)).join("");
  const names = args.filter((arg) => !/^[-+][a-zA-Z]+$/.test(arg));
  if (names.length === 0 || flags.includes("p")) return listMarked(shell, "export", "isExported");
  for (const arg of names) {
    const name = arg.replace(/\+?=[\s\S]*$/, "");
    if (shell.variables.isInFunction && !flags.includes("g")) shell.variables.makeLocal(name);
    if (!assignText(shell, arg, "declare")) return 1;
    if (flags.includes("x")) shell.variables.mark(name, { isExported: true });
    if (flags.includes("r")) shell.variables.mark(name, { isReadOnly: true });
  }
  return 0;
}

function runLet(shell: Shell, args: readonly string[]): number {
  const values = args.map((text) =>
    evaluateArithmetic(text, {
      get: (name) => shell.parameter(name),
      set: (name, value) => shell.assign(name, value),
    }),
  );
  return values.at(-1) === 0n ? 1 : 0;
}
