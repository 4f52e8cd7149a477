// A command that is part of the shell itself.
import type { Steps } from "../../../steps.ts";
import type { Shell } from "../shell.ts";

/** @param name as it was called: "[" or "test" */
export type Builtin = (
  shell: Shell,
  args: readonly string[],
  name: string,
) => number | Steps<number>;

export type Builtins = Readonly<Record<string, Builtin>>;
