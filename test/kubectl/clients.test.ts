// Journeys of the clients that people use, each on a cluster as `serve` runs it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { type Clients, ensureClients } from "../support/clients/clients.ts";
import { type ServedCluster, serveCluster } from "../support/kubectl/servedCluster.ts";
import { type ClientShell, clientShell } from "../support/runClient.ts";

const chart = join(import.meta.dirname, "chart");

describe("a served cluster", () => {
  let clients: Clients;
  let cluster: ServedCluster;
  let shell: ClientShell;

  before(async () => {
    clients = await ensureClients();
    cluster = await serveCluster("--nodes", "2", "--speed", "10");
    shell = clientShell(cluster.kubeconfig);
  });
  after(async () => {
    shell.dispose();
    assert.equal(await cluster.stop(), 0);
  });

  for (const [name, helm] of [
    ["Helm 3", "helm3"],
    ["Helm 4", "helm4"],
  ] as const)
    it(`takes a release through its life with ${name}`, async () => {
      const run = (...words: readonly string[]) => shell.run(clients[helm], ...words);
      const place = ["--namespace", helm];
      await run(
        "install",
        "web",
        chart,
        ...place,
        "--create-namespace",
        "--wait",
        "--timeout",
        "60s",
      );
      assert.match(await run("list", ...place), /^web\s+helm\d\s+1\s.*deployed/m);
      await run("upgrade", "web", chart, ...place, "--set", "replicas=2,greeting=bye", "--wait");
      const upgraded = await shell.run(
        clients.kubectl,
        ...["get", "deploy/web", "cm/web", "-n", helm],
        ...["-o", "jsonpath={.items[0].spec.replicas} {.items[1].data.greeting}"],
      );
      assert.equal(upgraded, "2 bye");
      await run("rollback", "web", "1", ...place, "--wait");
      assert.match(await run("history", "web", ...place), /^3\s.*deployed\s.*Rollback to 1/m);
      await run("uninstall", "web", ...place, "--wait");
      // Helm waits for what is its own; the Pods go after their owners.
      await shell.run(clients.kubectl, ...["wait", "--for=delete", "pod", "--all", "-n", helm]);
      const left = await shell.run(clients.kubectl, "get", "all", "-n", helm, "-o", "name");
      assert.equal(left, "");
    });

  it("works with a kubectl of 2020", async () => {
    const run = (...words: readonly string[]) => shell.run(clients.oldKubectl, ...words);
    assert.match(await run("version", "--short"), /Server Version: v1\.34/);
    assert.equal(
      await run("create", "deployment", "old", "--image=nginx"),
      "deployment.apps/old created\n",
    );
    assert.match(await run("rollout", "status", "deployment/old"), /successfully rolled out/);
    assert.match(await run("get", "deployments"), /^old\s+1\/1\s+1\s+1\s/m);
    assert.equal(
      await run("scale", "deployment/old", "--replicas=3"),
      "deployment.apps/old scaled\n",
    );
    assert.match(await run("describe", "deployment", "old"), /Replicas:\s+3 desired/);
    assert.equal(
      await run("apply", "-f", join(import.meta.dirname, "configMap.yaml")),
      "configmap/applied created\n",
    );
    assert.equal(
      await run("explain", "pod.spec.nodeName", "--api-version=v1").then(firstLine),
      "KIND:     Pod",
    );
    assert.equal(await run("delete", "deployment", "old"), 'deployment.apps "old" deleted\n');
  });

  it("explains, checks and lists its kinds", async () => {
    const run = (...words: readonly string[]) => shell.run(clients.kubectl, ...words);
    assert.match(await run("explain", "pod.spec.containers.image"), /Container image name/);
    assert.match(
      await run("api-resources"),
      /^deployments\s+deploy\s+apps\/v1\s+true\s+Deployment$/m,
    );
    assert.equal(await run("get", "--raw", "/readyz"), "ok");
    assert.match(await run("cluster-info"), /Kubernetes control plane.* is running at/);
    await assert.rejects(
      run("create", "-f", join(import.meta.dirname, "wrong.yaml")),
      /strict decoding error: unknown field "dta"/,
    );
  });
});

function firstLine(text: string): string {
  return text.slice(0, text.indexOf("\n"));
}
