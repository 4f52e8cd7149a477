// Probes the containers of one Pod at their periods. It ticks only while a result can still change
// something: a probe that has settled for good sleeps until its container is another.
// Source: pkg/kubelet/prober, kubernetes v1.34.
import type { Container, Pod, Probe } from "../../api/types.ts";
import type { Disposable } from "../../base/disposable.ts";
import type { Instant } from "../../base/time.ts";
import type { NodeServices } from "./nodeServices.ts";
import { recordPodEvent } from "./podEvents.ts";
import type { ContainerProbeResults, ProbeOutcome, ProbeType } from "./podView.ts";
import { type ProbeResult, runProbe } from "./probeAction.ts";
import {
  afterResult,
  isDue,
  newProbeState,
  type ProbeState,
  periodOf,
  probeOf,
  probeTypes,
} from "./probes.ts";
import { newestOf } from "./runtimeState.ts";
import { runSteps } from "./steps.ts";

interface Worker {
  readonly container: Container;
  readonly type: ProbeType;
  readonly probe: Probe;
  readonly beganAt: Instant;
  containerId: string | undefined;
  state: ProbeState;
  timer: Disposable | undefined;
  /** The probe that is under way. */
  running: Disposable | undefined;
}

/** Hears of every result that counts from now on. */
export type SettledListener = (container: string, type: ProbeType, outcome: ProbeOutcome) => void;

export class Prober implements Disposable {
  private readonly workers: Worker[] = [];
  private isStopping = false;

  constructor(
    private readonly services: NodeServices,
    private readonly pod: () => Pod,
    private readonly settled: SettledListener,
  ) {
    const { containers, initContainers = [] } = pod().spec;
    for (const container of [...initContainers, ...containers])
      for (const type of probeTypes) this.addWorker(container, type);
  }

  /** The results that count, by container id. */
  results(): ReadonlyMap<string, ContainerProbeResults> {
    const results = new Map<string, ContainerProbeResults>();
    for (const { containerId, type, state } of this.workers)
      if (containerId !== undefined)
        results.set(containerId, { ...results.get(containerId), [type]: state.settled });
    return results;
  }

  /** Looks at which containers run now: to be called after each report of the Pod's status. */
  observe(): void {
    const runtime = this.services.runtime.state(this.uid);
    for (const worker of this.workers) {
      const instance = newestOf(runtime, worker.container.name);
      if (instance?.state !== "running") this.rest(worker);
      else if (instance.id !== worker.containerId) this.begin(worker, instance.id);
    }
  }

  /** The Pod is being deleted: only readiness is probed on. */
  stopLivenessAndStartup(): void {
    this.isStopping = true;
    for (const worker of this.workers) if (worker.type !== "readiness") this.rest(worker);
  }

  dispose(): void {
    for (const worker of this.workers) this.rest(worker);
  }

  private addWorker(container: Container, type: ProbeType): void {
    const probe = probeOf(container, type);
    if (!probe) return;
    this.workers.push({
      container,
      type,
      probe,
      beganAt: this.services.clock.now(),
      containerId: undefined,
      state: newProbeState(type),
      timer: undefined,
      running: undefined,
    });
  }

  private begin(worker: Worker, containerId: string): void {
    this.rest(worker);
    worker.containerId = containerId;
    worker.state = newProbeState(worker.type);
    // A container that is up is probed for readiness at once, not at the next tick.
    if (
      worker.type === "readiness" &&
      !worker.container.startupProbe &&
      !worker.probe.initialDelaySeconds
    )
      this.schedule(worker, this.services.clock.now());
    else this.schedule(worker, this.nextTick(worker));
  }

  private rest(worker: Worker): void {
    worker.timer?.dispose();
    worker.timer = undefined;
    worker.running?.dispose();
    worker.running = undefined;
  }

  private nextTick({ beganAt, probe }: Worker): Instant {
    const period = periodOf(probe);
    const passed = this.services.clock.now() - beganAt;
    return beganAt + (Math.floor(passed / period) + 1) * period;
  }

  private schedule(worker: Worker, at: Instant): void {
    if (this.isStopping && worker.type !== "readiness") return;
    const { clock } = this.services;
    const why = `${worker.type} probe of ${worker.container.name}`;
    worker.timer = clock.after(at - clock.now(), why, () => this.tick(worker));
  }

  private tick(worker: Worker): void {
    const { runtime, clock } = this.services;
    const instance = newestOf(runtime.state(this.uid), worker.container.name);
    if (instance?.state !== "running" || instance.id !== worker.containerId) {
      this.rest(worker);
      return;
    }
    const hasStarted = !worker.container.startupProbe || this.hasStarted(worker);
    const age = { startedAt: instance.startedAt ?? clock.now(), hasStarted };
    if (isDue(worker, age, clock.now())) this.probe(worker);
    else this.schedule(worker, this.nextTick(worker));
  }

  private probe(worker: Worker): void {
    const { clock } = this.services;
    const { containerId } = worker;
    let isOver = false;
    const steps = runProbe(this.services, this.pod(), worker);
    const running = runSteps(clock, steps, (result) => {
      isOver = true;
      worker.running = undefined;
      // A result that comes late may be of a container that is no more.
      if (worker.containerId !== containerId) return;
      this.take(worker, result);
      if (this.mayChange(worker)) this.schedule(worker, this.nextTick(worker));
      else this.rest(worker);
    });
    if (!isOver) worker.running = running;
  }

  private take(worker: Worker, result: ProbeResult): void {
    const { container, type } = worker;
    if (result.outcome !== "success") this.tell(worker, result);
    if (result.outcome === "error") return;
    const before = worker.state;
    worker.state = afterResult(before, result.outcome, worker);
    if (worker.state.settled === before.settled) return;
    if (type === "startup") this.wakeOthers(worker);
    this.settled(container.name, type, worker.state.settled);
  }

  private tell(
    { container, type }: Worker,
    { outcome, message: why }: Exclude<ProbeResult, { outcome: "success" }>,
  ): void {
    const how = outcome === "failure" ? "failed" : "errored and resulted in unknown state";
    const message = `${titleOf(type)} probe ${how}: ${why}`;
    const event = { type: "Warning", reason: "Unhealthy", message, container } as const;
    recordPodEvent(this.services.events, this.pod(), event);
  }

  /** Once a container has started, its other probes begin; readiness does so at once. */
  private wakeOthers({ container }: Worker): void {
    for (const other of this.workers)
      if (other.container === container && other.type === "readiness") {
        this.rest(other);
        this.schedule(other, this.services.clock.now());
      }
  }

  private hasStarted({ container }: Worker): boolean {
    return this.workers.some(
      (other) =>
        other.container === container &&
        other.type === "startup" &&
        other.state.settled === "success",
    );
  }

  /** False once nothing can come of it: it waits for a new container. */
  private mayChange({ type, state }: Worker): boolean {
    return !state.isOnHold && !(type === "startup" && state.settled === "success");
  }

  private get uid(): string {
    return this.pod().metadata.uid ?? "";
  }
}

function titleOf(type: ProbeType): string {
  return type.slice(0, 1).toUpperCase() + type.slice(1);
}
