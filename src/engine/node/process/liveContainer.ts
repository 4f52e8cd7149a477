// A container that runs: its processes, its log, who is attached to it, and how it ends.
import type { Disposable } from "../../../base/disposable.ts";
import type { Random } from "../../../base/random.ts";
import type { Instant } from "../../../base/time.ts";
import type { Clock } from "../../clock.ts";
import type { ContainerNetwork } from "../../network/containerNetwork.ts";
import { type Usage, withinLimits } from "../usage.ts";
import { type ByteSink, type ByteSource, noInput, Pipe } from "./byteStream.ts";
import { ContainerLog } from "./containerLog.ts";
import { FileError } from "./fileError.ts";
import type { FileSystem } from "./fileSystem.ts";
import { findExecutable } from "./findExecutable.ts";
import type { LiveProcess } from "./liveProcess.ts";
import type { Executable, Terminal, User } from "./process.ts";
import { ProcessTable } from "./processTable.ts";
import { PseudoTerminal } from "./pseudoTerminal.ts";
import type { Signal } from "./signals.ts";
import { UsageMeter } from "./usageMeter.ts";

/** What a container runs, and in which surroundings. */
export interface ContainerLaunch {
  readonly program: Executable;
  readonly argv: readonly string[];
  /** What the processes start with; copied by each. */
  readonly env: () => ReadonlyMap<string, string>;
  readonly cwd: string;
  readonly user: User;
  readonly hostname: string;
  readonly openNetwork: () => ContainerNetwork & Disposable;
  /** As root sees them; made when they are first asked for. */
  readonly files: () => FileSystem;
  readonly limits: Partial<Usage>;
  readonly input: "none" | "once" | "open";
  readonly hasTerminal: boolean;
  readonly stopSignal: Signal;
  /** Where the container may leave a last word, and whether its log counts as one. */
  readonly lastWord: { readonly path: string; readonly fallsBackToLog: boolean };
}

export interface ContainerEnd {
  readonly exitCode: number;
  /** "OOMKilled", if it was not the program's own decision. */
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerOutput {
  stdout(text: Uint8Array | string): void;
  stderr(text: Uint8Array | string): void;
  ended(): void;
}

/** What somebody runs beside the container's own process. */
export interface ExecStart {
  readonly argv: readonly string[];
  readonly stdin?: ByteSource;
  readonly stdout?: ByteSink;
  readonly stderr?: ByteSink;
  readonly terminal?: Terminal;
  readonly exited?: (code: number) => void;
}

export interface LiveContainerWorld {
  readonly clock: Clock;
  /** The container's own stream, made when somebody draws. */
  readonly random: () => Random;
  readonly launch: ContainerLaunch;
  /** Called once its main process has ended. */
  readonly ended: (end: ContainerEnd) => void;
}

/** kubelet: MaxContainerTerminationMessageLength, …LogLength and …LogLines. */
const longestWord = 4_096;
const longestWordOfLog = 2_048;
const mostLinesOfLog = 80;

export class LiveContainer {
  readonly launch: ContainerLaunch;
  readonly log: ContainerLog;
  private readonly table: ProcessTable;
  private readonly outputs = new Set<ContainerOutput>();
  private readonly terminal: PseudoTerminal | undefined;
  private readonly input: Pipe | undefined;
  private readonly meter: UsageMeter;
  private attached = 0;
  private isOutOfMemory = false;
  private main: LiveProcess | undefined;
  private readonly ended: (end: ContainerEnd) => void;

  constructor({ clock, random, launch, ended }: LiveContainerWorld) {
    this.launch = launch;
    this.ended = ended;
    const { hostname, openNetwork, files, limits, hasTerminal, input } = launch;
    this.log = new ContainerLog(() => clock.now());
    this.table = new ProcessTable({
      clock,
      random,
      hostname,
      openNetwork,
      files,
      limits,
      usageChanged: () => this.meter.change(clock.now(), this.usage()),
      outOfMemory: () => {
        this.isOutOfMemory = true;
      },
    });
    this.meter = new UsageMeter(clock.now(), this.usage());
    if (hasTerminal)
      this.terminal = new PseudoTerminal(
        (text) => this.wrote("stdout", text),
        (signal) => this.interrupt(this.terminal, signal),
      );
    else if (input !== "none") this.input = new Pipe();
  }

  /** Starts PID 1. It may end at once. */
  start(): void {
    const { argv, env, cwd, user, program, input } = this.launch;
    this.main = this.table.start(program, {
      argv,
      env,
      cwd,
      user,
      stdin: input === "none" ? noInput : (this.terminal?.input ?? this.input ?? noInput),
      stdout: this.terminal?.output ?? { write: (data) => this.wrote("stdout", data) },
      stderr: this.terminal?.output ?? { write: (data) => this.wrote("stderr", data) },
      terminal: this.terminal,
      exited: (code) => this.over(code),
    });
  }

  /** Starts a process beside the container's own. @throws FileError if there is no such program */
  exec(start: ExecStart): LiveProcess {
    const { env, cwd, user, files } = this.launch;
    const finder = { files: files().as(user), cwd, env: env() };
    const program = findExecutable(start.argv[0] ?? "", finder);
    return this.table.start(program, { env: finder.env, cwd, user, ...start });
  }

  /** The container's main process gets a signal from outside. */
  signal(signal: Signal): void {
    this.main?.receive(signal, "outside");
  }

  /** To what runs on a terminal, as when somebody presses Ctrl-C there. */
  interrupt(terminal: Terminal | undefined, signal: Signal): void {
    this.table.signalOn(terminal, signal);
  }

  /** Listens to what is written from now on, and writes into the input. Call `detach` in the end. */
  attach(output: ContainerOutput): ContainerAttachment {
    this.outputs.add(output);
    this.attached++;
    return {
      write: (bytes) => {
        if (this.terminal) this.terminal.type(bytes);
        else this.input?.write(bytes);
      },
      closeInput: () => this.closeInput(),
      resize: (columns, rows) => this.terminal?.resize(columns, rows),
      dispose: () => {
        if (!this.outputs.delete(output)) return;
        if (--this.attached === 0) this.closeInput();
      },
    };
  }

  /** The machine lost power. */
  vanish(): void {
    this.table.vanish();
    for (const output of this.outputs) output.ended();
    this.outputs.clear();
  }

  /** The mean between two instants; undefined if it did not run then. */
  usageBetween(from: Instant, to: Instant): Usage | undefined {
    return this.meter.between(from, to);
  }

  /** What it takes now. */
  usage(): Usage {
    return withinLimits(this.table.demand(), this.launch.limits);
  }

  /** A client that was to be the only one is gone: its input ends. */
  private closeInput(): void {
    if (this.launch.input !== "once") return;
    this.terminal?.hangUp();
    this.input?.end();
  }

  private wrote(stream: "stdout" | "stderr", data: Uint8Array | string): void {
    this.log.sink(stream).write(data);
    for (const output of this.outputs) output[stream](data);
  }

  private over(exitCode: number): void {
    this.log.end();
    const message = this.lastWord(exitCode);
    this.ended({
      exitCode,
      ...(this.isOutOfMemory ? { reason: "OOMKilled" } : {}),
      ...(message === "" ? {} : { message }),
    });
    for (const output of this.outputs) output.ended();
    this.outputs.clear();
  }

  /** Source: kuberuntime_container.go getTerminationMessage, kubernetes v1.34. */
  private lastWord(exitCode: number): string {
    const { path, fallsBackToLog } = this.launch.lastWord;
    const word = this.table.hasFiles ? wordIn(this.launch.files(), path) : "";
    if (word !== "" || exitCode === 0 || !fallsBackToLog) return word;
    const lines = this.log.since(0).slice(-mostLinesOfLog);
    return lines
      .map(({ text }) => `${text}\n`)
      .join("")
      .slice(-longestWordOfLog);
  }
}

export interface ContainerAttachment {
  write(bytes: Uint8Array): void;
  closeInput(): void;
  resize(columns: number, rows: number): void;
  dispose(): void;
}

function wordIn(files: FileSystem, path: string): string {
  try {
    return files.readText(path).slice(0, longestWord);
  } catch (error) {
    if (error instanceof FileError) return "";
    throw error;
  }
}
