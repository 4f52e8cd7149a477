// A component of the control plane as a process: somebody starts it, it writes a log, and it may end by
// itself. Who watches over it is another matter: systemd, or a kubelet whose static Pod it is.
import type { ComponentName } from "../../api/clusterStatus.ts";
import type { ComponentLog } from "../componentLog.ts";

export const componentNames: readonly ComponentName[] = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
];

export interface Component {
  /** Does its work, or tries to. */
  readonly isRunning: boolean;
  readonly log: ComponentLog;
  /** TCP ports on which it tells how it is. */
  readonly ports: readonly number[];
  /** The status of an HTTP GET there; undefined while it does not listen. */
  health(path: string): number | undefined;
  /**
   * Starts it, unless it runs. `exited` is called once if it ends by itself, with its exit code; who
   * started it last is told.
   */
  start(exited: (code: number) => void): void;
  /** Ends it, if it runs; `exited` is not called. */
  stop(): void;
}
