// What a program in a container is, and all that it sees of its world. A program is a live coroutine on
// the cluster's clock: it yields what it waits for, and what it does not do takes no time.
import type { Disposable } from "../../../base/disposable.ts";
import type { Random } from "../../../base/random.ts";
import type { Instant, Millis } from "../../../base/time.ts";
import type { ContainerNetwork } from "../../network/containerNetwork.ts";
import type { Steps } from "../steps.ts";
import type { Usage } from "../usage.ts";
import type { ByteSink, ByteSource } from "./byteStream.ts";
import type { FileSystem } from "./fileSystem.ts";
import type { Signal } from "./signals.ts";

/** A program: yields what it waits for, returns its exit code. */
export type Executable = (process: ProcessContext) => Steps<number>;

export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
}

/** Its methods are called on it: they can't be taken out of it. */
export interface ProcessContext {
  readonly pid: number;
  readonly parentPid: number;
  /** argv[0] is the program's name, as it was called. */
  readonly argv: readonly string[];
  /** The process's own copy. */
  readonly env: Map<string, string>;
  cwd: string;
  readonly user: User;
  /** The container's files, volumes mounted, as this user may see them. Paths are absolute. */
  readonly files: FileSystem;
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  /** The terminal that it runs on; undefined without one. */
  readonly terminal: Terminal | undefined;
  readonly hostname: string;
  /** What it opens is closed when it ends. */
  readonly network: ContainerNetwork;
  readonly random: Random;
  /** The processes of the container, for `ps` and `kill`. */
  readonly processes: Processes;
  now(): Instant;
  /**
   * The program that `name` calls: a path if there is a slash in it, else the first in PATH. A script
   * is run by the program of its first line.
   */
  find(name: string): Executable | undefined;
  /**
   * Starts a child beside it. What `options` leaves out is this process's own. Streams that are given,
   * and are not this process's own, are closed when the child ends: pipes need no other care.
   */
  spawn(program: Executable, options?: SpawnOptions): ChildProcess;
  /** Work that is given up as "late" if it takes longer than `span`. */
  within<Result>(span: Millis, work: Steps<Result>): Steps<{ readonly value: Result } | "late">;
  /** Does something beside the program, as a thread of this process does: it ends with it. */
  thread(work: Steps): Disposable;
  /**
   * What a signal does from now on. By default it ends the process with 128 + its number; PID 1 pays
   * no heed to what it has no handler for. SIGKILL and SIGSTOP can't be handled.
   */
  onSignal(signal: Signal, handler: SignalHandler): void;
  /** What it takes of its machine from now on. */
  use(usage: Usage): void;
  /**
   * Computes for so many milliseconds of one core: waits as long, or longer where a limit throttles
   * the container. What loops without end must call it now and then, or time would stand still.
   */
  compute(cpuTime: Millis): Steps;
}

export type SignalHandler = (() => void) | "ignore" | "default";

export interface SpawnOptions {
  readonly argv?: readonly string[];
  readonly env?: ReadonlyMap<string, string>;
  readonly cwd?: string;
  readonly user?: User;
  readonly stdin?: ByteSource;
  readonly stdout?: ByteSink;
  readonly stderr?: ByteSink;
  readonly terminal?: Terminal | undefined;
}

export interface ChildProcess {
  readonly pid: number;
  /** Its exit code once it has ended. */
  wait(): Steps<number>;
  kill(signal: Signal): void;
  /** Undefined while it runs. */
  readonly exitCode: number | undefined;
}

export interface Terminal {
  readonly columns: number;
  readonly rows: number;
}

export interface ProcessInfo {
  readonly pid: number;
  readonly parentPid: number;
  readonly argv: readonly string[];
  readonly user: User;
  readonly startedAt: Instant;
  readonly usage: Usage;
}

export interface Processes {
  /** In order of their ids. */
  list(): readonly ProcessInfo[];
  /** @returns false if there is no such process */
  signal(pid: number, signal: Signal): boolean;
}
