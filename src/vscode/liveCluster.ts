// A running cluster with what this window knows of it: shared by the tree, the timeline and commands.
import { DisposableStore } from "../base/disposable.ts";
import { Emitter } from "../base/emitter.ts";
import type { EmbeddedCluster } from "../client/embeddedCluster.ts";
import { LiveFacts } from "./clusterFacts.ts";
import { ReadinessHistory } from "./readiness.ts";
import type { Session } from "./session.ts";

export class LiveCluster extends DisposableStore {
  readonly facts: LiveFacts;
  readonly readiness = new ReadinessHistory();

  constructor(readonly cluster: EmbeddedCluster) {
    super();
    this.facts = this.add(new LiveFacts(cluster));
    this.add(
      this.facts.onChange(({ nodes }) => {
        for (const name of nodes) {
          const node = this.facts.nodes.get(name);
          if (node) this.readiness.observe(node);
        }
      }),
    );
  }
}

/** The session's cluster as it comes and goes. */
export class LiveClusters extends DisposableStore {
  private current: LiveCluster | undefined;
  private readonly changes = this.add(new Emitter<void>());
  /** Fires when the cluster, or what runs in it, has changed. */
  readonly onChange = this.changes.event;
  private waiting: ((live: LiveCluster) => void)[] = [];

  /** @param changed called with each new cluster, and with undefined when there is none any more */
  constructor(session: Session, changed: (live: LiveCluster | undefined) => void) {
    super();
    this.add(
      session.onState((state) => {
        const cluster = state.phase === "running" ? state.cluster : undefined;
        if (cluster === this.current?.cluster) return;
        this.current?.dispose();
        this.current = cluster && new LiveCluster(cluster);
        changed(this.current);
        this.current?.facts.onChange(({ nodes, pods }) => {
          if (nodes.size + pods.length > 0) this.changes.fire();
        });
        this.changes.fire();
        if (!this.current) return;
        for (const resolve of this.waiting.splice(0)) resolve(this.current);
      }),
    );
    this.add({ dispose: () => this.current?.dispose() });
  }

  get live(): LiveCluster | undefined {
    return this.current;
  }

  /** The cluster that runs, or the next one; nothing is started. */
  ready(): Promise<LiveCluster> {
    const { current } = this;
    if (current) return Promise.resolve(current);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
