// `validate --cluster`: manifests judged by a running server, over its own wire.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { uniformCluster } from "../../src/engine/defaultCluster.ts";
import { NodeEngine } from "../../src/engine/host/nodeEngine.ts";

describe("validate with a cluster", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "kt-validate-"));
  const kubeconfig = join(folder, "kubeconfig");
  let engine: NodeEngine;

  before(async () => {
    engine = await NodeEngine.open({
      storagePath: join(folder, "etcd.sqlite"),
      spec: uniformCluster(1),
      onSetAside: (path) => assert.fail(path),
      onDefect: (error) => assert.fail(String(error)),
    });
    await engine.listen(0, { kubeconfig });
  });
  after(async () => {
    await engine.host.close();
    rmSync(folder, { recursive: true });
  });

  const validate = (text: string, ...options: readonly string[]) =>
    new Promise<{ readonly code: number; readonly out: string }>((resolve) => {
      const file = join(folder, "manifest.yaml");
      writeFileSync(file, text);
      const words = ["validate", "--cluster", kubeconfig, ...options, file];
      const node = ["--import", "tsx", "src/cli/main.ts", ...words];
      execFile(process.execPath, node, (error, out) =>
        resolve({ code: Number(error?.code ?? 0), out: out.replaceAll(file, "FILE") }),
      );
    });

  const map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, namespace: shop}\n";

  it("tells what the server refuses, where the words point to", async () => {
    assert.deepEqual(await validate(map), {
      code: 1,
      out: 'FILE:3:32: error: namespaces "shop" not found (dryRun)\n',
    });
  });

  it("takes what comes together with it", async () => {
    const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n";
    assert.deepEqual(await validate(namespace + map), { code: 0, out: "" });
  });

  it("knows by its rules what is in the cluster and what is not", async () => {
    const pod = (account: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: i, envFrom: [{configMapRef: {name: ${account}}}]}]}\n`;
    assert.deepEqual(await validate(pod("kube-root-ca.crt"), "--rules"), { code: 0, out: "" });
    const { code, out } = await validate(pod("nobody"), "--rules");
    assert.equal(code, 0);
    assert.match(out, /warning: There is no ConfigMap called nobody.* \(missingReference\)/);
  });
});
