// Streams into the containers of a simulated machine: what is typed and read goes to live processes.

import type { Pod } from "../../../api/types.ts";
import { utf8Bytes } from "../../../base/utf8.ts";
import type { Kubelet } from "../../node/kubelet.ts";
import type { PortConnection, PortOutput } from "../../node/portConnection.ts";
import { Pipe } from "../../node/process/byteStream.ts";
import type { LiveContainer } from "../../node/process/liveContainer.ts";
import { PseudoTerminal } from "../../node/process/pseudoTerminal.ts";
import { runningUid } from "../../node/static/staticPod.ts";
import type {
  ContainerTarget,
  KubeletStreams,
  LogSource,
  ProcessOutput,
  ProcessRequest,
  RunningProcess,
} from "./kubeletStreams.ts";

/** What there is to nothing: no input is read, nothing is to be ended. */
const nothing: RunningProcess = {
  write: () => undefined,
  closeInput: () => undefined,
  resize: () => undefined,
  dispose: () => undefined,
};

export class SimulatedKubelet implements KubeletStreams {
  constructor(private readonly kubelet: Kubelet) {}

  get address(): string {
    return this.kubelet.address;
  }

  get isOn(): boolean {
    return this.kubelet.isOn;
  }

  run(target: ContainerTarget, request: ProcessRequest, output: ProcessOutput): RunningProcess {
    const { pod, container: name } = target;
    const container = this.kubelet.running(runningUid(pod), name);
    if (!container) {
      const error = `unable to upgrade connection: container not found (${JSON.stringify(name)})`;
      output.ended({ error });
      return nothing;
    }
    if (request.command.length === 0) return attach(container, output);
    return request.isTerminal
      ? this.runOnTerminal(container, request, output)
      : this.runPiped(container, request, output);
  }

  log({ pod, container }: ContainerTarget, previous: boolean): LogSource | undefined {
    const log = this.kubelet.log(runningUid(pod), container, previous);
    return (
      log && {
        since: (number) => log.since(number),
        isOver: () =>
          previous ||
          !this.kubelet.isRunning(runningUid(pod), container) ||
          this.kubelet.log(runningUid(pod), container) !== log,
      }
    );
  }

  connect(pod: Pod, port: number, output: PortOutput): PortConnection {
    return this.kubelet.connect(pod, port, output);
  }

  private runPiped(
    container: LiveContainer,
    { command, hasInput }: ProcessRequest,
    output: ProcessOutput,
  ): RunningProcess {
    const input = new Pipe();
    const process = this.kubelet.exec(container, {
      argv: command,
      ...(hasInput ? { stdin: input.source } : {}),
      stdout: { write: (data) => output.stdout(bytesOf(data)) },
      stderr: { write: (data) => output.stderr(bytesOf(data)) },
      exited: (exitCode) => output.ended({ exitCode }),
    });
    if ("error" in process) output.ended({ error: execError(process.error) });
    return {
      write: (bytes) => writeTo(input, bytes),
      closeInput: () => input.end(),
      resize: () => undefined,
      dispose: () => input.end(),
    };
  }

  private runOnTerminal(
    container: LiveContainer,
    { command, hasInput }: ProcessRequest,
    output: ProcessOutput,
  ): RunningProcess {
    const terminal = new PseudoTerminal(
      (text) => output.stdout(utf8Bytes(text)),
      (signal) => container.interrupt(terminal, signal),
    );
    const process = this.kubelet.exec(container, {
      argv: command,
      ...(hasInput ? { stdin: terminal.input } : {}),
      stdout: terminal.output,
      stderr: terminal.output,
      terminal,
      exited: (exitCode) => output.ended({ exitCode }),
    });
    if ("error" in process) output.ended({ error: execError(process.error) });
    return {
      write: (bytes) => terminal.type(bytes),
      closeInput: () => terminal.hangUp(),
      resize: ({ columns, rows }) => terminal.resize(columns, rows),
      dispose: () => terminal.hangUp(),
    };
  }
}

function attach(container: LiveContainer, output: ProcessOutput): RunningProcess {
  const attachment = container.attach({
    stdout: (data) => output.stdout(bytesOf(data)),
    stderr: (data) => output.stderr(bytesOf(data)),
    // How the process ended is for the Pod's status to say.
    ended: () => output.ended({ exitCode: 0 }),
  });
  return {
    write: (bytes) => attachment.write(bytes),
    closeInput: () => attachment.closeInput(),
    resize: ({ columns, rows }) => attachment.resize(columns, rows),
    dispose: () => attachment.dispose(),
  };
}

/** What a process that has closed its input does not read is lost. */
function writeTo(input: Pipe, bytes: Uint8Array): void {
  if (!input.isAbandoned) input.write(bytes);
}

function execError(why: string): string {
  return `error executing command in container: ${why}`;
}

function bytesOf(data: Uint8Array | string): Uint8Array {
  return typeof data === "string" ? utf8Bytes(data) : data;
}
