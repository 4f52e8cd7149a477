// The life of the embedded cluster in one window: started when it is first needed, started again from
// what is stored when its engine dies, stopped with the window.
import type { Uri } from "vscode";
import { type Disposable, DisposableStore } from "../base/disposable.ts";
import { Emitter, type Event } from "../base/emitter.ts";
import { type Millis, minute } from "../base/time.ts";
import type { EmbeddedCluster, StopReason } from "../client/embeddedCluster.ts";

export interface ClusterOptions {
  /** A folder of the window's workspace, or of the user if no workspace is open. */
  readonly storage: Uri;
}

/** Rejects if the engine cannot start; with a `reason` of type StopReason where one is known. */
export type ClusterFactory = (options: ClusterOptions) => Promise<EmbeddedCluster>;

export type SessionState =
  | { readonly phase: "stopped" }
  | { readonly phase: "starting" }
  | { readonly phase: "running"; readonly cluster: EmbeddedCluster }
  | { readonly phase: "restarting"; readonly reason: StopReason }
  | { readonly phase: "failed"; readonly reason: StopReason };

/** A cluster whose engine dies this often in so short a time stays down. */
const mostRestarts = 3;
const restartWindowMs: Millis = 2 * minute;

export class Session implements Disposable {
  private current: SessionState = { phase: "stopped" };
  private opening: Opening | undefined;
  private closing: Promise<void> = Promise.resolve();
  private readonly owned = new DisposableStore();
  private readonly states = this.owned.add(new Emitter<SessionState>());
  private readonly damages = this.owned.add(new Emitter<{ path: string; reason: string }>());
  private clusterListeners = new DisposableStore();
  private deaths: number[] = [];

  readonly onState: Event<SessionState> = this.states.event;
  /** The stored cluster could not be read and was set aside: an empty one runs. */
  readonly onDidSetAside = this.damages.event;

  constructor(
    private readonly open: ClusterFactory,
    private readonly storage: Uri,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get state(): SessionState {
    return this.current;
  }

  /** The cluster, started if need be. Rejects with a `StartFailure` if it cannot start. */
  start(): Promise<EmbeddedCluster> {
    if (this.current.phase === "running") return Promise.resolve(this.current.cluster);
    this.opening ??= this.openFrom({ phase: "starting" });
    return this.opening.cluster;
  }

  /** Stops the engine once everything is stored. */
  async stop(): Promise<void> {
    const cluster = this.current.phase === "running" ? this.current.cluster : undefined;
    const opening = this.opening;
    this.deaths = [];
    this.clusterListeners.dispose();
    this.enter({ phase: "stopped" });
    this.opening = undefined;
    this.closing = this.closing.then(() => close(cluster, opening?.cluster));
    await this.closing;
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Ends everything; for the end of the window. */
  async end(): Promise<void> {
    await this.stop();
    this.dispose();
  }

  dispose(): void {
    this.clusterListeners.dispose();
    this.owned.dispose();
  }

  private openFrom(state: SessionState): Opening {
    this.enter(state);
    const cluster = this.closing.then(() => this.open({ storage: this.storage }));
    return { state, cluster: this.settle(state, cluster) };
  }

  private async settle(
    state: SessionState,
    opening: Promise<EmbeddedCluster>,
  ): Promise<EmbeddedCluster> {
    try {
      const cluster = await opening;
      if (this.current === state) this.run(cluster);
      return cluster;
    } catch (error) {
      const reason = reasonOf(error);
      if (this.current === state) this.enter({ phase: "failed", reason });
      throw new StartFailure(reason);
    } finally {
      if (this.opening?.state === state) this.opening = undefined;
    }
  }

  private run(cluster: EmbeddedCluster): void {
    this.clusterListeners = new DisposableStore();
    this.clusterListeners.add(cluster.onDidStop((reason) => this.recover(reason)));
    this.clusterListeners.add(cluster.onDidSetAside((damage) => this.damages.fire(damage)));
    this.enter({ phase: "running", cluster });
  }

  /** The engine is gone; what it had acknowledged is stored. */
  private recover(reason: StopReason): void {
    this.clusterListeners.dispose();
    const now = this.now();
    const isDeath = reason.type !== "left" && reason.type !== "replaced";
    this.deaths = [
      ...this.deaths.filter((at) => now - at < restartWindowMs),
      ...(isDeath ? [now] : []),
    ];
    if (reason.type === "inUse" || this.deaths.length > mostRestarts) {
      this.enter({ phase: "failed", reason });
      return;
    }
    this.opening = this.openFrom({ phase: "restarting", reason });
    // Whoever waits for the cluster hears of a failure; the state tells everybody else.
    this.opening.cluster.catch(() => undefined);
  }

  private enter(state: SessionState): void {
    this.current = state;
    this.states.fire(state);
  }
}

/** An engine on its way up, and the state it was asked for in. */
interface Opening {
  readonly state: SessionState;
  readonly cluster: Promise<EmbeddedCluster>;
}

/** The engine could not be started. */
export class StartFailure extends Error {
  constructor(readonly reason: StopReason) {
    super(reason.type === "crashed" ? reason.message : reason.type);
    this.name = "StartFailure";
  }
}

function reasonOf(error: unknown): StopReason {
  const { reason } = (error ?? {}) as { reason?: Partial<StopReason> };
  if (reason?.type === "inUse" || reason?.type === "unresponsive") return { type: reason.type };
  return { type: "crashed", message: error instanceof Error ? error.message : String(error) };
}

async function close(
  cluster: EmbeddedCluster | undefined,
  opening: Promise<EmbeddedCluster> | undefined,
): Promise<void> {
  try {
    await (cluster ?? (await opening))?.close();
  } catch {
    // A cluster that failed to open, or died while it closed, is closed.
  }
}
