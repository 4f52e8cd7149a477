// Random users and random faults on a whole cluster: what must hold whatever happens.
import assert from "node:assert/strict";
import type { Fault } from "../src/api/fault.ts";
import type { Kind } from "../src/api/kind.ts";
import { builtInKinds } from "../src/api/kinds/index.ts";
import { Pod } from "../src/api/kinds/pod/kind.ts";
import { type KubeObject, keyOf } from "../src/api/object.ts";
import { ApiError } from "../src/api/status.ts";
import type { Pod as PodObject } from "../src/api/types.ts";
import { Random } from "../src/base/random.ts";
import { minute, second } from "../src/base/time.ts";
import { defaultCluster } from "../src/engine/defaultCluster.ts";
import { Engine } from "../src/engine/engine.ts";
import type { LocalClient } from "../src/engine/localClient.ts";

const seeds = 20;
const steps = 40;

const images = ["nginx:1.27", "nginx:9.99", "busybox:1.36", "redis:7", "example.com/unknown:1"];
const scripts = [
  undefined,
  ["sleep", "30"],
  ["false"],
  ["sh", "-c", "echo hello; sleep 3; exit 1"],
];
const faults: readonly Fault[] = [
  { type: "powerOff", node: "worker-1" },
  { type: "powerOff", node: "worker-2" },
  { type: "powerOff", node: "worker-3" },
  { type: "stopComponent", component: "kube-scheduler" },
  { type: "stopComponent", component: "kube-controller-manager" },
  { type: "stopEtcdMember", member: "etcd-0" },
  { type: "stopEtcdMember", member: "etcd-1" },
  { type: "cutOffEtcdMember", member: "etcd-2" },
];

describe("any history", () => {
  for (let seed = 1; seed <= seeds; seed++)
    it(`ends without a broken invariant, and no bound Pod moves: seed ${seed}`, () => {
      const nodes = new Map<string, string>();
      const engine = makeEngine(seed);
      engine.store.watch("/registry/pods/", engine.store.revision, ({ entry }) => {
        const { metadata, spec } = (entry?.value ?? { metadata: {}, spec: {} }) as PodObject;
        const { uid = "" } = metadata;
        const before = nodes.get(uid);
        assert.ok(before === undefined || before === spec.nodeName, `${metadata.name} moved`);
        if (spec.nodeName) nodes.set(uid, spec.nodeName);
      });
      live(engine, seed);
    });

  it("is the same for the same seed", () => {
    const [first, second_] = [makeEngine(7), makeEngine(7)];
    for (const engine of [first, second_]) live(engine, 7);
    assert.equal(first.store.revision, second_.store.revision);
    assert.deepEqual(first.trace.since(1), second_.trace.since(1));
  });
});

function makeEngine(seed: number): Engine {
  const engine = new Engine({ now: Date.UTC(2026, 0, 31, 9), seed, spec: defaultCluster });
  engine.setEtcdMembers(3);
  return engine;
}

/** Some minutes in the life of a cluster with restless users. */
function live(engine: Engine, seed: number): void {
  const random = new Random(seed).fork("users");
  const client = engine.client("user");
  for (let step = 0; step < steps; step++) {
    tolerate(() => act(engine, client, random));
    engine.clock.run(random.below(30) * second);
  }
  engine.clock.run(10 * minute);
}

function act(engine: Engine, client: LocalClient, random: Random): void {
  const choice = random.below(8);
  if (choice < 3) client.create(Pod, randomPod(random));
  else if (choice < 5) deleteOne(client, pick(random, builtInKinds), random);
  else if (choice < 6) engine.faults.inject(pick(random, faults));
  else engine.faults.heal(pick(random, faults));
}

function randomPod(random: Random): PodObject {
  const command = pick(random, scripts);
  const cpu = `${random.below(3_000)}m`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `pod-${random.below(20)}`, namespace: "default" },
    spec: {
      containers: [
        {
          name: "app",
          image: pick(random, images),
          resources: { requests: { cpu } },
          ...(command ? { command } : {}),
        },
      ],
    },
  };
}

function deleteOne(client: LocalClient, kind: Kind, random: Random): void {
  const { items } = client.list<KubeObject>(kind);
  if (items.length > 0) client.delete(kind, keyOf(pick(random, items)));
}

/** A refusal is an answer like any other. */
function tolerate(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)] as T;
}
