// Looks at every change of a cluster: what must never be so, however short.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { isTerminal, Pod } from "../../../src/api/kinds/pod/kind.ts";
import { podRequests } from "../../../src/api/kinds/pod/requests.ts";
import { addAmounts, amountOf, compareAmounts, quantityText } from "../../../src/api/quantity.ts";
import type { Node, Pod as PodObject } from "../../../src/api/types.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { LocalInformer } from "../../../src/engine/localInformer.ts";

export class Watchdog {
  /** By uid: Pods that are bound and have not ended. */
  private readonly bound = new Map<string, PodObject>();
  /** By uid: where each Pod was bound to, whether it is still there or not. */
  private readonly nodes = new Map<string, string>();
  private readonly hash = createHash("sha256");
  private readonly pods: LocalInformer<PodObject>;

  constructor(private readonly engine: Engine) {
    this.pods = new LocalInformer(Pod, engine.apiServer);
    const { store } = engine;
    store.watch("", store.revision, ({ revision, key, entry }) => {
      this.hash.update(`${revision} ${key} ${JSON.stringify(entry?.value)}\n`);
    });
    store.watch("/registry/pods/", store.revision, ({ entry, previous }) =>
      this.podChanged(
        entry?.value as PodObject | undefined,
        previous?.value as PodObject | undefined,
      ),
    );
  }

  /** Names the whole history so far: two of one seed have the same. */
  digest(): string {
    return this.hash.copy().digest("hex");
  }

  /** What an informer holds must be what the store has, once nothing is under way. */
  checkInformer(): void {
    const listed = this.engine.client("kubernetes-admin").list<PodObject>(Pod).items;
    const versions = (pods: readonly PodObject[]): readonly string[] =>
      pods.map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`).toSorted();
    assert.deepEqual(versions(this.pods.list()), versions(listed), "the informer is up to date");
  }

  private podChanged(now: PodObject | undefined, before: PodObject | undefined): void {
    const { uid = "", name } = (now ?? before)?.metadata ?? { name: "" };
    const node = now?.spec.nodeName;
    const known = this.nodes.get(uid);
    if (now) assert.ok(known === undefined || known === node, `${name} moved to ${node}`);
    if (!now || !node || isTerminal(now)) {
      this.bound.delete(uid);
      return;
    }
    this.nodes.set(uid, node);
    const isNew = !this.bound.has(uid);
    this.bound.set(uid, now);
    if (isNew) this.checkRoom(node);
    if (now.status?.podIP !== before?.status?.podIP) this.checkAddress(now);
  }

  private checkRoom(name: string): void {
    const key = `/registry/minions/${name}`;
    const [entry] = this.engine.store.range(key).entries;
    const { allocatable = {} } = (entry?.value as Node | undefined)?.status ?? {};
    const pods = [...this.bound.values()].filter(({ spec }) => spec.nodeName === name);
    for (const resource of ["cpu", "memory"]) {
      const requests = pods.map((pod) => podRequests(pod).get(resource) ?? amountOf("0"));
      const total = requests.reduce(addAmounts, amountOf("0"));
      const limit = amountOf(allocatable[resource] ?? "0");
      const isWithin = compareAmounts(total, limit) <= 0;
      assert.ok(isWithin, `${name} has ${quantityText(total)} of ${resource} bound to it`);
    }
    assert.ok(pods.length <= Number(allocatable.pods ?? 0), `${name} has ${pods.length} Pods`);
  }

  private checkAddress({ spec, status, metadata }: PodObject): void {
    const address = status?.podIP;
    if (!address || spec.hostNetwork) return;
    for (const other of this.bound.values())
      assert.ok(
        other.metadata.uid === metadata.uid ||
          other.spec.hostNetwork ||
          other.status?.podIP !== address,
        `${metadata.name} and ${other.metadata.name} have ${address}`,
      );
  }
}
