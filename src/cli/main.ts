// The command line: what the extension knows, for terminals and CI.
import type { Command } from "./command.ts";
import { conformance } from "./conformance.ts";
import { schedule } from "./schedule.ts";

const commands: Readonly<Record<string, Command>> = { conformance, schedule };

const usage = `Usage: kubernetes-tutor COMMAND

  schedule --snapshot FILE POD             where would this Pod go in that cluster, and why
  conformance scheduler FILE.jsonl[.gz]    compare with recordings of the real kube-scheduler
  conformance validation FILE.jsonl[.gz]   compare with recordings of the real API validation
`;

/** Output is synchronous, so that a pipe gets all of it before the process ends. */
const [name = "", ...words] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (command) process.exitCode = command(words);
else {
  const isAsked = name === "--help" || name === "help";
  (isAsked ? process.stdout : process.stderr).write(usage);
  process.exitCode = isAsked ? 0 : 2;
}
