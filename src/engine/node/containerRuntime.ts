// The container runtime of one machine (containerd behind CRI): sandboxes, containers and what becomes
// of their processes. It acts at once; how long things take is for its caller to wait.
import { assert } from "../../base/assert.ts";
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import type { Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { digestOf, type StoredImage } from "./imageStore.ts";
import { ContainerLog } from "./process/containerLog.ts";
import { type ContainerEnd, type ContainerLaunch, LiveContainer } from "./process/liveContainer.ts";
import { ReplayClock } from "./process/replayClock.ts";
import {
  type ContainerInstance,
  newestOf,
  nothingRunning,
  type PodRuntimeState,
  type Sandbox,
} from "./runtimeState.ts";
import type { Steps } from "./steps.ts";

/** What containerd reports of a process of which it lost track. Source: containerd v2.1 cri unknownExitCode. */
const lostCode = 255;

interface Process {
  readonly instance: ContainerInstance;
  readonly container: LiveContainer;
  readonly ended: Set<() => void>;
  killTimer?: Disposable;
}

/** Called when a container's process has ended. */
export type ExitListener = (podUid: string, instance: ContainerInstance) => void;

export class ContainerRuntime {
  private readonly pods = new Map<string, PodRuntimeState>();
  private readonly processes = new Map<string, Process>();
  /** Logs of ended containers. */
  private readonly finished = new Map<string, ContainerLog>();

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly exited: ExitListener,
  ) {}

  /** A new id of a sandbox or container. */
  newId(): string {
    return digestOf(this.random.uuid());
  }

  state(podUid: string): PodRuntimeState {
    return this.pods.get(podUid) ?? nothingRunning;
  }

  /** The Pods of which anything is known. */
  podUids(): readonly string[] {
    return [...this.pods.keys()];
  }

  createSandbox(podUid: string, ip: string | undefined): Sandbox {
    const state = this.state(podUid);
    const attempt = state.sandbox ? state.sandbox.attempt + 1 : 0;
    const sandbox = { id: this.newId(), attempt, isReady: true, ...(ip ? { ip } : {}) };
    this.pods.set(podUid, { ...state, sandbox });
    return sandbox;
  }

  stopSandbox(podUid: string): void {
    const state = this.state(podUid);
    if (state.sandbox)
      this.pods.set(podUid, { ...state, sandbox: { ...state.sandbox, isReady: false } });
  }

  createContainer(podUid: string, name: string, image: StoredImage): ContainerInstance {
    const state = this.state(podUid);
    const last = newestOf(state, name);
    const instance: ContainerInstance = {
      id: `containerd://${this.newId()}`,
      name,
      sandboxId: state.sandbox?.id ?? "",
      image: image.name,
      imageId: image.id,
      attempt: last ? last.attempt + 1 : 0,
      state: "created",
    };
    this.put(podUid, instance);
    return instance;
  }

  /** Starts the newest container of the name. */
  startContainer(podUid: string, name: string, launch: ContainerLaunch): void {
    const created = newestOf(this.state(podUid), name);
    assert(created?.state === "created", `container ${name} is created before it is started`);
    const instance: ContainerInstance = {
      ...created,
      state: "running",
      startedAt: this.clock.now(),
    };
    this.put(podUid, instance);
    this.run(podUid, instance, launch);
  }

  /** The newest container of the name can't be started: its process never was. */
  failContainer(podUid: string, name: string, { exitCode, reason, message }: ContainerEnd): void {
    const created = newestOf(this.state(podUid), name);
    if (!created) return;
    this.put(podUid, {
      ...created,
      state: "exited",
      startedAt: 0,
      finishedAt: this.clock.now(),
      exitCode,
      ...(reason === undefined ? {} : { reason }),
      ...(message === undefined ? {} : { message }),
    });
    this.finished.set(created.id, new ContainerLog(() => this.clock.now()));
  }

  /** Takes over a Pod as another run of this program left it. `launches` of its running containers. */
  adopt(
    podUid: string,
    state: PodRuntimeState,
    launches: ReadonlyMap<string, ContainerLaunch>,
  ): void {
    this.pods.set(podUid, state);
    for (const { now } of state.containers.values()) {
      const launch = launches.get(now.name);
      if (now.state === "running" && launch) this.run(podUid, now, launch);
    }
  }

  /** Sends the stop signal, and SIGKILL after `grace`. Over once the process is gone. */
  *stopContainer(podUid: string, name: string, grace: Millis): Steps {
    const process = this.processOf(podUid, name);
    if (!process) return;
    yield {
      until: (resume) => {
        process.ended.add(resume);
        this.signal(process, grace);
        return disposable(() => process.ended.delete(resume));
      },
    };
  }

  /** All traces of a Pod go. */
  removePod(podUid: string): void {
    for (const { now, before } of this.state(podUid).containers.values()) {
      this.forget(now);
      if (before) this.forget(before);
    }
    this.pods.delete(podUid);
  }

  /** The machine lost power: no process is left, and nobody is told. */
  loseAll(): void {
    for (const process of [...this.processes.values()]) {
      this.end(process);
      this.finished.set(process.instance.id, process.container.log);
    }
  }

  /** Finds after a reboot what became of the containers that ran before. */
  discoverLosses(): void {
    for (const [podUid, state] of this.pods) {
      this.stopSandbox(podUid);
      for (const { now } of state.containers.values())
        if (now.state !== "exited")
          this.put(podUid, {
            ...now,
            state: "exited",
            finishedAt: this.clock.now(),
            exitCode: lostCode,
            reason: "Unknown",
          });
    }
  }

  /** The container that runs now. */
  running(podUid: string, name: string): LiveContainer | undefined {
    return this.processOf(podUid, name)?.container;
  }

  /** SIGKILL for the process of a container. @returns false if none runs */
  kill(podUid: string, name: string): boolean {
    const container = this.running(podUid, name);
    container?.signal("SIGKILL");
    return container !== undefined;
  }

  /** The images on which containers are. */
  usedImages(): ReadonlySet<string> {
    const histories = [...this.pods.values()].flatMap(({ containers }) => [...containers.values()]);
    return new Set(histories.map(({ now }) => now.image));
  }

  /** What a container has written; undefined if it is not known (any more). */
  log(containerId: string): ContainerLog | undefined {
    return this.processes.get(containerId)?.container.log ?? this.finished.get(containerId);
  }

  private run(podUid: string, instance: ContainerInstance, launch: ContainerLaunch): void {
    const { startedAt = this.clock.now() } = instance;
    const past = startedAt < this.clock.now() ? new ReplayClock(this.clock, startedAt) : undefined;
    const container = new LiveContainer({
      clock: past ?? this.clock,
      random: () => this.random.fork(instance.id),
      launch,
      ended: (end) => this.ended(podUid, instance.id, end),
    });
    this.processes.set(instance.id, { instance, container, ended: new Set() });
    container.start();
    past?.catchUp();
  }

  private ended(podUid: string, id: string, { exitCode, reason, message }: ContainerEnd): void {
    const process = this.processes.get(id);
    if (!process) return;
    process.killTimer?.dispose();
    this.processes.delete(id);
    this.finished.set(id, process.container.log);
    const instance: ContainerInstance = {
      ...process.instance,
      state: "exited",
      finishedAt: this.clock.now(),
      exitCode,
      reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
      ...(message === undefined ? {} : { message }),
    };
    this.put(podUid, instance);
    this.exited(podUid, instance);
    for (const resume of [...process.ended]) resume();
  }

  private signal(process: Process, grace: Millis): void {
    const { instance, container } = process;
    process.killTimer?.dispose();
    process.killTimer = this.clock.after(grace, `${instance.name} is killed`, () =>
      container.signal("SIGKILL"),
    );
    // As a task of its own: whoever waits for the end is told after it has begun to wait.
    this.clock.after(0, `${instance.name} is told to stop`, () =>
      container.signal(container.launch.stopSignal),
    );
  }

  private processOf(podUid: string, name: string): Process | undefined {
    const instance = newestOf(this.state(podUid), name);
    return instance && this.processes.get(instance.id);
  }

  /** A new attempt makes the one before it history; what was history goes. */
  private put(podUid: string, instance: ContainerInstance): void {
    const state = this.state(podUid);
    const known = state.containers.get(instance.name);
    const isNew = known?.now.id !== instance.id;
    if (isNew && known?.before) this.forget(known.before);
    const before = isNew ? known?.now : known?.before;
    const containers = new Map(state.containers);
    containers.set(instance.name, { now: instance, ...(before ? { before } : {}) });
    this.pods.set(podUid, { ...state, containers });
  }

  private forget({ id }: ContainerInstance): void {
    const process = this.processes.get(id);
    if (process) this.end(process);
    this.finished.delete(id);
  }

  private end({ instance, container, killTimer }: Process): void {
    killTimer?.dispose();
    this.processes.delete(instance.id);
    container.vanish();
  }
}
