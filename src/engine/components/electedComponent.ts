// kube-scheduler and kube-controller-manager: processes that work while they hold their Lease, and end
// when they cannot renew it. Source: client-go tools/leaderelection, component-base defaults, 1.34.
import type { ComponentName } from "../../api/clusterStatus.ts";
import { type Disposable, DisposableStore, disposable } from "../../base/disposable.ts";
import { type Millis, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { ComponentLog } from "../componentLog.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import { refusalText } from "../registry/transportErrors.ts";
import type { Component } from "./component.ts";

/** Source: LeaderElectionConfiguration: retryPeriod and renewDeadline. */
const retryMs: Millis = 2 * second;
const renewDeadlineMs: Millis = 10 * second;

export interface ElectedComponentWorld {
  readonly clock: Clock;
  readonly name: ComponentName;
  /** Where it tells how it is. */
  readonly port: number;
  readonly apiServer: Pick<ApiServer, "isServing" | "onServing">;
  /** Does the work, until it is disposed. */
  lead(): Disposable;
}

export class ElectedComponent implements Component {
  readonly log: ComponentLog;
  private process: DisposableStore | undefined;
  private exited: (code: number) => void = () => undefined;

  constructor(private readonly world: ElectedComponentWorld) {
    this.log = new ComponentLog(world.clock);
  }

  get isRunning(): boolean {
    return this.process !== undefined;
  }

  get ports(): readonly number[] {
    return [this.world.port];
  }

  health(): number | undefined {
    return this.isRunning ? 200 : undefined;
  }

  start(exited: (code: number) => void): void {
    this.exited = exited;
    if (this.process) return;
    this.process = new DisposableStore();
    this.log.klog("I", startedBy[this.world.name] ?? "main.go:1", `"Starting" version="v1.34.1"`);
    this.log.klog(
      "I",
      "leaderelection.go:257",
      `attempting to acquire leader lease ${this.lease}...`,
    );
    this.acquire(this.process);
  }

  stop(): void {
    this.process?.dispose();
    this.process = undefined;
  }

  private get lease(): string {
    return `kube-system/${this.world.name}`;
  }

  private acquire(process: DisposableStore): void {
    const { apiServer, clock, lead, name } = this.world;
    if (!apiServer.isServing) {
      this.cannotReach("leaderelection.go:441");
      const again = (): void => this.acquire(process);
      process.add(clock.after(retryMs, `${name} tries to get its lease`, again));
      return;
    }
    this.log.klog("I", "leaderelection.go:271", `successfully acquired lease ${this.lease}`);
    process.add(lead());
    process.add(this.renew());
  }

  /** Renewals that succeed are left out: only a server that is away makes a difference. */
  private renew(): Disposable {
    const { apiServer, clock, name } = this.world;
    let failing: Disposable | undefined;
    const listening = apiServer.onServing((isServing) => {
      failing?.dispose();
      if (isServing) return;
      const lost = clock.after(renewDeadlineMs, `${name} gives up its lease`, () => {
        const why = `failed to renew lease ${this.lease}: context deadline exceeded`;
        this.log.klog("I", "leaderelection.go:297", why);
        this.log.klog("E", "server.go:288", `"Leaderelection lost"`);
        this.stop();
        this.exited(1);
      });
      const failed = (): void => this.cannotReach("leaderelection.go:436");
      const trying = clock.every(retryMs, `${name} tries to renew its lease`, failed);
      failing = disposable(() => {
        lost.dispose();
        trying.dispose();
      });
    });
    return disposable(() => {
      listening.dispose();
      failing?.dispose();
    });
  }

  private cannotReach(source: string): void {
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
    const refusal = refusalText("Get", `${leases}/${this.world.name}?timeout=5s`);
    this.log.klog("E", source, `error retrieving resource lock ${this.lease}: ${refusal}`);
  }
}

/** Where in its code each component says that it starts. */
const startedBy: Partial<Record<ComponentName, string>> = {
  "kube-scheduler": "server.go:175",
  "kube-controller-manager": "controllermanager.go:189",
};
