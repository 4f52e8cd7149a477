// The commands that are part of the shell itself.
import type { Builtins } from "./builtin.ts";
import { controlBuiltins } from "./control.ts";
import { getoptsBuiltins } from "./getopts.ts";
import { jobBuiltins } from "./jobs.ts";
import { lookupBuiltins } from "./lookup.ts";
import { optionBuiltins } from "./options.ts";
import { outputBuiltins } from "./output.ts";
import { readBuiltins } from "./read.ts";
import { stateBuiltins } from "./state.ts";
import { variableBuiltins } from "./variables.ts";

export const builtins: Builtins = {
  ...controlBuiltins,
  ...getoptsBuiltins,
  ...jobBuiltins,
  ...lookupBuiltins(() => builtins),
  ...optionBuiltins,
  ...outputBuiltins,
  ...readBuiltins,
  ...stateBuiltins,
  ...variableBuiltins,
};

/** Their assignments stay, and their errors end a script. Source: POSIX, 2.14. */
export const specialBuiltins: ReadonlySet<string> = new Set([
  ":",
  ".",
  "break",
  "continue",
  "eval",
  "exec",
  "exit",
  "export",
  "readonly",
  "return",
  "set",
  "shift",
  "times",
  "trap",
  "unset",
]);
