import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import {
  CoreV1Api,
  Exec,
  KubeConfig,
  Log,
  PortForward,
  type V1Status,
  Watch,
} from "@kubernetes/client-node";
import { uniformCluster } from "../../../../src/engine/defaultCluster.ts";
import { NodeEngine } from "../../../../src/engine/host/nodeEngine.ts";

/** Pods are up within a tenth of a second then. */
const speed = 200;

describe("client-node", function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), "client-node-"));
  const config = new KubeConfig();
  const defects: unknown[] = [];
  let engine: NodeEngine;

  before(async () => {
    engine = await NodeEngine.open({
      storagePath: join(folder, "etcd.sqlite"),
      spec: uniformCluster(1),
      onSetAside: () => undefined,
      onDefect: (error) => defects.push(error),
    });
    engine.host.setSpeed(speed);
    const kubeconfig = join(folder, "kubeconfig");
    await engine.listen(0, { kubeconfig });
    config.loadFromFile(kubeconfig);
    const api = config.makeApiClient(CoreV1Api);
    const body = {
      metadata: { name: "web" },
      spec: { containers: [{ name: "c", image: "nginx" }] },
    };
    const running = phaseOf("web", "Running");
    await api.createNamespacedPod({ namespace: "default", body });
    await running;
  });

  after(async () => {
    await engine.host.close();
    rmSync(folder, { recursive: true, force: true });
    assert.deepEqual(defects, []);
  });

  /** Resolves once a watch shows the Pod in the phase. */
  async function phaseOf(name: string, phase: string): Promise<void> {
    const seen = Promise.withResolvers<void>();
    const watch = await new Watch(config).watch(
      "/api/v1/namespaces/default/pods",
      {},
      (_type, pod: { metadata: { name: string }; status: { phase: string } }) => {
        if (pod.metadata.name === name && pod.status.phase === phase) seen.resolve();
      },
      () => undefined,
    );
    await seen.promise;
    watch.abort();
  }

  async function run(command: string[], input?: PassThrough): Promise<[V1Status, string]> {
    const output = new PassThrough();
    const written = text(output);
    const status = await new Promise<V1Status>((resolve) => {
      void new Exec(config).exec(
        "default",
        "web",
        "c",
        command,
        output,
        null,
        input ?? null,
        false,
        resolve,
      );
    });
    output.end();
    return [status, await written];
  }

  it("runs a command and gets its output and exit code", async () => {
    const [status, output] = await run(["sh", "-c", "echo hi; exit 3"]);
    assert.equal(output, "hi\n");
    assert.equal(status.details?.causes?.[0]?.message, "3");
  });

  it("feeds a shell", async () => {
    const input = new PassThrough();
    input.write("echo one\n");
    input.end("exit\n");
    const [status, output] = await run(["sh"], input);
    assert.equal(output, "one\n");
    assert.equal(status.status, "Success");
  });

  it("reads logs", async () => {
    const output = new PassThrough();
    const written = text(output);
    await new Log(config).log("default", "web", "c", output, { tailLines: 1 });
    assert.equal((await written).split("\n").length, 2);
  });

  it("forwards a port", async () => {
    const forward = new PortForward(config);
    const server = createServer((socket) => {
      void forward.portForward("default", "web", [80], socket, null, socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const [answer] = await once(socket, "data");
    assert.match(String(answer), /^HTTP\/1\.1 200 OK/);
    socket.destroy();
    server.close();
  });
});
