// The filters of one cycle: the plugins that PreFilter left in, with the state they made for it.
// Source: RunFilterPluginsWithNominatedPods, kubernetes v1.34 pkg/scheduler/framework/runtime/framework.go
import {
  type Cycle,
  type FilterTrial,
  failed,
  fits,
  isRejection,
  type Plugin,
  type Status,
  type Verdict,
} from "./framework.ts";
import type { NodeInfo } from "./nodeInfo.ts";
import type { PodInfo } from "./podInfo.ts";

type Filter = NonNullable<Plugin["filter"]>;

export class FilterRun implements FilterTrial {
  /** The plugin that gave the last rejection. Kept here so that verdicts can be shared constants. */
  rejectedBy = "";
  private readonly hasNominatedPods: boolean;
  private readonly filters: readonly Filter[];

  constructor(
    readonly cycle: Cycle,
    /** Plugins that filter, and nothing else. */
    readonly plugins: readonly Plugin[],
    private readonly states: readonly unknown[],
  ) {
    this.hasNominatedPods = cycle.snapshot.hasNominatedPods;
    this.filters = plugins.flatMap(({ filter }) => filter ?? []);
  }

  /** The first rejection of the node as it is given, or `fits`. */
  verdictAlone(node: NodeInfo): Verdict {
    const { cycle, filters, states } = this;
    for (let i = 0; i < filters.length; i++) {
      const verdict = (filters[i] as Filter)(cycle, node, states[i]);
      if (verdict === fits) continue;
      this.rejectedBy = this.plugins[i]?.name ?? "";
      return isRejection(verdict) ? verdict : this.failure(verdict);
    }
    return fits;
  }

  /**
   * The verdict that counts: a node must do both with the Pods that are nominated to it, as far as
   * they are no less important, and without them, since they may never come.
   */
  verdict(node: NodeInfo): Verdict {
    if (this.hasNominatedPods) {
      const nominated = this.nominatedTo(node);
      if (nominated.length > 0) {
        const verdict = this.verdictWith(node, nominated);
        if (verdict !== fits) return verdict;
      }
    }
    return this.verdictAlone(node);
  }

  test(node: NodeInfo): Status {
    const verdict = this.verdict(node);
    return verdict === fits ? fits : { plugin: this.rejectedBy, ...verdict };
  }

  /** What one plugin says of a node, the others set aside. */
  verdictOf(plugin: Plugin, node: NodeInfo): Verdict {
    return plugin.filter?.(this.cycle, node, this.stateOf(plugin)) ?? fits;
  }

  stateOf(plugin: Plugin): unknown {
    return this.states[this.plugins.indexOf(plugin)];
  }

  /** The same filters with states of their own. */
  fork(): FilterRun {
    const states = this.states.map((state, i) => this.plugins[i]?.cloneState?.(state) ?? state);
    return new FilterRun(this.cycle, this.plugins, states);
  }

  addPod(pod: PodInfo, node: NodeInfo): void {
    this.plugins.forEach((plugin, i) => {
      plugin.addPod?.(this.cycle, this.states[i], pod, node);
    });
  }

  removePod(pod: PodInfo, node: NodeInfo): void {
    this.plugins.forEach((plugin, i) => {
      plugin.removePod?.(this.cycle, this.states[i], pod, node);
    });
  }

  private failure({ reasons }: Verdict): Verdict {
    return failed(
      `running ${JSON.stringify(this.rejectedBy)} filter plugin: ${reasons.join(", ")}`,
    );
  }

  private nominatedTo(node: NodeInfo): readonly PodInfo[] {
    const { pod, snapshot } = this.cycle;
    return snapshot
      .nominatedTo(node.name)
      .filter((other) => other.priority >= pod.priority && other.id !== pod.id);
  }

  private verdictWith(node: NodeInfo, nominated: readonly PodInfo[]): Verdict {
    const trial = this.fork();
    let fuller = node;
    for (const pod of nominated) {
      fuller = fuller.withPod(pod);
      trial.addPod(pod, fuller);
    }
    const verdict = trial.verdictAlone(fuller);
    this.rejectedBy = trial.rejectedBy;
    return verdict;
  }
}
