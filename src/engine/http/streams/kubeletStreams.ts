// What a kubelet does for those who reach into its containers: the port between the HTTP edge and
// whatever runs programs. Source: pkg/kubelet/server, kubernetes v1.34.
import type { Pod } from "../../../api/types.ts";
import type { Disposable } from "../../../base/disposable.ts";
import type { PortConnection, PortOutput } from "../../node/portConnection.ts";
import type { LogLine } from "../../node/process/containerLog.ts";

/** One container of a Pod on the kubelet's machine. */
export interface ContainerTarget {
  readonly pod: Pod;
  readonly container: string;
}

export interface ProcessRequest {
  /** Empty to attach to the container's own process. */
  readonly command: readonly string[];
  readonly hasInput: boolean;
  /** A terminal: the process sees one, and its output and errors are one stream. */
  readonly isTerminal: boolean;
}

/** Where a process' output goes. Nothing is called after `ended`. */
export interface ProcessOutput {
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
  ended(end: ProcessEnd): void;
}

/** How a process ended, or why there never was one. */
export type ProcessEnd = { readonly exitCode: number } | { readonly error: string };

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A process that somebody listens to; disposed when they go away. */
export interface RunningProcess extends Disposable {
  /** Input, if it was asked for. */
  write(bytes: Uint8Array): void;
  /** No more input comes. */
  closeInput(): void;
  resize(size: TerminalSize): void;
}

/** What one container has written, and goes on writing. */
export interface LogSource {
  /** Lines from number `from` on, oldest first; fewer if older ones are gone. */
  since(from: number): readonly LogLine[];
  /** The container has ended: nothing more comes. */
  isOver(): boolean;
}

export interface KubeletStreams {
  /** The machine's address in the cluster's network. */
  readonly address: string;
  /** False while the machine has no power. */
  readonly isOn: boolean;
  /** Runs a command in a container, or attaches to it. `output` may be called before this returns. */
  run(target: ContainerTarget, request: ProcessRequest, output: ProcessOutput): RunningProcess;
  /** Of the present container or the one before it; undefined if it is not known. */
  log(target: ContainerTarget, previous: boolean): LogSource | undefined;
  /** Connects to a port of the Pod, as from within it. */
  connect(pod: Pod, port: number, output: PortOutput): PortConnection;
}

export type { LogLine, PortConnection, PortOutput };
