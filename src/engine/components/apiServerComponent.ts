// kube-apiserver's process: it serves once etcd answers, and gives up if etcd does not.
// Source: pkg/controlplane/instance.go and apiserver pkg/storage/storagebackend/factory/etcd3.go, 1.34.
import { type Disposable, DisposableStore } from "../../base/disposable.ts";
import { type Instant, type Millis, second } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { ComponentLog } from "../componentLog.ts";
import { apiServerPort } from "../network/apiServerAddress.ts";
import type { Component } from "./component.ts";

/** Source: etcd3.go dialTimeout. */
const dialTimeoutMs: Millis = 20 * second;
const redialMs: Millis = second;
const etcdAddress = "127.0.0.1:2379";

export interface ApiServerComponentWorld {
  readonly clock: Clock;
  /** Why etcd does not answer; undefined if it does. */
  etcdFailure(): string | undefined;
  /** Opens the door and begins all that runs inside, until it is disposed. */
  serve(): Disposable;
}

export class ApiServerComponent implements Component {
  readonly log: ComponentLog;
  readonly ports = [apiServerPort];
  private process: DisposableStore | undefined;
  private isServing = false;
  private exited: (code: number) => void = () => undefined;

  constructor(private readonly world: ApiServerComponentWorld) {
    this.log = new ComponentLog(world.clock);
  }

  get isRunning(): boolean {
    return this.isServing;
  }

  health(): number | undefined {
    if (!this.isServing) return undefined;
    return this.world.etcdFailure() === undefined ? 200 : 500;
  }

  start(exited: (code: number) => void): void {
    this.exited = exited;
    if (this.process) return;
    const process = new DisposableStore();
    this.process = process;
    this.log.klog("I", "server.go:150", `Version: v1.34.1`);
    this.dial(process, this.world.clock.now());
  }

  stop(): void {
    if (!this.process) return;
    this.end();
    this.log.klog("I", "dynamic_serving_content.go:149", '"Shutting down controller"');
  }

  private dial(process: DisposableStore, since: Instant): void {
    const { clock, etcdFailure, serve } = this.world;
    if (etcdFailure() === undefined) {
      this.isServing = true;
      process.add(serve());
      this.log.klog("I", "secure_serving.go:211", "Serving securely on [::]:6443");
      return;
    }
    if (clock.now() - since >= dialTimeoutMs) {
      const creating = "Error creating leases: error creating storage factory";
      this.log.klog("F", "instance.go:226", `${creating}: context deadline exceeded`);
      this.end();
      this.exited(1);
      return;
    }
    this.log.klog("W", "logging.go:55", refused);
    process.add(
      clock.after(redialMs, "kube-apiserver dials etcd again", () => this.dial(process, since)),
    );
  }

  private end(): void {
    this.isServing = false;
    this.process?.dispose();
    this.process = undefined;
  }
}

const refused =
  "[core] [Channel #1 SubChannel #2]grpc: addrConn.createTransport failed to connect to " +
  `{Addr: "${etcdAddress}", ServerName: "${etcdAddress}", }. Err: connection error: ` +
  `desc = "transport: Error while dialing: dial tcp ${etcdAddress}: connect: connection refused"`;
