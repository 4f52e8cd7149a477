// The command line: what the extension knows, for terminals and CI.
import type { Command } from "./command.ts";
import { conformance } from "./conformance.ts";
import { schedule } from "./schedule.ts";
import { validate } from "./validate.ts";

const nodeWithSqlite = "22.13";
const hasSqlite = process.getBuiltinModule?.("node:sqlite") !== undefined;

const commands: Readonly<Record<string, Command>> = {
  conformance,
  schedule,
  validate,
  async serve(words) {
    if (!hasSqlite) {
      process.stderr.write(
        `serve needs Node ${nodeWithSqlite} or newer, this is ${process.version}.\n`,
      );
      return 1;
    }
    // A file of its own: all else runs on an older Node too.
    return (await import("./serve.ts")).serve(words);
  },
};

const usage = `Usage: kubernetes-tutor COMMAND

  schedule --snapshot FILE POD             where would this Pod go in that cluster, and why
  serve [OPTION...]                        run a cluster for kubectl and Helm; see serve --help
  validate FILE|DIR|- ...                  what the API server would say of manifests
  conformance scheduler FILE.jsonl[.gz]    compare with recordings of the real kube-scheduler
  conformance validation FILE.jsonl[.gz]   compare with recordings of the real API validation
`;

/** Output is synchronous, so that a pipe gets all of it before the process ends. */
const [name = "", ...words] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) process.exitCode = await command(words);
else {
  const isAsked = name === "--help" || name === "help";
  (isAsked ? process.stdout : process.stderr).write(usage);
  process.exitCode = isAsked ? 0 : 2;
}
