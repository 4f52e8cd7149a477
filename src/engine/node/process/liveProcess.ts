// One process: a program that runs as steps of the clock, with its streams, signals and children.
import { type Disposable, disposable } from "../../../base/disposable.ts";
import type { Random } from "../../../base/random.ts";
import type { Instant, Millis } from "../../../base/time.ts";
import type { ContainerNetwork } from "../../network/containerNetwork.ts";
import { within } from "../../network/within.ts";
import { waiting } from "../idleUsage.ts";
import { pause, runSteps, type Steps } from "../steps.ts";
import { noUsage, type Usage } from "../usage.ts";
import { type ByteSink, type ByteSource, noInput, noOutput } from "./byteStream.ts";
import { FileError } from "./fileError.ts";
import type { StandardStreams } from "./fileNode.ts";
import type { FileSystem } from "./fileSystem.ts";
import { findExecutable } from "./findExecutable.ts";
import type {
  ChildProcess,
  Executable,
  ProcessContext,
  Processes,
  SignalHandler,
  SpawnOptions,
  Terminal,
  User,
} from "./process.ts";
import type { ProcessTable } from "./processTable.ts";
import { codeOfSignal, endsByDefault, type Signal } from "./signals.ts";

/** What a process starts with. */
export interface ProcessStart extends Omit<SpawnOptions, "env"> {
  readonly argv: readonly string[];
  /** What is taken from the modes of new files; the container's usual if absent. */
  readonly umask?: number;
  /** Asked for once somebody looks: most servers never do. */
  readonly env?: ReadonlyMap<string, string> | (() => ReadonlyMap<string, string>);
  /** Called with the exit code once it has ended. */
  readonly exited?: (code: number) => void;
}

interface Identity {
  readonly pid: number;
  readonly parentPid: number;
}

const root: User = { uid: 0, gid: 0, groups: [] };

export class LiveProcess implements ProcessContext, ChildProcess {
  readonly pid: number;
  parentPid: number;
  readonly argv: readonly string[];
  cwd: string;
  readonly user: User;
  readonly stdin: ByteSource;
  readonly stdout: ByteSink;
  readonly stderr: ByteSink;
  readonly terminal: Terminal | undefined;
  readonly startedAt: Instant;
  exitCode: number | undefined;
  private readonly handlers: Partial<Record<Signal, SignalHandler>> = {};
  private waiting: readonly (() => void)[] = [];
  private readonly givenEnv: ProcessStart["env"];
  private ownEnv: Map<string, string> | undefined;
  private readonly givenUmask: number | undefined;
  private readonly exited: ((code: number) => void) | undefined;
  private view: FileSystem | undefined;
  private sockets: (ContainerNetwork & Disposable) | undefined;
  private threads: readonly Disposable[] = [];
  private running: Disposable | undefined;
  private taken: Usage = waiting;
  private computing = 0;

  constructor(
    private readonly table: ProcessTable,
    private readonly program: Executable,
    start: ProcessStart & Identity,
  ) {
    this.pid = start.pid;
    this.parentPid = start.parentPid;
    this.argv = start.argv;
    this.givenEnv = start.env;
    this.cwd = start.cwd ?? "/";
    this.user = start.user ?? root;
    this.stdin = start.stdin ?? noInput;
    this.stdout = start.stdout ?? noOutput;
    this.stderr = start.stderr ?? noOutput;
    this.terminal = start.terminal;
    this.givenUmask = start.umask;
    this.exited = start.exited;
    this.startedAt = table.world.clock.now();
  }

  /** Copied once somebody looks: most servers never do. */
  get env(): Map<string, string> {
    this.ownEnv ??= new Map(typeof this.givenEnv === "function" ? this.givenEnv() : this.givenEnv);
    return this.ownEnv;
  }

  get files(): FileSystem {
    if (!this.view) {
      this.view = this.table.files().as(this.user, this);
      this.view.umask = this.givenUmask ?? this.view.umask;
    }
    return this.view;
  }

  /** The container's first process, for who writes into its streams. */
  get main(): Pick<StandardStreams, "stdout" | "stderr"> {
    return this.table.first ?? this;
  }

  get hostname(): string {
    return this.table.world.hostname;
  }

  get network(): ContainerNetwork {
    this.sockets ??= this.table.world.openNetwork();
    return this.sockets;
  }

  get random(): Random {
    return this.table.random;
  }

  get processes(): Processes {
    return this.table;
  }

  /** What it takes now, were it not for limits. */
  get usage(): Usage {
    const { cpuMillis, memoryBytes } = this.taken;
    return { cpuMillis: cpuMillis + 1_000 * this.computing, memoryBytes };
  }

  now(): Instant {
    return this.table.world.clock.now();
  }

  find(name: string): Executable | undefined {
    try {
      return findExecutable(name, this);
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  spawn(program: Executable, options: SpawnOptions = {}): ChildProcess {
    const own = (stream: ByteSink | ByteSource | undefined, mine: ByteSink | ByteSource): boolean =>
      stream !== undefined && stream !== mine;
    const { stdin, stdout, stderr } = options;
    const start: ProcessStart = {
      argv: this.argv,
      env: this.env,
      cwd: this.cwd,
      user: this.user,
      stdin: this.stdin,
      stdout: this.stdout,
      stderr: this.stderr,
      terminal: this.terminal,
      ...(this.view ? { umask: this.view.umask } : {}),
      ...options,
      exited: () => {
        if (own(stdin, this.stdin)) stdin?.close?.();
        if (own(stdout, this.stdout)) stdout?.close?.();
        if (own(stderr, this.stderr)) stderr?.close?.();
      },
    };
    return this.table.start(program, start, this.pid);
  }

  within<Result>(span: Millis, work: Steps<Result>) {
    return within(this.table.world.clock, span, work);
  }

  thread(work: Steps): Disposable {
    const { clock } = this.table.world;
    let isOver = false;
    const running = runSteps(clock, this.survived(work), () => {
      isOver = true;
      this.threads = this.threads.filter((other) => other !== running);
    });
    if (!isOver) this.threads = [...this.threads, running];
    return running;
  }

  onSignal(signal: Signal, handler: SignalHandler): void {
    if (signal !== "SIGKILL" && signal !== "SIGSTOP") this.handlers[signal] = handler;
  }

  use(usage: Usage): void {
    this.taken = usage;
    this.table.world.usageChanged?.();
    this.table.checkMemory();
  }

  *compute(cpuTime: Millis): Steps {
    this.computing++;
    this.table.world.usageChanged?.();
    try {
      yield pause(cpuTime * this.table.slowdown(), `${this.argv[0]} computes`);
    } finally {
      this.computing--;
      this.table.world.usageChanged?.();
    }
  }

  *wait(): Steps<number> {
    while (this.exitCode === undefined)
      yield {
        until: (resume) => {
          this.waiting = [...this.waiting, resume];
          return disposable(() => {
            this.waiting = this.waiting.filter((other) => other !== resume);
          });
        },
      };
    return this.exitCode;
  }

  kill(signal: Signal): void {
    this.receive(signal, "inside");
  }

  /** @param from the container's own processes can't kill its PID 1 */
  receive(signal: Signal, from: "inside" | "outside"): void {
    if (this.exitCode !== undefined) return;
    const isInit = this.pid === 1;
    if (signal === "SIGKILL") {
      if (!isInit || from === "outside") this.end(codeOfSignal(signal));
      return;
    }
    const handler = this.handlers[signal] ?? "default";
    if (typeof handler === "function") handler();
    else if (handler === "default" && !isInit && endsByDefault(signal))
      this.end(codeOfSignal(signal));
  }

  run(): void {
    const running = runSteps(this.table.world.clock, this.guarded(), (code) => this.end(code));
    if (this.exitCode === undefined) this.running = running;
    else running.dispose();
  }

  vanish(): void {
    this.exitCode ??= 255;
    this.stopRunning();
  }

  private stopRunning(): void {
    this.running?.dispose();
    for (const thread of this.threads) thread.dispose();
    this.sockets?.dispose();
  }

  /** A connection that breaks off, or a file that is not there, ends a thread and not the process. */
  private *survived(work: Steps): Steps {
    try {
      yield* work;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      this.complain(error);
    }
  }

  /** What a program did not expect of its files ends it, with a word as most programs say it. */
  private *guarded(): Steps<number> {
    try {
      return (yield* this.program(this)) & 0xff;
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (error.code === "EPIPE") return codeOfSignal("SIGPIPE");
      this.complain(error);
      return 1;
    }
  }

  private complain({ path, message }: FileError): void {
    const where = path === "" ? "" : `${path}: `;
    try {
      this.stderr.write(`${this.argv[0]}: ${where}${message}\n`);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }

  private end(code: number): void {
    if (this.exitCode !== undefined) return;
    this.exitCode = code;
    this.taken = noUsage;
    this.stopRunning();
    this.table.ended(this);
    this.table.world.usageChanged?.();
    this.exited?.(code);
    for (const resume of this.waiting) resume();
  }
}
