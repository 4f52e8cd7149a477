// The asynchronous edge of the engine: it lets time pass, makes writes durable, and only then tells
// the outside of them.

import { apiErrors } from "../../api/apiErrorCodec.ts";
import type { ApiRequest, ApiResponse, WatchEvent } from "../../api/request.ts";
import { ApiError } from "../../api/status.ts";
import type { TraceEvent } from "../../api/traceEvent.ts";
import { userNamed } from "../../api/user.ts";
import { disposable } from "../../base/disposable.ts";
import { type Handlers, type Port, type StreamSink, serve } from "../../base/rpc.ts";
import type { SimulatorStatus } from "../../client/cluster.ts";
import type { EngineContract } from "../../client/engineContract.ts";
import type { Engine } from "../engine.ts";
import { Durability } from "./durability.ts";
import type { DurableLog } from "./durableLog.ts";
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
  readonly port: Port;
  readonly storagePath?: string;
}

/** Items on their way to a stream's reader, held back until their cause is durable. */
class Outbox<Item> {
  private items: Item[] = [];

  constructor(private readonly sink: StreamSink<Item>) {}

  put(item: Item): void {
    this.items.push(item);
  }

  flush(): void {
    if (this.items.length === 0) return;
    const batch = this.items;
    this.items = [];
    this.sink.next(batch);
  }
}

export class EngineHost {
  private readonly pacer: Pacer;
  private readonly durability: Durability;
  private readonly outboxes = new Set<Outbox<never>>();
  private readonly statusSinks = new Set<StreamSink<SimulatorStatus>>();
  private lastStatusAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly world: EngineHostWorld) {
    const { engine, log, wall, port } = world;
    this.durability = new Durability(log, engine.store, () => wall.now());
    this.durability.commit();
    this.pacer = new Pacer(engine.clock, wall, () => this.flush());
    serve<EngineContract>(port, this.handlers(), { errors: apiErrors });
  }

  private handlers(): Handlers<EngineContract> {
    const { engine } = this.world;
    return {
      calls: {
        request: (request) => this.answer(request),
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
        setSpeed: (speed) => this.control(() => this.pacer.setSpeed(speed)),
        step: (span) => this.control(() => this.pacer.step(span)),
        inject: (fault) => this.control(() => engine.faults.inject(fault)),
        heal: (fault) => this.control(() => engine.faults.heal(fault)),
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

  private watch(request: ApiRequest, sink: StreamSink<WatchEvent>) {
    const outbox = this.open(sink);
    try {
      const watching = this.world.engine.apiServer.watch(adminUser, request, (event) =>
        outbox.put(event),
      );
      this.flush();
      return disposable(() => {
        watching.dispose();
        this.outboxes.delete(outbox as Outbox<never>);
      });
    } catch (error) {
      this.outboxes.delete(outbox as Outbox<never>);
      if (!(error instanceof ApiError)) throw error;
      sink.fail(error);
      return disposable(() => {});
    }
  }

  private trace(from: number, sink: StreamSink<TraceEvent>) {
    const { trace } = this.world.engine;
    const outbox = this.open(sink);
    sink.next(trace.since(from));
    const listening = trace.onAdded((event) => outbox.put(event));
    return disposable(() => {
      listening.dispose();
      this.outboxes.delete(outbox as Outbox<never>);
    });
  }

  private open<Item>(sink: StreamSink<Item>): Outbox<Item> {
    const outbox = new Outbox(sink);
    this.outboxes.add(outbox as Outbox<never>);
    return outbox;
  }

  private answer(request: ApiRequest): ApiResponse {
    const answer = this.world.engine.apiServer.handle(adminUser, request);
    const told = this.durability.tellable(request, answer);
    this.flush();
    return told;
  }

  private control(act: () => void): void {
    act();
    this.lastStatusAt = Number.NEGATIVE_INFINITY;
    this.flush();
  }

  /** Durable first, then told. */
  private flush(): void {
    if (this.durability.commit()) for (const outbox of this.outboxes) outbox.flush();
    const wall = this.world.wall.now();
    if (wall - this.lastStatusAt < statusPeriodMs) return;
    this.lastStatusAt = wall;
    const status = this.status();
    for (const sink of this.statusSinks) sink.next([status]);
  }

  private status(): SimulatorStatus {
    const { engine, storagePath } = this.world;
    const { speed, paused, behind } = this.pacer;
    const status = engine.status();
    const etcd = storagePath === undefined ? status.etcd : { ...status.etcd, path: storagePath };
    return { ...status, etcd, speed, paused, behind };
  }

  private close(): void {
    this.pacer.dispose();
    this.world.log.close();
  }
}
