// Runs a command in a container and waits for its end, as the runtime's ExecSync does.

import { execFailure } from "./containerLaunch.ts";
import type { ContainerRuntime } from "./containerRuntime.ts";
import { Pipe, readAll } from "./process/byteStream.ts";
import { textOf } from "./process/byteText.ts";
import { FileError } from "./process/fileError.ts";
import type { ExecStart, LiveContainer } from "./process/liveContainer.ts";
import type { LiveProcess } from "./process/liveProcess.ts";
import type { Steps } from "./steps.ts";

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Killed if the waiting is given up. @returns `error` if it could not be started */
export function* execSync(
  runtime: ContainerRuntime,
  podUid: string,
  name: string,
  argv: readonly string[],
): Steps<ExecResult | { readonly error: string }> {
  const container = runtime.running(podUid, name);
  if (!container) return { error: `container ${name} is not running` };
  const [stdout, stderr] = [new Pipe(), new Pipe()];
  const process = startExec(container, runtime, { argv, stdout: stdout.sink, stderr: stderr.sink });
  if ("error" in process) return process;
  try {
    const exitCode = yield* process.wait();
    stdout.end();
    stderr.end();
    const [out, errors] = [yield* readAll(stdout), yield* readAll(stderr)];
    return { exitCode, stdout: textOf(out), stderr: textOf(errors) };
  } finally {
    process.receive("SIGKILL", "outside");
  }
}

/** Starts a command in a container. @returns `error` in containerd's words if there is no such program */
export function startExec(
  container: LiveContainer,
  runtime: Pick<ContainerRuntime, "newId">,
  start: ExecStart,
): LiveProcess | { readonly error: string } {
  try {
    return container.exec(start);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const why = execFailure(start.argv[0] ?? "", error);
    return {
      error: `failed to exec in container: failed to start exec "${runtime.newId()}": OCI runtime exec failed: exec failed: unable to start container process: ${why}`,
    };
  }
}
