// Runs a client of the cluster as one does on a terminal, in a home folder of its own.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ClientShell {
  /** Resolves to what it printed. Rejects with what it complained of if it fails. */
  run(program: string, ...words: readonly string[]): Promise<string>;
  dispose(): void;
}

/** `kubeconfig` is where all its programs find the cluster. */
export function clientShell(kubeconfig: string): ClientShell {
  const home = mkdtempSync(join(tmpdir(), "kt-home-"));
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig, TZ: "UTC" };
  return {
    run: (program, ...words) =>
      new Promise((resolve, reject) => {
        execFile(program, [...words], { env, cwd: home }, (error, stdout, stderr) => {
          if (error) reject(new Error(`${words.join(" ")}: ${stderr}${stdout}`));
          else resolve(stdout);
        });
      }),
    dispose: () => rmSync(home, { recursive: true, force: true }),
  };
}
