// A child process together with everything it starts, stopped as one.
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";

/** What a process gets to finish by itself after SIGTERM. */
const graceMs = 3_000;

const running = new Set<ChildProcess>();

/**
 * Starts a process as the leader of a group of its own. The group is killed when this process ends
 * in whatever way it can still notice.
 */
export function spawnGroup(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  process.off("exit", killAll).once("exit", killAll);
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Ends the group: SIGTERM, then SIGKILL for what is left. Safe to call after it ended by itself. */
export async function stopGroup(child: ChildProcess): Promise<void> {
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  if (!hasEnded()) {
    signalGroup(child, "SIGTERM");
    await Promise.race([once(child, "exit"), timeout(graceMs)]);
  }
  signalGroup(child, "SIGKILL");
  if (!hasEnded()) await once(child, "exit");
}

function killAll(): void {
  for (const child of running) signalGroup(child, "SIGKILL");
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!isNodeError(error) || error.code !== "ESRCH") throw error;
  }
}

function timeout(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error;
}
