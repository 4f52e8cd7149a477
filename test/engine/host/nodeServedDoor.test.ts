// The door of a cluster on Node: shut while kube-apiserver does not serve; and what such a cluster remembers.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Fault } from "../../../src/api/fault.ts";
import { uniformCluster } from "../../../src/engine/defaultCluster.ts";
import { NodeEngine } from "../../../src/engine/host/nodeEngine.ts";

const apiServer: Fault = { type: "stopComponent", component: "kube-apiserver" };
const etcd: Fault = { type: "stopEtcdMember", member: "etcd-0" };

/** Whether somebody listens at the URL's port. */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** Doors open and close beside the clock. */
async function until(url: string, wanted: boolean): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if ((await answers(url)) === wanted) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.fail(`${url} ${wanted ? "stays shut" : "stays open"}`);
}

describe("the door of a cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "door-"));
  after(() => rmSync(folder, { recursive: true }));

  let engine: NodeEngine;
  beforeEach(async () => {
    engine = await NodeEngine.open({
      storagePath: join(folder, "etcd.sqlite"),
      spec: { ...uniformCluster(1), setUp: "byHand", hasDefaultStorage: false },
      onSetAside: assert.fail,
      onDefect: assert.fail,
    });
  });
  afterEach(() => engine.host.close());

  it("is shut until kube-apiserver serves, and again when it is stopped", async () => {
    const { calls } = engine.host.handlers;
    const { url } = await engine.listen(0, { kubeconfig: join(folder, "kubeconfig") });
    await until(url, false);
    calls.heal(etcd);
    calls.heal(apiServer);
    calls.step(5_000);
    await until(url, true);
    calls.inject(apiServer);
    await until(url, false);
  });

  it("finds what was started, and what was not, as it was", async () => {
    const { faults, unregistered, setUp } = engine.host.status();
    assert.equal(setUp, "byHand");
    assert.deepEqual(
      faults.filter(({ type }) => type === "stopEtcdMember"),
      [],
    );
    assert.ok(faults.some((fault) => fault.type === "stopComponent"));
    assert.deepEqual(
      unregistered.map(({ name }) => name),
      ["control-plane", "worker-1"],
    );
  });
});
