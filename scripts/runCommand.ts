// A command with a time limit.
import { once } from "node:events";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { root } from "../test/support/vscode/paths.ts";
import { spawnGroup, stopGroup } from "../test/support/vscode/processGroup.ts";

/** How to run it. */
export interface CommandOptions {
  /** After this, the command and everything it started are killed. */
  readonly limitMs: number;
  readonly env: Readonly<Record<string, string>>;
  /** Keeps the output back unless the command fails. */
  readonly onlyIfFailed: boolean;
}

/** Runs this Node with `args` in the project's root. Resolves to undefined, or to why it failed. */
export async function runCommand(
  args: readonly string[],
  { limitMs, env, onlyIfFailed }: CommandOptions,
): Promise<string | undefined> {
  const child = spawnGroup(process.execPath, args, {
    cwd: root,
    env: { ...process.env, PATH: path(), ...env },
    stdio: ["ignore", onlyIfFailed ? "pipe" : "inherit", onlyIfFailed ? "pipe" : "inherit"],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => output.push(chunk));

  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void stopGroup(child);
  }, limitMs);
  const [code] = await once(child, "close");
  clearTimeout(timer);
  if (code === 0) return undefined;
  process.stdout.write(Buffer.concat(output));
  if (timedOut) return `stopped after ${limitMs / 1_000} s`;
  return code === null ? "killed" : `exit code ${code}`;
}

/** What child processes find first: this very Node, then the installed commands. */
function path(): string {
  const first = [dirname(process.execPath), join(root, "node_modules/.bin")];
  return [...first, process.env.PATH ?? ""].join(delimiter);
}
