// A process whose streams go over a connection: exec and attach, whatever carries them.
// Source: kubelet pkg/cri/streaming/remotecommand, apiserver pkg/util/proxy/streamtranslator.go, 1.34.
import type { Status } from "../../../api/status.ts";
import type { Disposable } from "../../../base/disposable.ts";
import type {
  ContainerTarget,
  KubeletStreams,
  ProcessEnd,
  ProcessRequest,
  RunningProcess,
} from "./kubeletStreams.ts";

/** Which streams the client wants. */
export interface ExecOptions extends ProcessRequest {
  readonly hasStdout: boolean;
  readonly hasStderr: boolean;
}

/** Where the streams go on the wire. */
export interface ExecWire {
  stdout(bytes: Uint8Array): void;
  stderr(bytes: Uint8Array): void;
  /** The last word: how it ended. The connection closes after it. */
  finish(status: Partial<Status>): void;
}

const utf8 = new TextDecoder();

/** Runs a process for a client until either of them is gone. */
export class ExecSession implements Disposable {
  private readonly process: RunningProcess;
  private isOver = false;

  constructor(
    kubelet: KubeletStreams,
    target: ContainerTarget,
    { options, wire }: { readonly options: ExecOptions; readonly wire: ExecWire },
  ) {
    this.process = kubelet.run(target, options, {
      stdout: (bytes) => {
        if (options.hasStdout && !this.isOver) wire.stdout(bytes);
      },
      stderr: (bytes) => {
        if (options.hasStderr && !this.isOver) wire.stderr(bytes);
      },
      ended: (end) => {
        if (this.isOver) return;
        this.isOver = true;
        wire.finish(statusOf(end));
      },
    });
  }

  write(bytes: Uint8Array): void {
    this.process.write(bytes);
  }

  closeInput(): void {
    this.process.closeInput();
  }

  /** `message` is JSON: {"Width":80,"Height":24}. What cannot be read changes nothing. */
  resize(message: Uint8Array): void {
    const size = parseSize(utf8.decode(message));
    if (size) this.process.resize(size);
  }

  /** The client is gone. */
  dispose(): void {
    this.isOver = true;
    this.process.dispose();
  }
}

function parseSize(text: string): { columns: number; rows: number } | undefined {
  try {
    const { Width: columns, Height: rows } = JSON.parse(text);
    return Number.isInteger(columns) && Number.isInteger(rows) ? { columns, rows } : undefined;
  } catch {
    return undefined;
  }
}

/** A Status without its type, as Go marshals it here. */
function statusOf(end: ProcessEnd): Partial<Status> {
  if ("error" in end)
    return {
      metadata: {},
      status: "Failure",
      message: `Internal error occurred: ${end.error}`,
      reason: "InternalError",
      details: { causes: [{ message: end.error }] },
      code: 500,
    };
  const { exitCode } = end;
  if (exitCode === 0) return { metadata: {}, status: "Success" };
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: command terminated with exit code ${exitCode}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}
