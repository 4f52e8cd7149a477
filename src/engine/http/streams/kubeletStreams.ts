// What a kubelet does for those who reach into its containers: the port between the HTTP edge and
// whatever runs programs. Source: pkg/kubelet/server, kubernetes v1.34.
import type { Pod } from "../../../api/types.ts";
import type { Disposable } from "../../../base/disposable.ts";
import type { Instant } from "../../../base/time.ts";

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

export interface LogLine {
  readonly at: Instant;
  readonly text: string;
}

export interface LogRead {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** The container has ended: nothing more comes. */
  readonly isOver: boolean;
}

/** A connection to a port of a Pod. */
export interface PortConnection extends Disposable {
  write(bytes: Uint8Array): void;
  /** The client writes no more. */
  end(): void;
}

export interface PortOutput {
  data(bytes: Uint8Array): void;
  closed(): void;
}

export interface KubeletStreams {
  /** The machine's address in the cluster's network. */
  readonly address: string;
  /** False while the machine has no power. */
  readonly isOn: boolean;
  /** Runs a command in a container, or attaches to it. `output` may be called before this returns. */
  run(target: ContainerTarget, request: ProcessRequest, output: ProcessOutput): RunningProcess;
  /** The newest `most` lines of the present container or the one before it; undefined if it is not known. */
  logs(
    target: ContainerTarget,
    options: { readonly previous: boolean; readonly most: number },
  ): LogRead | undefined;
  /** Connects to a port of the Pod; undefined if nobody listens there. */
  connect(pod: Pod, port: number, output: PortOutput): PortConnection | undefined;
}
