// A program that breaks takes nobody with it: it ends as one does that touched memory it does not have.
import { FileError } from "../process/fileError.ts";
import type { Executable } from "../process/process.ts";

/** 128 + SIGSEGV */
const brokenCode = 139;

export function guarded(program: Executable): Executable {
  return function* (process) {
    try {
      return yield* program(process);
    } catch (error) {
      // The process itself knows what files and pipes do.
      if (error instanceof FileError) throw error;
      return brokenCode;
    }
  };
}
