// The processes of one container: who runs, who waits for whom, what signals do, what they use together.
import type { Disposable } from "../../../base/disposable.ts";
import type { Random } from "../../../base/random.ts";
import type { Clock } from "../../clock.ts";
import type { ContainerNetwork } from "../../network/containerNetwork.ts";
import { addUsage, noUsage, type Usage } from "../usage.ts";
import type { FileSystem } from "./fileSystem.ts";
import { LiveProcess, type ProcessStart } from "./liveProcess.ts";
import type { Executable, ProcessInfo, Terminal } from "./process.ts";
import type { Signal } from "./signals.ts";

/** What the processes of a container have in common. */
export interface ProcessWorld {
  readonly clock: Clock;
  random(): Random;
  readonly hostname: string;
  /** The network of one process; disposed when it ends. */
  openNetwork(): ContainerNetwork & Disposable;
  /** As root sees them; asked for once somebody needs files. */
  files(): FileSystem;
  readonly limits: Partial<Usage>;
  /** What the processes use together has changed. */
  usageChanged?(): void;
  /** The kernel has no memory left for the container: its processes were killed. */
  outOfMemory?(): void;
}

const firstPid = 1;

export class ProcessTable {
  private readonly processes = new Map<number, LiveProcess>();
  private nextPid = firstPid;
  private ownRandom: Random | undefined;
  /** Somebody has looked at the files; nothing has been written into them before. */
  hasFiles = false;

  constructor(readonly world: ProcessWorld) {}

  /** Starts a process; the first one is PID 1, with which all others end. */
  start(program: Executable, start: ProcessStart, parentPid = 0): LiveProcess {
    const pid = this.nextPid++;
    const process = new LiveProcess(this, program, { ...start, pid, parentPid });
    this.processes.set(pid, process);
    process.run();
    return process;
  }

  /** PID 1, as long as it runs. */
  get first(): LiveProcess | undefined {
    return this.processes.get(firstPid);
  }

  list(): readonly ProcessInfo[] {
    return [...this.processes.values()];
  }

  /** @returns false if there is no such process */
  signal(pid: number, signal: Signal, from: "inside" | "outside" = "inside"): boolean {
    const process = this.processes.get(pid);
    process?.receive(signal, from);
    return process !== undefined;
  }

  /** To all that run on a terminal. */
  signalOn(terminal: Terminal | undefined, signal: Signal): void {
    for (const process of [...this.processes.values()])
      if (process.terminal === terminal) process.receive(signal, "inside");
  }

  killAll(): void {
    for (const process of [...this.processes.values()]) process.receive("SIGKILL", "outside");
  }

  /** Everybody is gone at once, and nobody hears of it: the machine lost power. */
  vanish(): void {
    for (const process of this.processes.values()) process.vanish();
    this.processes.clear();
  }

  ended(process: LiveProcess): void {
    this.processes.delete(process.pid);
    for (const other of this.processes.values())
      if (other.parentPid === process.pid) other.parentPid = firstPid;
    if (process.pid === firstPid) this.killAll();
  }

  get random(): Random {
    this.ownRandom ??= this.world.random();
    return this.ownRandom;
  }

  files(): FileSystem {
    this.hasFiles = true;
    return this.world.files();
  }

  /** What they would use together, were it not for limits. */
  demand(): Usage {
    let sum = noUsage;
    for (const { usage } of this.processes.values()) sum = addUsage(sum, usage);
    return sum;
  }

  /** How much longer computing takes because of the limit; 1 without one. */
  slowdown(): number {
    const { cpuMillis = Number.POSITIVE_INFINITY } = this.world.limits;
    return Math.max(1, this.demand().cpuMillis / cpuMillis);
  }

  /** As cgroup v2 with memory.oom.group: past the limit, all processes are killed. */
  checkMemory(): void {
    const { memoryBytes = Number.POSITIVE_INFINITY } = this.world.limits;
    if (this.demand().memoryBytes <= memoryBytes) return;
    this.world.outOfMemory?.();
    this.killAll();
  }
}
