// The scripts that official images put before their servers: they prepare something and go over into it.
import { FileError } from "../process/fileError.ts";
import { findExecutable } from "../process/findExecutable.ts";
import type { Executable, ProcessContext } from "../process/process.ts";

/** Runs what it is called with; flags alone are the server's. @param command the image's own */
export function entrypointWrapper(command: readonly string[]): Executable {
  return function* (process) {
    const given = process.argv.slice(1).filter((word, i) => i > 0 || word !== "--");
    const argv = given[0]?.startsWith("-") ? [...command.slice(0, 1), ...given] : given;
    const name = argv[0] ?? "";
    try {
      return yield* findExecutable(name, process)(called(process, argv));
    } catch (error) {
      if (!(error instanceof FileError) || error.path !== name) throw error;
      const [script = ""] = process.argv;
      process.stderr.write(`${script}: exec: ${name}: not found\n`);
      return 127;
    }
  };
}

/** The same process under other arguments, as after exec(2). */
function called(process: ProcessContext, argv: readonly string[]): ProcessContext {
  return Object.create(process, { argv: { value: argv } }) as ProcessContext;
}
