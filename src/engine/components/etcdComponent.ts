// etcd's process on the control plane's machine: the first of its members.
import { formatTime } from "../../base/time.ts";
import type { Clock } from "../clock.ts";
import { ComponentLog } from "../componentLog.ts";
import type { EtcdCluster } from "../etcd/etcdCluster.ts";
import type { Component } from "./component.ts";

/** The member that runs where kube-apiserver does. */
export const localMember = "etcd-0";

export class EtcdComponent implements Component {
  readonly log: ComponentLog;
  readonly ports = [2379, 2381];

  constructor(
    private readonly clock: Clock,
    private readonly cluster: EtcdCluster,
  ) {
    this.log = new ComponentLog(clock);
  }

  get isRunning(): boolean {
    return this.cluster
      .status()
      .some(({ name, role }) => name === localMember && role !== "stopped");
  }

  health(): number | undefined {
    return this.isRunning ? 200 : undefined;
  }

  start(): void {
    if (!this.isRunning) this.cluster.setRunning(localMember, true);
    this.say("info", "embed/serve.go:272", "serving client traffic securely");
  }

  stop(): void {
    if (!this.isRunning) return;
    this.cluster.setRunning(localMember, false);
    this.say("info", "osutil/interrupt_unix.go:65", "received signal; shutting down");
  }

  /** etcd logs with zap, as JSON. */
  private say(level: string, caller: string, msg: string): void {
    const ts = formatTime(this.clock.now());
    this.log.write(JSON.stringify({ level, ts, caller, msg }));
  }
}
