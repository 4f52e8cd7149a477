import assert from "node:assert/strict";
import { KindRegistry } from "../../../src/api/kind.ts";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import { Namespace } from "../../../src/api/kinds/namespace.ts";
import type { WatchEvent } from "../../../src/api/request.ts";
import { ApiError } from "../../../src/api/status.ts";
import type { ConfigMap as ConfigMapObject } from "../../../src/api/types.ts";
import { userNamed } from "../../../src/api/user.ts";
import { Random } from "../../../src/base/random.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { namespaceLifecycle } from "../../../src/engine/registry/admission/namespaceLifecycle.ts";
import { ApiServer } from "../../../src/engine/registry/apiServer.ts";
import { Store } from "../../../src/engine/store/store.ts";
import { Trace } from "../../../src/engine/trace.ts";

const start = Date.UTC(2026, 0, 31, 9);

function makeServer() {
  const clock = new VirtualClock(start);
  const store = new Store(() => clock.now());
  const trace = new Trace(clock);
  const server = new ApiServer({
    clock,
    store,
    trace,
    random: new Random(1),
    kinds: new KindRegistry(builtInKinds),
    admission: [namespaceLifecycle],
  });
  const client = server.client("tester");
  client.create(Namespace, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "default" },
    spec: {},
  });
  return { clock, store, trace, server, client };
}

function configMap(name: string, data: Record<string, string> = {}): ConfigMapObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "no error";
}

const m1 = { namespace: "default", name: "m1" };

describe("ApiServer", () => {
  it("fills the metadata that it owns", () => {
    const { client } = makeServer();
    const made = client.create(ConfigMap, {
      ...configMap("m1"),
      metadata: {
        name: "m1",
        namespace: "default",
        uid: "mine",
        creationTimestamp: "2001-01-01T00:00:00Z",
      },
    });
    assert.equal(made.metadata.creationTimestamp, "2026-01-31T09:00:00Z");
    assert.match(made.metadata.uid ?? "", /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    assert.equal(made.metadata.resourceVersion, "3");
  });

  it("adds five characters to generateName", () => {
    const { client } = makeServer();
    const metadata = { name: "", generateName: "web-", namespace: "default" };
    const made = client.create(ConfigMap, { ...configMap(""), metadata });
    assert.match(made.metadata.name, /^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  });

  for (const [claim, act, expected] of [
    [
      "a missing object",
      ({ client }) => client.get(ConfigMap, m1),
      '404 configmaps "m1" not found',
    ],
    [
      "a missing namespace",
      ({ client }) =>
        client.create(ConfigMap, {
          ...configMap("m1"),
          metadata: { name: "m1", namespace: "nope" },
        }),
      '404 namespaces "nope" not found',
    ],
    [
      "a name that is taken",
      ({ client }) => {
        client.create(ConfigMap, configMap("m1"));
        client.create(ConfigMap, configMap("m1"));
      },
      '409 configmaps "m1" already exists',
    ],
    [
      "an update of an old state",
      ({ client }) => {
        const old = client.create(ConfigMap, configMap("m1"));
        client.update(ConfigMap, { ...old, data: { a: "1" } });
        client.update(ConfigMap, { ...old, data: { a: "2" } });
      },
      '409 Operation cannot be fulfilled on configmaps "m1": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [
      "a resourceVersion on a new object",
      ({ client }) =>
        client.create(ConfigMap, {
          ...configMap("m1"),
          metadata: { name: "m1", namespace: "default", resourceVersion: "5" },
        }),
      "500 Internal error occurred: resourceVersion should not be set on objects to be created",
    ],
    [
      "a field selector that the kind does not know",
      ({ client }) => client.list(ConfigMap, { fieldSelector: "data=x" }),
      '400 "data" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [
      "the deletion of a namespace that must stay",
      ({ client }) => client.delete(Namespace, { namespace: "", name: "default" }),
      '403 namespaces "default" is forbidden: this namespace may not be deleted',
    ],
  ] as readonly (readonly [string, (world: ReturnType<typeof makeServer>) => unknown, string])[])
    it(`refuses ${claim} in the real words`, () => {
      const world = makeServer();
      assert.equal(
        messageOf(() => act(world)),
        expected,
      );
    });

  it("a write that changes nothing makes no revision", () => {
    const { client, store } = makeServer();
    client.create(ConfigMap, configMap("m1", { a: "1" }));
    const before = store.revision;
    client.patch(ConfigMap, m1, { data: { a: "1" } });
    assert.equal(store.revision, before);
  });

  it("a dry run stores nothing", () => {
    const { client, store } = makeServer();
    const before = store.revision;
    const made = client.create(ConfigMap, configMap("m1"), { dryRun: true });
    assert.equal(made.metadata.resourceVersion, undefined);
    assert.equal(store.revision, before);
  });

  it("an object with finalizers waits for them", () => {
    const { client } = makeServer();
    const metadata = { name: "m1", namespace: "default", finalizers: ["example.com/hold"] };
    client.create(ConfigMap, { ...configMap("m1"), metadata });
    client.delete(ConfigMap, m1);
    const waiting = client.get(ConfigMap, m1);
    assert.equal(waiting.metadata.deletionTimestamp, "2026-01-31T09:00:00Z");
    client.patch(ConfigMap, m1, { metadata: { finalizers: null } });
    assert.equal(
      messageOf(() => client.get(ConfigMap, m1)),
      '404 configmaps "m1" not found',
    );
  });

  it("lists in pages that see the first page's state", () => {
    const { client } = makeServer();
    for (const name of ["a", "b", "c"]) client.create(ConfigMap, configMap(name));
    const first = client.list(ConfigMap, { limit: 2 });
    assert.deepEqual(
      first.items.map(({ metadata }) => metadata.name),
      ["a", "b"],
    );
    assert.equal(first.metadata.remainingItemCount, 1);
    client.create(ConfigMap, configMap("d"));
    const rest = client.list(ConfigMap, { continue: first.metadata.continue ?? "" });
    assert.deepEqual(
      rest.items.map(({ metadata }) => metadata.name),
      ["c"],
    );
    assert.equal(rest.metadata.resourceVersion, first.metadata.resourceVersion);
  });

  it("a watcher with a selector sees objects enter and leave it", () => {
    const { client, server, store } = makeServer();
    const seen: string[] = [];
    const watching = server.watch(
      userNamed("tester"),
      {
        verb: "watch",
        apiVersion: "v1",
        resource: "configmaps",
        namespace: "default",
        options: { labelSelector: "app=web", resourceVersion: String(store.revision) },
      },
      (event: WatchEvent) => seen.push(event.type),
    );
    client.create(ConfigMap, configMap("m1"));
    client.patch(ConfigMap, m1, { metadata: { labels: { app: "web" } } });
    client.patch(ConfigMap, m1, { data: { a: "1" } });
    client.patch(ConfigMap, m1, { metadata: { labels: { app: "db" } } });
    client.delete(ConfigMap, m1);
    watching.dispose();
    assert.deepEqual(seen, ["ADDED", "MODIFIED", "DELETED"]);
  });

  it("tells the trace who wrote what, and informers' work names that write as its cause", () => {
    const { clock, client, server, trace } = makeServer();
    const causes: (number | undefined)[] = [];
    server.listAndWatch(
      ConfigMap,
      () => {},
      () => causes.push(clock.cause),
    );
    client.create(ConfigMap, configMap("m1"));
    const request = trace.since(1).at(-1);
    clock.run(10);
    assert.equal(
      request?.type === "request" && `${request.user} ${request.verb} ${request.code}`,
      "tester create 201",
    );
    assert.deepEqual(causes, [request?.id]);
  });
});
