// Assembles the cluster: the only file of the core that knows all its parts.
import { KindRegistry } from "../api/kind.ts";
import { builtInKinds } from "../api/kinds/index.ts";
import type { SchedulingExplanation } from "../api/schedulingExplanation.ts";
import { Random } from "../base/random.ts";
import type { Instant } from "../base/time.ts";
import { bootstrap } from "./bootstrap.ts";
import { VirtualClock } from "./clock.ts";
import type { ClusterSpec } from "./defaultCluster.ts";
import { Faults } from "./faults.ts";
import type { LocalClient } from "./localClient.ts";
import { namespaceLifecycle } from "./registry/admission/namespaceLifecycle.ts";
import { defaultTolerationSeconds, priority } from "./registry/admission/podDefaults.ts";
import { serviceAccount } from "./registry/admission/serviceAccount.ts";
import { ApiServer } from "./registry/apiServer.ts";
import { compactPeriodically } from "./registry/compactor.ts";
import { expireEvents } from "./registry/eventTtl.ts";
import { serviceAddresses } from "./registry/serviceAddresses.ts";
import { Store, type StoreBackend, type StoreEvent } from "./store/store.ts";
import { Trace } from "./trace.ts";

/** The admission chain, in kube-apiserver's order. Source: RecommendedPluginOrder, 1.34. */
const admission = [
  namespaceLifecycle,
  serviceAccount,
  priority,
  defaultTolerationSeconds,
  serviceAddresses,
];

export interface EngineOptions {
  /** Where the cluster's clock starts, unless the history ends later. */
  readonly now: Instant;
  readonly seed: number;
  readonly spec: ClusterSpec;
  /** What was stored before. */
  readonly history?: StoredHistory;
  readonly backend?: StoreBackend;
}

/** What `Store.restore` takes. */
export interface StoredHistory {
  readonly events: Iterable<StoreEvent>;
  readonly compactRevision: number;
}

export class Engine {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly trace: Trace;
  readonly apiServer: ApiServer;
  readonly faults: Faults;

  constructor({ now, seed, history, backend }: EngineOptions) {
    const events = [...(history?.events ?? [])];
    this.clock = new VirtualClock(Math.max(now, events.at(-1)?.at ?? 0));
    this.store = new Store(() => this.clock.now(), backend);
    this.store.restore(events, history?.compactRevision);
    this.trace = new Trace(this.clock);
    // A restored engine must not draw the same names again.
    const random = new Random(seed).fork(`revision ${this.store.revision}`);
    this.apiServer = new ApiServer({
      clock: this.clock,
      store: this.store,
      trace: this.trace,
      random,
      kinds: new KindRegistry(builtInKinds),
      admission,
    });
    expireEvents(this.store, this.clock);
    compactPeriodically(this.store, this.clock);
    bootstrap(this.client("system:apiserver"));
    this.faults = new Faults({ setPower() {}, setRunning() {} }, this.trace);
  }

  /** A client of the API server for someone inside the engine. */
  client(user: string): LocalClient {
    return this.apiServer.client(user);
  }

  /** The matrix behind a `schedule` event of the trace. */
  explain(_scheduleEventId: number): SchedulingExplanation | undefined {
    return undefined;
  }
}
