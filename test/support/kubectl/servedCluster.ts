// `serve` as its users run it: the built command line in a process of its own.
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

/** Resolves once the cluster answers. */
export async function serveCluster(...options: readonly string[]): Promise<ServedCluster> {
  const folder = mkdtempSync(join(tmpdir(), "kt-serve-"));
  const child = spawnGroup(
    process.execPath,
    [join(root, "dist/cli.js"), "serve", "--data", folder, ...options],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await Promise.race([
    once(child.stdout ?? child, "data"),
    once(child, "exit").then(([code]) => [`it ended with ${code}`]),
  ])) as [Buffer | string];
  const [ready, url = "", kubeconfig = ""] = String(line).trim().split(" ");
  if (ready !== "ready") {
    await stopGroup(child);
    throw new Error(`serve is not ready: ${line}`);
  }
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
