// Brings one Pod to what its spec says, step by step, and reports how it stands. One sync at a time:
// what happens meanwhile makes another one follow.
// Source: pkg/kubelet/pod_workers.go and kubelet.go syncPod, kubernetes v1.34.
import { dequal } from "dequal";
import type { Container, ContainerStatus, Pod, PodCondition, PodStatus } from "../../api/types.ts";
import type { Disposable } from "../../base/disposable.ts";
import { type Instant, parseTime, second } from "../../base/time.ts";
import { evictionGraceMs, podBackoffJitter, podBackoffMs } from "../limits.ts";
import { ContainerStarter } from "./containerStarter.ts";
import type { NodeServices } from "./nodeServices.ts";
import { isOwnCondition } from "./podConditions.ts";
import { recordPodEvent } from "./podEvents.ts";
import { type PodActions, podActions } from "./podLifecycle.ts";
import { createSandbox, mountVolumes, tellSandboxChanged } from "./podSetup.ts";
import {
  activeDeadline,
  deadlineExceeded,
  podStatusOf,
  type StatusOptions,
  type Verdict,
} from "./podStatus.ts";
import type { PodStatusWriter } from "./podStatusWriter.ts";
import { killContainer, stopPod } from "./podTermination.ts";
import type { Obstacle, PodView } from "./podView.ts";
import { Prober } from "./prober.ts";
import type { ContainerInstance } from "./runtimeState.ts";
import { pause, runSteps, type Steps } from "./steps.ts";

/** What the worker is at. A Pod only ever goes down this list. */
type Stage = "syncing" | "terminating" | "terminated" | "finished";

interface Outcome {
  /** The stage that follows at once. */
  readonly next?: Stage;
  /** Something failed: try again after a while. */
  readonly hasFailed?: boolean;
  /** Something was started or stopped: look again when the runtime is listed next. */
  readonly hasActed?: boolean;
}

export interface PodWorkerOptions {
  /** The Pod ran already when the kubelet started. */
  readonly isAdopted?: boolean;
  /** Called once nothing of the Pod runs any more, whatever becomes of it in the API. */
  finished(): void;
}

export class PodWorker implements Disposable {
  stage: Stage = "syncing";
  /** The API has no such Pod any more. */
  isGone = false;
  private reported: PodStatus;
  private lastSyncAt: Instant | undefined;
  private running: Disposable | undefined;
  private isAgain = false;
  private due: { readonly at: Instant; readonly timer: Disposable } | undefined;
  private deadline: Disposable | undefined;
  private hasVolumes = false;
  private eviction: Verdict | undefined;
  private readonly finished: () => void;
  private readonly obstacles = new Map<string, Obstacle>();
  private readonly prober: Prober;
  private readonly starter: ContainerStarter;

  constructor(
    private readonly services: NodeServices,
    private readonly writer: PodStatusWriter,
    public pod: Pod,
    { isAdopted = false, finished }: PodWorkerOptions,
  ) {
    this.finished = finished;
    this.reported = pod.status ?? {};
    this.hasVolumes = isAdopted;
    this.prober = new Prober(
      services,
      () => this.pod,
      (_container, type) => {
        if (this.stage === "finished") return;
        this.report();
        if (type !== "readiness" || this.stage === "syncing") this.wake();
      },
    );
    this.starter = new ContainerStarter(services, () => this.pod);
    if (isTerminal(this.reported)) this.stage = "finished";
    else if (pod.metadata.deletionTimestamp !== undefined) this.stage = "terminating";
    this.armDeadline();
    this.wake();
  }

  get uid(): string {
    return this.pod.metadata.uid ?? "";
  }

  /** The API has another version of the Pod. */
  update(pod: Pod): void {
    const before = this.pod;
    this.pod = pod;
    const isDeleted = pod.metadata.deletionTimestamp !== undefined;
    const wasDeleted = before.metadata.deletionTimestamp !== undefined;
    if (this.stage === "finished") {
      if (isDeleted && !wasDeleted) this.wake();
      return;
    }
    if (pod.spec.activeDeadlineSeconds !== before.spec.activeDeadlineSeconds) this.armDeadline();
    if (isDeleted && !wasDeleted) this.terminate();
    else if (isDeleted && graceSeconds(pod) < graceSeconds(before)) this.terminate();
    else if (pod.metadata.generation !== before.metadata.generation) this.wake();
    else if (hasGates(pod) || this.isOverwritten(pod)) this.report();
  }

  /** The API has no such Pod any more: what is left of it stops, and is reported to nobody. */
  vanish(): void {
    this.isGone = true;
    if (this.stage === "syncing") this.terminate();
  }

  /** The kubelet ends the Pod to free what its node is short of. */
  evict(verdict: Verdict): void {
    if (this.stage !== "syncing") return;
    this.eviction = { ...verdict, isDisruption: true };
    this.tell("Warning", verdict.reason, verdict.message);
    this.terminate();
  }

  /** A process of the Pod has ended. */
  containerExited({ name, exitCode = 0, reason = "" }: ContainerInstance): void {
    this.services.observe(this.pod, "exited", `exit code ${exitCode} (${reason})`, name);
    if (this.running) this.isAgain = true;
    else this.schedule(this.services.relistAfter(this.services.clock.now()));
  }

  dispose(): void {
    this.running?.dispose();
    this.due?.timer.dispose();
    this.deadline?.dispose();
    this.prober.dispose();
  }

  private terminate(): void {
    if (this.stage === "syncing") this.stage = "terminating";
    if (this.stage !== "terminating") return;
    // What is under way is given up: a shorter grace period counts from now.
    this.running?.dispose();
    this.running = undefined;
    this.due?.timer.dispose();
    this.due = undefined;
    this.lastSyncAt = undefined;
    this.wake();
  }

  /** Syncs as soon as may be: not before the runtime was listed after the last sync. */
  private wake(): void {
    if (this.running) {
      this.isAgain = true;
      return;
    }
    const now = this.services.clock.now();
    const { lastSyncAt } = this;
    this.schedule(
      lastSyncAt === undefined ? now : Math.max(now, this.services.relistAfter(lastSyncAt)),
    );
  }

  private schedule(at: Instant): void {
    if (this.due && this.due.at <= at) return;
    this.due?.timer.dispose();
    const { clock } = this.services;
    const why = `sync pod ${this.pod.metadata.name}`;
    this.due = { at, timer: clock.after(Math.max(0, at - clock.now()), why, () => this.run()) };
  }

  private run(): void {
    this.due = undefined;
    let isOver = false;
    const running = runSteps(this.services.clock, this.steps(), (outcome) => {
      isOver = true;
      this.running = undefined;
      this.complete(outcome);
    });
    if (!isOver) this.running = running;
  }

  private steps(): Steps<Outcome> {
    switch (this.stage) {
      case "syncing":
        return this.sync();
      case "terminating":
        return this.stop();
      case "terminated":
      case "finished":
        return this.finish();
    }
  }

  private complete({ next, hasFailed = false, hasActed = false }: Outcome): void {
    const { clock, random } = this.services;
    this.lastSyncAt = clock.now();
    const isAgain = this.isAgain;
    this.isAgain = false;
    if (next) this.stage = next;
    if (this.stage === "finished") {
      this.finished();
      return;
    }
    if (next || isAgain || hasActed) this.wake();
    if (hasFailed && this.stage === "syncing")
      this.schedule(clock.now() + podBackoffMs * (1 + podBackoffJitter * random.fraction()));
  }

  private *sync(): Steps<Outcome> {
    const status = this.report(this.verdict());
    if (isTerminal(status)) return { next: "terminating" };
    if (!this.hasVolumes) yield* mountVolumes(this.services, () => this.pod);
    this.hasVolumes = true;
    const view = this.view();
    const actions = podActions(view);
    const { sandbox } = view.runtime;
    if (actions.createSandbox && sandbox) tellSandboxChanged(this.services, this.pod);
    if (actions.killPod) {
      yield* stopPod(this.services, this.pod);
      if (!actions.createSandbox) return { hasActed: true };
    }
    for (const kill of actions.kill) yield* killContainer(this.services, this.pod, kill);
    if (actions.createSandbox && !(yield* createSandbox(this.services, this.pod)))
      return { hasFailed: true };
    const { hasFailed, hasStarted } = yield* this.startAll(actions);
    return { hasFailed, hasActed: actions.createSandbox || actions.kill.length > 0 || hasStarted };
  }

  /** Init containers hold up what comes after them; a sidecar that cannot start does not. */
  private *startAll({ startEphemeral, startInit, start }: PodActions) {
    let hasFailed = false;
    let hasStarted = false;
    for (const container of [...startEphemeral, ...startInit, ...start]) {
      const runs = yield* this.start(container);
      hasFailed ||= !runs;
      hasStarted ||= runs;
      if (!runs && isPlainInit(this.pod, container.name)) break;
    }
    return { hasFailed, hasStarted };
  }

  private *start(container: Container): Steps<boolean> {
    const obstacle = yield* this.starter.start(container);
    if (obstacle) this.obstacles.set(container.name, obstacle);
    else this.obstacles.delete(container.name);
    return obstacle === undefined;
  }

  private *stop(): Steps<Outcome> {
    this.prober.stopLivenessAndStartup();
    this.report(this.verdict());
    yield* stopPod(this.services, this.pod, this.eviction && evictionGraceMs);
    this.report({ ...this.verdict(), isTerminal: true });
    return { next: "terminated" };
  }

  /** All containers have ended: tidies up, and lets the API forget a Pod that is to be deleted. */
  private *finish(): Steps<Outcome> {
    if (this.stage === "terminated") {
      this.prober.dispose();
      this.deadline?.dispose();
      this.report({ ...this.verdict(), isTerminal: true });
      const { volumeTeardownMs } = this.services.profile.delays;
      yield pause(volumeTeardownMs, `unmount volumes of ${this.pod.metadata.name}`);
    }
    if (this.pod.metadata.deletionTimestamp !== undefined && !this.isGone) {
      this.services.observe(this.pod, "removed", "nothing of the Pod is left on the node");
      this.writer.remove(this.pod);
    }
    return { next: "finished" };
  }

  /** Works out the status, and writes it if it is news. */
  private report(options: StatusOptions = this.verdict()): PodStatus {
    const status = podStatusOf(this.view(), options);
    if (!this.isGone) {
      this.noteReadiness(status);
      const mayRun = this.stage === "syncing" || this.stage === "terminating";
      this.writer.write(this.pod, status, mayRun);
    }
    this.reported = status;
    if (this.stage === "syncing" || this.stage === "terminating") this.prober.observe();
    return status;
  }

  private noteReadiness(status: PodStatus): void {
    for (const { name, ready } of allStatuses(status)) {
      const was = allStatuses(this.reported).find((old) => old.name === name)?.ready ?? false;
      if (was === ready || isPlainInit(this.pod, name)) continue;
      const step = ready ? "ready" : "unready";
      this.services.observe(
        this.pod,
        step,
        `container ${name} is ${ready ? "" : "not "}ready`,
        name,
      );
    }
  }

  private verdict(): StatusOptions {
    if (this.eviction) return { verdict: this.eviction };
    const end = activeDeadline(this.pod, this.reported);
    const isOver = end !== undefined && this.services.clock.now() >= end;
    if (!isOver) return {};
    if (this.reported.reason !== deadlineExceeded.reason && this.stage === "syncing")
      this.tell("Normal", deadlineExceeded.reason, deadlineExceeded.message);
    return { verdict: deadlineExceeded };
  }

  private armDeadline(): void {
    this.deadline?.dispose();
    const { clock } = this.services;
    const started = parseTime(this.reported.startTime ?? "") ?? clock.now();
    const { activeDeadlineSeconds } = this.pod.spec;
    if (activeDeadlineSeconds === undefined) return;
    const left = started + activeDeadlineSeconds * second - clock.now();
    const why = `deadline of ${this.pod.metadata.name}`;
    this.deadline = clock.after(Math.max(0, left), why, () => {
      this.running?.dispose();
      this.running = undefined;
      if (this.stage === "syncing") this.schedule(clock.now());
    });
  }

  /** Someone else wrote into what the kubelet says of the Pod, e.g. while its node was away. */
  private isOverwritten({ status }: Pod): boolean {
    const isOther = ({ type, status: value }: PodCondition): boolean =>
      this.reported.conditions?.find((own) => own.type === type)?.status !== value;
    return (
      !dequal(status?.containerStatuses, this.reported.containerStatuses) ||
      (status?.conditions ?? []).filter(isOwnCondition).some(isOther)
    );
  }

  private view(): PodView {
    const { clock, runtime, nodeAddress } = this.services;
    return {
      pod: this.pod,
      runtime: runtime.state(this.uid),
      probes: this.prober.results(),
      obstacles: this.obstacles,
      reported: this.reported,
      nodeAddress,
      now: clock.now(),
    };
  }

  private tell(type: "Normal" | "Warning", reason: string, message: string): void {
    recordPodEvent(this.services.events, this.pod, { type, reason, message });
  }
}

export function isTerminal({ phase }: PodStatus): boolean {
  return phase === "Succeeded" || phase === "Failed";
}

function graceSeconds({ metadata }: Pod): number {
  return metadata.deletionGracePeriodSeconds ?? Number.POSITIVE_INFINITY;
}

function hasGates({ spec }: Pod): boolean {
  return (spec.readinessGates?.length ?? 0) > 0;
}

function allStatuses(status: PodStatus): readonly ContainerStatus[] {
  return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
}

function isPlainInit({ spec }: Pod, name: string): boolean {
  return (
    spec.initContainers?.some((init) => init.name === name && init.restartPolicy !== "Always") ??
    false
  );
}
