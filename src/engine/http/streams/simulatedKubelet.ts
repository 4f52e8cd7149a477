// Streams into the containers of a simulated machine: commands run at once, shells line by line, logs
// come from the program's course, and ports answer what a probe would be answered.
import type { Pod } from "../../../api/types.ts";
import type { Kubelet } from "../../node/kubelet.ts";
import { isInteractiveShell } from "../../node/shell.ts";
import { runningUid } from "../../node/static/staticPod.ts";
import { HttpConversation } from "./httpConversation.ts";
import type {
  ContainerTarget,
  KubeletStreams,
  LogRead,
  PortConnection,
  PortOutput,
  ProcessOutput,
  ProcessRequest,
  RunningProcess,
} from "./kubeletStreams.ts";
import { LogFollower } from "./logFollower.ts";
import { ShellSession } from "./shellSession.ts";
import { TerminalOutput } from "./terminal.ts";

const toUtf8 = new TextEncoder();
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
    const { pod, container } = target;
    if (!this.kubelet.isRunning(runningUid(pod), container)) {
      const error = `unable to upgrade connection: container not found (${JSON.stringify(container)})`;
      output.ended({ error });
      return nothing;
    }
    if (request.command.length === 0)
      return request.hasInput && this.kubelet.readsScript(runningUid(pod), container)
        ? this.talk(target, request, output)
        : this.attach(target, output);
    const shown = request.isTerminal ? new TerminalOutput(output) : output;
    if (request.hasInput && isInteractiveShell(request.command))
      return new ShellSession({
        isTerminal: request.isTerminal,
        output: shown,
        execute: (line) => this.execute(target, ["sh", "-c", line]),
      });
    const { exitCode, text } = this.execute(target, request.command);
    if (text !== "") shown.stdout(toUtf8.encode(text));
    output.ended({ exitCode });
    return nothing;
  }

  logs(
    { pod, container }: ContainerTarget,
    options: { readonly previous: boolean; readonly most: number },
  ): LogRead | undefined {
    const lines = this.kubelet.logs(runningUid(pod), container, options);
    const isOver = options.previous || !this.kubelet.isRunning(runningUid(pod), container);
    return lines && { lines, isOver };
  }

  connect(pod: Pod, port: number, output: PortOutput): PortConnection | undefined {
    const uid = runningUid(pod);
    if (!this.kubelet.serves(uid, port)) return undefined;
    return new HttpConversation(output, (path) => {
      const status = this.kubelet.httpStatus(uid, port, path);
      const images = pod.spec.containers.map(({ image = "" }) => image).join(", ");
      const body = `${pod.metadata.name} (${images})\n`;
      return status === undefined ? undefined : { status, body };
    });
  }

  /** What the container's process writes from now on, until it ends. */
  private attach(target: ContainerTarget, output: ProcessOutput): RunningProcess {
    const read = (most: number) => this.logs(target, { previous: false, most });
    const follower = new LogFollower({
      read,
      seen: read(seenAtMost)?.lines ?? [],
      lines: (lines) => {
        output.stdout(toUtf8.encode(lines.map(({ text }) => `${text}\n`).join("")));
        return true;
      },
      ended: () => output.ended({ exitCode: 0 }),
    });
    return { ...nothing, dispose: () => follower.dispose() };
  }

  /** To the shell that is the container's process: it ends when the conversation does. */
  private talk(
    target: ContainerTarget,
    { isTerminal }: ProcessRequest,
    output: ProcessOutput,
  ): RunningProcess {
    const { pod, container } = target;
    const shown = isTerminal ? new TerminalOutput(output) : output;
    const end = (exitCode: number) => this.kubelet.endProcess(runningUid(pod), container, exitCode);
    const session = new ShellSession({
      isTerminal,
      execute: (line) => this.execute(target, ["sh", "-c", line]),
      output: {
        stdout: (bytes) => shown.stdout(bytes),
        stderr: (bytes) => shown.stderr(bytes),
        ended(how) {
          if ("exitCode" in how) end(how.exitCode);
          // How the process ended is for the Pod's status to say.
          output.ended({ exitCode: 0 });
        },
      },
    });
    const isOnce = pod.spec.containers.find(({ name }) => name === container)?.stdinOnce ?? false;
    return {
      write: (bytes) => session.write(bytes),
      closeInput: () => session.closeInput(),
      resize: () => undefined,
      dispose() {
        // Who was to be the only one to type is gone: the shell reads the end of its input.
        if (isOnce && !session.isOver) end(0);
        session.dispose();
      },
    };
  }

  private execute(
    { pod, container }: ContainerTarget,
    command: readonly string[],
  ): { readonly exitCode: number; readonly text: string } {
    const result = this.kubelet.exec(runningUid(pod), container, command);
    const { exitCode, output } = result ?? { exitCode: killedCode, output: "" };
    return { exitCode, text: output === "" ? "" : `${output}\n` };
  }
}

/** Of a process whose container has gone. */
const killedCode = 137;
/** Lines that are known to an attached client as the past. */
const seenAtMost = 10_000;
