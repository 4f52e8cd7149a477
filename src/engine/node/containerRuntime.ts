// The container runtime of one machine (containerd behind CRI): sandboxes, containers and what becomes
// of their processes. It acts at once; how long things take is for its caller to wait.
import { assert } from "../../base/assert.ts";
import { type Disposable, disposable } from "../../base/disposable.ts";
import type { Random } from "../../base/random.ts";
import { formatTime, type Instant, type Millis } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { digestOf, type StoredImage } from "./imageStore.ts";
import type { ExecResult, Program } from "./program.ts";
import {
  type ContainerInstance,
  newestOf,
  nothingRunning,
  type PodRuntimeState,
  type Sandbox,
} from "./runtimeState.ts";
import { dateMark } from "./shellBuiltins.ts";
import type { Steps } from "./steps.ts";
import type { Usage } from "./usage.ts";

/** The exit code of a process that SIGKILL ended. */
const killedCode = 137;
/** What containerd reports of a process of which it lost track. Source: containerd v2.1 cri unknownExitCode. */
const lostCode = 255;

interface Process {
  readonly instance: ContainerInstance;
  readonly program: Program;
  readonly ended: Set<() => void>;
  timer?: Disposable;
}

/** Called when a container's process has ended. */
export type ExitListener = (podUid: string, instance: ContainerInstance) => void;

export class ContainerRuntime {
  private readonly pods = new Map<string, PodRuntimeState>();
  private readonly processes = new Map<string, Process>();
  /** Programs of ended containers, for their logs. */
  private readonly finished = new Map<string, Process>();

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
  startContainer(podUid: string, name: string, program: Program): ContainerInstance {
    const created = newestOf(this.state(podUid), name);
    assert(created?.state === "created", `container ${name} is created before it is started`);
    const instance: ContainerInstance = {
      ...created,
      state: "running",
      startedAt: this.clock.now(),
    };
    this.put(podUid, instance);
    this.watchOver(podUid, { instance, program, ended: new Set() });
    return instance;
  }

  /** Takes over a Pod as another run of this program left it. `programs` of its running containers. */
  adopt(podUid: string, state: PodRuntimeState, programs: ReadonlyMap<string, Program>): void {
    this.pods.set(podUid, state);
    for (const { now } of state.containers.values()) {
      const program = programs.get(now.name);
      if (now.state === "running" && program)
        this.watchOver(podUid, { instance: now, program, ended: new Set() });
    }
  }

  /** Sends the stop signal, and SIGKILL after `grace`. Over once the process is gone. */
  *stopContainer(podUid: string, name: string, grace: Millis): Steps {
    const process = this.processOf(podUid, name);
    if (!process) return;
    yield {
      until: (resume) => {
        process.ended.add(resume);
        this.signal(podUid, process, grace);
        return disposable(() => process.ended.delete(resume));
      },
    };
  }

  /** Reports that a process has ended: its plan says so, or whoever runs it elsewhere. */
  processEnded(
    podUid: string,
    name: string,
    { exitCode, reason, message }: { exitCode: number; reason?: string; message?: string },
  ): void {
    const process = this.processOf(podUid, name);
    if (!process) return;
    this.end(process);
    const instance: ContainerInstance = {
      ...process.instance,
      state: "exited",
      finishedAt: this.clock.now(),
      exitCode,
      reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
      ...(message === undefined ? {} : { message }),
    };
    this.put(podUid, instance);
    this.finished.set(instance.id, { ...process, instance });
    this.exited(podUid, instance);
    for (const resume of [...process.ended]) resume();
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
    const finishedAt = this.clock.now();
    for (const [id, process] of [...this.processes]) {
      this.end(process);
      this.finished.set(id, { ...process, instance: { ...process.instance, finishedAt } });
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

  /** True if the container's process accepts connections at `port`. */
  serves(podUid: string, name: string, port: number): boolean {
    const process = this.processOf(podUid, name);
    return process?.program.serves(port, this.ageOf(process)) ?? false;
  }

  /** The status of an HTTP GET; undefined if nobody answers. */
  httpStatus(podUid: string, name: string, port: number, path: string): number | undefined {
    const process = this.processOf(podUid, name);
    return process?.program.httpStatus(port, path, this.ageOf(process));
  }

  /** Runs a command in the container; undefined if it does not run. */
  exec(podUid: string, name: string, command: readonly string[]): ExecResult | undefined {
    const process = this.processOf(podUid, name);
    return process?.program.exec(command, this.ageOf(process));
  }

  /** True if the container's process takes its script from its input. */
  readsScript(podUid: string, name: string): boolean {
    return this.processOf(podUid, name)?.program.readsScript ?? false;
  }

  /** What the container's process used at `instant`; undefined if it did not run then. */
  usage(podUid: string, name: string, instant: Instant): Usage | undefined {
    const process = this.processOf(podUid, name);
    if (!process) return undefined;
    const age = instant - (process.instance.startedAt ?? this.clock.now());
    return age < 0 ? undefined : process.program.usage(age);
  }

  /** True if nothing about the container's process will change by itself. */
  isSettled(podUid: string, name: string): boolean {
    const process = this.processOf(podUid, name);
    const { settledAt, exit } = process?.program ?? {};
    return (
      process !== undefined && !exit && settledAt !== undefined && this.ageOf(process) >= settledAt
    );
  }

  /** What a container has written, oldest line first; undefined if it is not known (any more). */
  logs(containerId: string, most: number): readonly { at: Instant; text: string }[] | undefined {
    const process = this.processes.get(containerId) ?? this.finished.get(containerId);
    if (!process) return undefined;
    const { startedAt = 0, finishedAt } = process.instance;
    const until = (finishedAt ?? this.clock.now()) - startedAt;
    return process.program.logs(until, most).map(({ at, text }) => ({
      at: startedAt + at,
      text: text.replaceAll(dateMark, formatTime(startedAt + at)),
    }));
  }

  private watchOver(podUid: string, process: Process): void {
    const { instance, program } = process;
    this.processes.set(instance.id, process);
    program.started?.((exitCode) => this.processEnded(podUid, instance.name, { exitCode }));
    if (!program.exit) return;
    const { after, ...exit } = program.exit;
    const left = Math.max(0, after - this.ageOf(process));
    process.timer = this.clock.after(left, `${instance.name} ends`, () =>
      this.processEnded(podUid, instance.name, exit),
    );
  }

  private signal(podUid: string, process: Process, grace: Millis): void {
    const { instance, program } = process;
    const { onStop } = program;
    const planned = program.exit && Math.max(0, program.exit.after - this.ageOf(process));
    const obeys = onStop && onStop.after <= grace;
    if (planned !== undefined && planned <= (obeys ? onStop.after : grace)) return;
    process.timer?.dispose();
    const exitCode = obeys ? onStop.exitCode : killedCode;
    process.timer = this.clock.after(obeys ? onStop.after : grace, `${instance.name} stops`, () =>
      this.processEnded(podUid, instance.name, { exitCode }),
    );
  }

  private processOf(podUid: string, name: string): Process | undefined {
    const instance = newestOf(this.state(podUid), name);
    return instance && this.processes.get(instance.id);
  }

  private ageOf({ instance }: Process): Millis {
    return this.clock.now() - (instance.startedAt ?? this.clock.now());
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

  private end({ instance, program, timer }: Process): void {
    timer?.dispose();
    this.processes.delete(instance.id);
    program.stopped?.();
  }
}
