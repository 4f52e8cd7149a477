import assert from "node:assert/strict";
import { ConfigMap } from "../../src/api/kinds/configMap.ts";
import type { KubeObject } from "../../src/api/object.ts";
import type { WatchEvent } from "../../src/api/request.ts";
import { expiredError, unavailableError } from "../../src/api/status.ts";
import type { ConfigMap as ConfigMapObject } from "../../src/api/types.ts";
import type { Event } from "../../src/base/emitter.ts";
import { type Change, Informer } from "../../src/client/informer.ts";
import type { ListQuery, ResourceClient } from "../../src/client/resourceClient.ts";
import { openTestCluster, type TestCluster } from "../support/engineCluster.ts";

const namespace = "default";
/** The wall clock of the informer's retries: no time passes. */
const sleep = (): Promise<void> => Promise.resolve();

describe("informer", () => {
  let cluster: TestCluster;
  const opened: Informer<ConfigMapObject>[] = [];

  beforeEach(async () => {
    cluster = await openTestCluster();
  });
  afterEach(() => {
    for (const informer of opened.splice(0)) informer.dispose();
    cluster.dispose();
  });

  function inform(client: ResourceClient): Informer<ConfigMapObject> {
    const informer = new Informer(client, ConfigMap, { query: { namespace }, sleep });
    opened.push(informer);
    return informer;
  }

  it("holds what is there once it has listed", async () => {
    await cluster.client.create(ConfigMap, configMap("a"));
    const informer = inform(cluster.client);
    assert.equal(informer.synced, false);
    await next(informer.onChange);
    assert.equal(informer.synced, true);
    assert.ok(namesIn(informer).includes("a"));
  });

  it("follows additions, changes and deletions", async () => {
    const informer = inform(cluster.client);
    await next(informer.onChange);
    const heard = record(informer);
    await cluster.client.create(ConfigMap, configMap("a"));
    await heard("added a");
    const patch = { type: "merge", body: { data: { key: "two" } } } as const;
    await cluster.client.patch(ConfigMap, { namespace, name: "a" }, patch);
    await heard("changed a");
    assert.equal(informer.get({ namespace, name: "a" })?.data?.key, "two");
    await cluster.client.delete(ConfigMap, { namespace, name: "a" });
    await heard("removed a");
    assert.equal(informer.get({ namespace, name: "a" }), undefined);
  });

  it("lists again when its revision is no longer kept, and tells what it missed", async () => {
    await cluster.client.create(ConfigMap, configMap("stays"));
    await cluster.client.create(ConfigMap, configMap("goes"));
    const gap = new Gap(cluster.client);
    const informer = inform(gap.client);
    await next(informer.onChange);
    await cluster.client.delete(ConfigMap, { namespace, name: "goes" });
    await cluster.client.create(ConfigMap, configMap("comes"));
    const batch = next(informer.onChange);
    gap.end(expiredError("too old resource version"));
    assert.deepEqual((await batch).map(describeChange).sort(), ["added comes", "removed goes"]);
  });

  it("goes on from where it stood when a watch ends by itself", async () => {
    const gap = new Gap(cluster.client);
    const informer = inform(gap.client);
    await next(informer.onChange);
    await cluster.client.create(ConfigMap, configMap("a"));
    const batch = next(informer.onChange);
    gap.end();
    assert.deepEqual((await batch).map(describeChange), ["added a"]);
    assert.equal(gap.lists, 1);
  });

  it("reports a failure and tries again", async () => {
    const gap = new Gap(cluster.client);
    const informer = inform(gap.client);
    await next(informer.onChange);
    const failure = next(informer.onFailure);
    gap.end(unavailableError("down"));
    assert.match(String(await failure), /down/);
    const batch = next(informer.onChange);
    await cluster.client.create(ConfigMap, configMap("a"));
    assert.deepEqual((await batch).map(describeChange), ["added a"]);
  });

  it("is silent after its disposal", async () => {
    const informer = inform(cluster.client);
    await next(informer.onChange);
    let heard = 0;
    informer.onChange(() => heard++);
    informer.dispose();
    await cluster.client.create(ConfigMap, configMap("a"));
    await cluster.client.list(ConfigMap);
    assert.equal(heard, 0);
  });
});

/** A client whose first watch can be cut off from the server, and ended as a server ends it. */
class Gap {
  lists = 0;
  private readonly ended = Promise.withResolvers<Error | undefined>();
  private isFirst = true;
  readonly client: ResourceClient;

  constructor(real: ResourceClient) {
    const lists = (): void => void this.lists++;
    const first = (): Promise<Error | undefined> | undefined => {
      const isFirst = this.isFirst;
      this.isFirst = false;
      return isFirst ? this.ended.promise : undefined;
    };
    this.client = Object.assign(Object.create(real) as ResourceClient, {
      list: (...args: Parameters<ResourceClient["list"]>) => {
        lists();
        return real.list(...args);
      },
      async *watch(
        kind: typeof ConfigMap,
        query: ListQuery,
        signal: AbortSignal,
      ): AsyncIterable<readonly WatchEvent<ConfigMapObject>[]> {
        const held = first();
        if (!held) return yield* real.watch(kind, query, signal);
        const failure = await held;
        if (failure) throw failure;
      },
    });
  }

  end(failure?: Error): void {
    this.ended.resolve(failure);
  }
}

function configMap(name: string): ConfigMapObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { namespace, name },
    data: { key: "one" },
  };
}

function next<T>(event: Event<T>): Promise<T> {
  return new Promise((resolve) => {
    const listening = event((value) => {
      listening.dispose();
      resolve(value);
    });
  });
}

/** Waits for a change, unless it was heard already. */
function record(informer: Informer<ConfigMapObject>): (text: string) => Promise<void> {
  const heard: string[] = [];
  informer.onChange((batch) => void heard.push(...batch.map(describeChange)));
  return async (text) => {
    while (!heard.includes(text)) await next(informer.onChange);
  };
}

function describeChange({ old, now }: Change<ConfigMapObject>): string {
  const name = ((now ?? old) as KubeObject).metadata.name;
  return `${now ? (old ? "changed" : "added") : "removed"} ${name}`;
}

function namesIn(informer: Informer<ConfigMapObject>): readonly string[] {
  return [...informer.values()].map(({ metadata }) => metadata.name);
}
