// `serve` as a program: how it starts, ends and is started again.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureClients } from "../support/clients/clients.ts";
import { startServe } from "../support/kubectl/servedCluster.ts";
import { clientShell } from "../support/runClient.ts";
import { root } from "../support/vscode/paths.ts";

describe("serve", () => {
  let folder = "";
  let kubectl = "";

  before(async () => {
    ({ kubectl } = await ensureClients());
    folder = mkdtempSync(join(tmpdir(), "kt-serve-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function get(kubeconfig: string, ...words: readonly string[]): Promise<string> {
    const shell = clientShell(kubeconfig);
    try {
      return await shell.run(kubectl, ...words);
    } finally {
      shell.dispose();
    }
  }

  for (const [claim, signal] of [
    ["asked to end", "SIGTERM"],
    ["interrupted", "SIGINT"],
    ["killed", "SIGKILL"],
  ] as const)
    it(`keeps what it has acknowledged when it is ${claim}`, async () => {
      const data = join(folder, signal);
      const kubeconfig = join(folder, `${signal}.kubeconfig`);
      const first = await startServe("--data", data, "--kubeconfig", kubeconfig, "--nodes", "1");
      assert.equal(first.kubeconfig, kubeconfig);
      assert.equal(statSync(kubeconfig).mode & 0o777, 0o600);
      await get(kubeconfig, "create", "configmap", "kept", "--from-literal=a=b");
      first.process.kill(signal);
      const [code] = await once(first.process, "exit");
      assert.equal(code, signal === "SIGKILL" ? null : 0);
      const second = await startServe("--data", data, "--nodes", "1");
      assert.equal(second.kubeconfig, join(data, "kubeconfig"));
      assert.equal(
        await get(second.kubeconfig, "get", "cm", "kept", "-o", "jsonpath={.data.a}"),
        "b",
      );
      second.process.kill("SIGTERM");
      await once(second.process, "exit");
    });

  it("has the nodes that it was asked for", async () => {
    const { kubeconfig, process } = await startServe("--data", join(folder, "n"), "--nodes", "3");
    const nodes = await get(
      kubeconfig,
      ...[
        "get",
        "nodes",
        "-o",
        "jsonpath={range .items[*]}{.metadata.name} {.status.capacity.cpu} {end}",
      ],
    );
    assert.equal(nodes, "control-plane 4 worker-1 4 worker-2 4 worker-3 4 ");
    process.kill("SIGTERM");
    await once(process, "exit");
  });

  it("says so when its folder is taken", async () => {
    const data = join(folder, "taken");
    const first = await startServe("--data", data, "--nodes", "0");
    const { code, stderr } = await run("--data", data);
    assert.deepEqual([code, stderr.includes("in use")], [1, true]);
    first.process.kill("SIGTERM");
    await once(first.process, "exit");
  });

  for (const [words, complaint] of [
    [["--nodes", "x"], "--nodes must be a number from 0 to 5000, not x"],
    [["--port", "70000"], "--port must be a number from 0 to 65535, not 70000"],
    [["--speed", "0"], "--speed must be a number from 0.1 to 600, not 0"],
    [["--profile", "none"], "--profile must be full or conformance, not none"],
    [["--what"], "Unknown option '--what'"],
  ] as const)
    it(`refuses ${words.join(" ")}`, async () => {
      const { code, stderr } = await run(...words);
      assert.equal(code, 2);
      assert.ok(stderr.startsWith(complaint), stderr);
      assert.ok(!existsSync("kubernetes-tutor-cluster"));
    });
});

function run(
  ...words: readonly string[]
): Promise<{ readonly code: number | null; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, "dist/cli.js"), "serve", ...words],
      (_error, _stdout, stderr) => resolve({ code: child.exitCode, stderr }),
    );
  });
}
