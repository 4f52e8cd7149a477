// One suite for every way to a cluster: through the engine's port, and over the wire.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel } from "node:worker_threads";
import { apiErrors } from "../../src/api/apiErrorCodec.ts";
import { ConfigMap } from "../../src/api/kinds/configMap.ts";
import { Namespace } from "../../src/api/kinds/namespace.ts";
import { Pod } from "../../src/api/kinds/pod/kind.ts";
import { type KubeObject, keyOf } from "../../src/api/object.ts";
import { ApiError } from "../../src/api/status.ts";
import type { ConfigMap as ConfigMapObject } from "../../src/api/types.ts";
import { connect, type Remote } from "../../src/base/rpc.ts";
import type { EngineContract } from "../../src/client/engineContract.ts";
import { HttpClient } from "../../src/client/httpClient.ts";
import { connectOverHttp } from "../../src/client/httpRemote.ts";
import { Informer } from "../../src/client/informer.ts";
import { PortClient } from "../../src/client/portClient.ts";
import { PortCluster } from "../../src/client/portCluster.ts";
import type { ResourceClient } from "../../src/client/resourceClient.ts";
import { endpointPath } from "../../src/engine/host/nodeEndpoint.ts";
import { NodeEngine } from "../../src/engine/host/nodeEngine.ts";
import { nodeFetch } from "../../src/engine/host/nodeFetch.ts";
import { portOf } from "../support/engineCluster.ts";

const worker = { name: "worker-1", role: "worker", cpu: "2", memory: "4Gi" } as const;

describe("clients", () => {
  const folder = mkdtempSync(join(tmpdir(), "tutor-"));
  const { port1, port2 } = new MessageChannel();
  let engine: NodeEngine;
  const clients = new Map<string, ResourceClient>();
  const remotes = new Map<string, Remote<EngineContract>>();

  before(async () => {
    engine = await NodeEngine.open({
      storagePath: join(folder, "etcd.sqlite"),
      spec: { machines: [worker] },
      onSetAside: (path) => assert.fail(path),
      onDefect: (error) => assert.fail(String(error)),
    });
    engine.host.serve(portOf(port1));
    const remote = connect<EngineContract>(portOf(port2), { errors: apiErrors });
    clients.set("PortClient", new PortClient(remote));
    remotes.set("a port", remote);
    await engine.listen(0, { kubeconfig: join(folder, "kubeconfig") });
    const endpoint = JSON.parse(readFileSync(endpointPath(folder), "utf8"));
    const server = { url: endpoint.url, fetch: nodeFetch(endpoint) };
    clients.set("HttpClient", new HttpClient(server));
    remotes.set("HTTP", connectOverHttp(server, apiErrors));
  });
  after(async () => {
    for (const remote of remotes.values()) remote.dispose();
    await engine.host.close();
    port1.close();
    rmSync(folder, { recursive: true });
  });

  for (const name of ["PortClient", "HttpClient"])
    describe(name, () => {
      const namespace = name.toLowerCase();
      const key = { namespace, name: "m1" };
      const map = (object: Partial<ConfigMapObject> = {}): ConfigMapObject => ({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: key,
        ...object,
      });
      let client: ResourceClient;

      before(async () => {
        client = clients.get(name) as ResourceClient;
        const metadata = { name: namespace };
        await client.create(Namespace, { apiVersion: "v1", kind: "Namespace", metadata, spec: {} });
        await untilPublished(client, namespace);
      });

      it("creates, reads, and updates", async () => {
        const created = await client.create(
          ConfigMap,
          map({ data: { greeting: "안녕하세요 <&>" } }),
        );
        assert.deepEqual(await client.get(ConfigMap, key), created);
        const updated = await client.update(ConfigMap, { ...created, data: { a: "b" } });
        assert.deepEqual(updated.data, { a: "b" });
        assert.notEqual(updated.metadata.resourceVersion, created.metadata.resourceVersion);
      });

      it("a dry run changes nothing", async () => {
        const dry = map({ metadata: { namespace, name: "dry" } });
        await client.create(ConfigMap, dry, { dryRun: true });
        await assert.rejects(
          client.get(ConfigMap, { namespace, name: "dry" }),
          is(404, "NotFound"),
        );
      });

      for (const [type, body, expected] of [
        ["merge", { data: { a: null, c: "d" } }, { c: "d" }],
        ["strategic", { data: { e: "f" } }, { c: "d", e: "f" }],
      ] as const)
        it(`patches by ${type}`, async () => {
          const patched = await client.patch(ConfigMap, key, { type, body });
          assert.deepEqual(patched.data, expected);
        });

      for (const [claim, act, code, reason] of [
        ["a name that is taken", () => client.create(ConfigMap, map()), 409, "AlreadyExists"],
        [
          "a version that is old",
          () => client.update(ConfigMap, map({ metadata: { ...key, resourceVersion: "1" } })),
          409,
          "Conflict",
        ],
        [
          "a field that nobody knows",
          () =>
            client.create(
              ConfigMap,
              { ...map(), metadata: { namespace, name: "x" }, dat: {} } as ConfigMapObject,
              {
                fieldValidation: "Strict",
              },
            ),
          400,
          "BadRequest",
        ],
        [
          "a value that is not valid",
          () => client.create(ConfigMap, map({ metadata: { namespace, name: "Not Valid" } })),
          422,
          "Invalid",
        ],
      ] as const)
        it(`is told of ${claim} in the server's Status`, () =>
          assert.rejects(act(), is(code, reason)));

      it("lists by pages, whole, and by selectors", async () => {
        for (const n of ["a", "b"])
          await client.create(ConfigMap, map({ metadata: { namespace, name: n, labels: { n } } }));
        const first = await client.list(ConfigMap, { namespace, limit: 2 });
        const { continue: token = "", remainingItemCount } = first.metadata;
        const rest = await client.list(ConfigMap, { namespace, limit: 2, continue: token });
        const whole = await client.list(ConfigMap, { namespace });
        assert.equal(remainingItemCount, whole.items.length - 2);
        assert.deepEqual([...first.items, ...rest.items], whole.items);
        assert.deepEqual(whole.items[0]?.kind, "ConfigMap");
        const chosen = await client.list(ConfigMap, { labelSelector: "n in (b)", namespace });
        assert.deepEqual(
          chosen.items.map(({ metadata }) => metadata.name),
          ["b"],
        );
        const named = await client.list(ConfigMap, { namespace, fieldSelector: "metadata.name=a" });
        assert.equal(named.items.length, 1);
      });

      it("watches what happens after a revision, until it is told to stop", async () => {
        const stop = new AbortController();
        const { metadata } = await client.list(ConfigMap, { namespace });
        const query = { namespace, resourceVersion: metadata.resourceVersion };
        await client.patch(ConfigMap, key, { type: "merge", body: { data: { watched: "1" } } });
        const seen: string[] = [];
        for await (const batch of client.watch(ConfigMap, query, stop.signal)) {
          seen.push(
            ...batch.map(({ type, object }) => `${type} ${keyOf(object as KubeObject).name}`),
          );
          if (seen.length === 1) await client.delete(ConfigMap, { namespace, name: "b" });
          if (seen.length >= 2) stop.abort();
        }
        assert.deepEqual(seen, ["MODIFIED m1", "DELETED b"]);
      });

      it("a watch that is refused says why", () => {
        const query = { namespace, resourceVersion: "x" };
        const watching = client.watch(ConfigMap, query, new AbortController().signal);
        return assert.rejects(drained(watching), (error) => error instanceof ApiError);
      });

      it("feeds an informer", async () => {
        const informer = new Informer(client, ConfigMap, { query: { namespace } });
        const until = (holds: () => boolean) =>
          new Promise<void>((resolve) => {
            const listening = informer.onChange(() => {
              if (!holds()) return;
              listening.dispose();
              resolve();
            });
          });
        await until(() => informer.synced);
        const arrived = until(() => informer.get({ namespace, name: "late" }) !== undefined);
        await client.create(ConfigMap, map({ metadata: { namespace, name: "late" } }));
        await arrived;
        informer.dispose();
      });

      it("deletes with a grace period, and at once", async () => {
        const pod = { namespace, name: "p" };
        await client.create(Pod, {
          apiVersion: "v1",
          kind: "Pod",
          metadata: pod,
          spec: { containers: [{ name: "app", image: "nginx" }] },
        });
        await client.delete(Pod, pod, { gracePeriodSeconds: 0 });
        await assert.rejects(client.get(Pod, pod), is(404, "NotFound"));
        await assert.rejects(
          client.delete(ConfigMap, key, { preconditions: { uid: "another" } }),
          is(409, "Conflict"),
        );
        await client.delete(ConfigMap, key, { propagationPolicy: "Background" });
        await assert.rejects(client.get(ConfigMap, key), is(404, "NotFound"));
      });
    });

  it("a watch over the wire that comes too late ends with what the server says last", async () => {
    const status = { kind: "Status", status: "Failure", reason: "Expired", code: 410 };
    const lines = `${JSON.stringify({ type: "ERROR", object: status })}\n`;
    const client = new HttpClient({ url: "", fetch: async () => new Response(lines) });
    const watching = client.watch(ConfigMap, {}, new AbortController().signal);
    await assert.rejects(drained(watching), is(410, "Expired"));
  });

  it("what is no Status is still an error", async () => {
    const client = new HttpClient({
      url: "",
      fetch: async () => new Response("<html>bad gateway</html>", { status: 502 }),
    });
    await assert.rejects(client.list(ConfigMap), /bad gateway/);
  });

  for (const name of ["a port", "HTTP"])
    describe(`the simulator over ${name}`, () => {
      let cluster: PortCluster;
      before(async () => {
        cluster = await PortCluster.open(name, remotes.get(name) as Remote<EngineContract>);
      });
      after(() => cluster.dispose());

      it("tells its status, and each new one", async () => {
        const { simulator } = cluster;
        await simulator.pause();
        await new Promise<void>((resolve) => {
          const listening = simulator.onStatus(({ paused }) => {
            if (paused) return;
            listening.dispose();
            resolve();
          });
          void simulator.resume();
        });
      });

      it("breaks and mends", async () => {
        const { simulator } = cluster;
        const fault = { type: "powerOff", node: "worker-1" } as const;
        await simulator.inject(fault);
        const { faults } = await (remotes.get(name) as Remote<EngineContract>).call("status");
        assert.deepEqual(faults, [fault]);
        await simulator.heal(fault);
        await assert.rejects(simulator.inject({ type: "powerOff", node: "nobody" }), /nobody/);
      });

      it("shows the timeline from its beginning", async () => {
        const stop = new AbortController();
        for await (const [first] of cluster.timeline.events(1, stop.signal)) {
          assert.equal(first?.id, 1);
          stop.abort();
        }
      });
    });
});

function is(code: number, reason: string) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.code, error.reason], [code, reason]);
    return true;
  };
}

async function drained(watching: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of watching);
}

/** Each namespace gets its kube-root-ca.crt in a moment of its own: no test's watch is to meet it. */
async function untilPublished(client: ResourceClient, namespace: string): Promise<void> {
  const stop = new AbortController();
  for await (const batch of client.watch(ConfigMap, { namespace }, stop.signal))
    if (batch.some(({ object }) => keyOf(object as KubeObject).name === "kube-root-ca.crt"))
      stop.abort();
}
