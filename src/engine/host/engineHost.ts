// The asynchronous edge of the engine: it lets time pass, makes writes durable, and only then tells
// the outside of them.
import { apiErrors } from "../../api/apiErrorCodec.ts";
import { validateCluster } from "../../api/clusterFile/machineFields.ts";
import type { NewCluster } from "../../api/clusterSpec.ts";
import { fieldErrorText } from "../../api/fieldError.ts";
import type { ForwardTarget } from "../../api/forwardTarget.ts";
import type { ApiRequest, WatchEvent } from "../../api/request.ts";
import { ApiError } from "../../api/status.ts";
import type { TraceEvent } from "../../api/traceEvent.ts";
import { userNamed } from "../../api/user.ts";
import { type Disposable, DisposableStore, disposable } from "../../base/disposable.ts";
import { type Handlers, type Port, type StreamSink, serve } from "../../base/rpc.ts";
import type { SimulatorStatus } from "../../client/cluster.ts";
import type { EngineContract, OpenDoor } from "../../client/engineContract.ts";
import type { Engine } from "../engine.ts";
import { etcdFolders, etcdHistory, etcdKeys, etcdValue } from "../registry/etcdBrowser.ts";
import { CommitGate, type Outbox } from "./commitGate.ts";
import { Durability } from "./durability.ts";
import type { DurableLog } from "./durableLog.ts";
import { LeaderWait } from "./leaderWait.ts";
import { Pacer, type WallClock } from "./pacer.ts";
import { configureScheduler, defaultSchedulerConfiguration } from "./schedulerPolicy.ts";

/** At most so often is the outside told of a new status. */
const statusPeriodMs = 250;
/** Who the editor and its user are. Source: kubeadm's admin.conf. */
const adminUser = userNamed("kubernetes-admin");

export interface EngineHostWorld {
  readonly engine: Engine;
  readonly log: DurableLog;
  readonly wall: WallClock;
  /** For clients outside; absent where there are no sockets. */
  readonly door?: Door;
  /** Where the log keeps everything; absent if only in memory. */
  readonly file?: ClusterFile;
}

/** Puts another file in the place of the one that the engine had. */
export type Replacement = () => void;

export interface ClusterFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  exportTo(path: string): void;
  /** @throws Error if `path` is no snapshot of a cluster, or nobody would open the engine again */
  prepareImport(path: string): Replacement;
  /** @param spec of the cluster that is to be there; the usual one if absent */
  prepareReset(spec?: NewCluster): Replacement;
}

export interface Door {
  listen(port: number): Promise<OpenDoor>;
  /** Resolves to the port that leads to the target. */
  forward(target: ForwardTarget): Promise<number>;
  /** Resolves once all clients are gone. */
  close(): Promise<void>;
}

export class EngineHost {
  readonly gate: CommitGate;
  /** What whoever holds the cluster may ask of it. */
  readonly handlers: Handlers<EngineContract>;
  private readonly pacer: Pacer;
  private readonly statusSinks = new Set<StreamSink<SimulatorStatus>>();
  private lastStatusAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly world: EngineHostWorld) {
    const { engine, log, wall } = world;
    const durability = new Durability(log, engine.store, () => wall.now());
    durability.commit();
    const leaders = new LeaderWait({ etcd: engine.etcd.cluster, clock: engine.clock, wall });
    this.gate = new CommitGate(durability, leaders, wall);
    this.pacer = new Pacer(engine.clock, wall, () => this.flush());
    this.handlers = this.makeHandlers();
  }

  /** Answers the messages of the editor's side. */
  serve(port: Port): Disposable {
    return serve<EngineContract>(port, this.handlers, { errors: apiErrors });
  }

  setSpeed(speed: number): void {
    this.control(() => this.pacer.setSpeed(speed));
  }

  /** Sends clients away, stops time and stores everything. */
  async close(): Promise<void> {
    await this.world.door?.close();
    this.pacer.dispose();
    this.world.log.close();
  }

  private makeHandlers(): Handlers<EngineContract> {
    const { engine, door } = this.world;
    return {
      calls: {
        request: (request) =>
          this.gate.answer(request, () => {
            engine.apiServer.checkServing(request);
            return engine.apiServer.handle(adminUser, request);
          }),
        explain: (id) => engine.explain(id),
        status: () => this.status(),
        schedulerConfiguration: () =>
          engine.schedulerConfiguration.text ?? defaultSchedulerConfiguration,
        setSchedulerConfiguration: (text) => {
          const problems = configureScheduler(engine, text);
          this.flush();
          return problems;
        },
        pause: () => this.control(() => this.pacer.pause()),
        resume: () => this.control(() => this.pacer.resume()),
        setSpeed: (speed) => this.setSpeed(speed),
        step: (span) => this.control(() => this.pacer.step(span)),
        inject: (fault) => this.control(() => engine.faults.inject(fault)),
        heal: (fault) => this.control(() => engine.faults.heal(fault)),
        addMachine: (machine) => this.control(() => engine.addMachine(machine)),
        removeMachine: (node, how) => this.control(() => engine.removeMachine(node, how)),
        componentLog: (name) => engine.componentLog(name).map(({ text }) => text),
        kubeadmTranscript: () => engine.kubeadmTranscript(),
        agentLog: (node, service) => engine.agentLog(node, service).map(({ text }) => text),
        setEtcdMembers: (count) => this.control(() => engine.setEtcdMembers(count)),
        etcdFolders: () => etcdFolders(engine.store),
        etcdKeys: (query) => etcdKeys(engine.store, query),
        etcdHistory: (key) => etcdHistory(engine.store, key),
        etcdValue: (key, revision) => etcdValue(engine.store, key, revision),
        traceRequest: (request) => engine.network.trace(request),
        proxyRules: (node, form) => engine.network.rules(node, form),
        forward: (target) => {
          if (!door) throw new Error("this cluster cannot open a port");
          return door.forward(target);
        },
        exportObjects: () => engine.exportObjects(),
        exportSnapshot: (path) => this.file().exportTo(path),
        importSnapshot: (path) => this.replaceFile((file) => file.prepareImport(path)),
        reset: () => this.replaceFile((file) => file.prepareReset()),
        create: (spec) => {
          const [error] = validateCluster(spec);
          if (error) throw new Error(fieldErrorText(error));
          this.replaceFile((file) => file.prepareReset(spec));
        },
        listen: (port) => {
          if (!door) throw new Error("this cluster cannot open a port");
          return door.listen(port);
        },
        close: () => this.close(),
      },
      streams: {
        watch: (request, sink) => this.watch(request, sink),
        trace: (from, sink) => this.trace(from, sink),
        statuses: (sink) => {
          this.statusSinks.add(sink);
          sink.next([this.status()]);
          return disposable(() => this.statusSinks.delete(sink));
        },
      },
    };
  }

  /** The file with all that was written until now. */
  private file(): ClusterFile {
    const { file } = this.world;
    if (!file) throw new Error("this cluster is not kept in a file");
    this.gate.open();
    return file;
  }

  /** Answers first, and then ends the engine, whose file is another one when it is opened again. */
  private replaceFile(prepare: (file: ClusterFile) => Replacement): void {
    const replace = prepare(this.file());
    this.world.wall.soon(async () => {
      await this.world.door?.close();
      this.pacer.dispose();
      replace();
    });
  }

  private watch(request: ApiRequest, sink: StreamSink<WatchEvent>): Disposable {
    const { apiServer } = this.world.engine;
    const outbox = this.outbox(sink);
    try {
      apiServer.checkServing(request);
      const owned = new DisposableStore();
      owned.add(outbox);
      owned.add(apiServer.watch(adminUser, request, (event) => outbox.put(event)));
      const end = (): void => {
        owned.dispose();
        sink.end();
      };
      owned.add(apiServer.onServing(end));
      owned.add(apiServer.onWatchesEnded(end));
      this.flush();
      return owned;
    } catch (error) {
      outbox.dispose();
      if (!(error instanceof ApiError)) throw error;
      sink.fail(error);
      return disposable(() => {});
    }
  }

  private trace(from: number, sink: StreamSink<TraceEvent>): Disposable {
    const { trace } = this.world.engine;
    const outbox = this.outbox(sink);
    sink.next(trace.since(from));
    const listening = trace.onAdded((event) => outbox.put(event));
    return disposable(() => {
      listening.dispose();
      outbox.dispose();
    });
  }

  private outbox<Item>(sink: StreamSink<Item>): Outbox<Item> {
    return this.gate.outbox((batch) => sink.next(batch));
  }

  private control(act: () => void): void {
    act();
    this.lastStatusAt = Number.NEGATIVE_INFINITY;
    this.flush();
  }

  /** Durable first, then told. */
  private flush(): void {
    this.gate.open();
    const wall = this.world.wall.now();
    if (wall - this.lastStatusAt < statusPeriodMs) return;
    this.lastStatusAt = wall;
    const status = this.status();
    for (const sink of this.statusSinks) sink.next([status]);
  }

  /** How the cluster is doing at this moment. */
  status(): SimulatorStatus {
    const { engine, file } = this.world;
    const { speed, paused, behind } = this.pacer;
    const status = engine.status();
    const { path, size } = file ?? {};
    const etcd = {
      ...status.etcd,
      ...(path === undefined ? {} : { path }),
      ...(size === undefined ? {} : { size }),
    };
    return { ...status, etcd, speed, paused, behind };
  }
}
