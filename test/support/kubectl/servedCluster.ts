// `serve` as its users run it: the built command line in a process of its own.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../vscode/paths.ts";
import { spawnGroup, stopGroup } from "../vscode/processGroup.ts";

export interface ServedCluster {
  readonly url: string;
  readonly kubeconfig: string;
  /** Ends it with SIGTERM and resolves to its exit code; the cluster's folder is removed. */
  stop(): Promise<number | null>;
}

/** A running `serve` that its caller ends. */
export interface RunningServe {
  readonly url: string;
  readonly kubeconfig: string;
  readonly process: ChildProcess;
}

/** Resolves once the cluster answers. Rejects if it ends before. */
export async function startServe(...options: readonly string[]): Promise<RunningServe> {
  const child = spawnGroup(process.execPath, [join(root, "dist/cli.js"), "serve", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await Promise.race([
    once(child.stdout ?? child, "data"),
    once(child, "exit").then(([code]) => [`it ended with ${code}`]),
  ])) as [Buffer | string];
  const [ready, url = "", kubeconfig = ""] = String(line).trim().split(" ");
  if (ready === "ready") return { url, kubeconfig, process: child };
  await stopGroup(child);
  throw new Error(`serve is not ready: ${line}`);
}

/** The same with a folder of its own. */
export async function serveCluster(...options: readonly string[]): Promise<ServedCluster> {
  const folder = mkdtempSync(join(tmpdir(), "kt-serve-"));
  const { url, kubeconfig, process: child } = await startServe("--data", folder, ...options);
  return {
    url,
    kubeconfig,
    async stop() {
      await stopGroup(child);
      rmSync(folder, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}
