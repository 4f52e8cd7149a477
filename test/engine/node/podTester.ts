// Runs Pods on a live cluster and tells what their containers write, and what is said to them from within.
import type { Container, Pod, PodSpec } from "../../../src/api/types.ts";
import { utf8Bytes } from "../../../src/base/utf8.ts";
import { Pipe } from "../../../src/engine/node/process/byteStream.ts";
import { textOf } from "../../../src/engine/node/process/byteText.ts";
import { TestCluster } from "./testCluster.ts";

export interface Executed {
  readonly exitCode: number | undefined;
  readonly output: string;
}

export class PodTester extends TestCluster {
  /** Creates a Pod and waits until it has had time to run. */
  runs(name: string, container: Partial<Container>, spec: Partial<PodSpec> = {}): Pod {
    const pod = this.create(name, { image: "busybox:1.36", ...container }, spec);
    this.run(8);
    return pod;
  }

  /** Everything that a container has written, line by line. */
  log(name: string, container = "app", previous = false): readonly string[] {
    const { metadata, spec } = this.pod(name);
    const kubelet = this.engine.kubelet(spec.nodeName ?? "");
    const log = kubelet?.log(metadata.uid ?? "", container, previous);
    return (log?.since(0) ?? []).map(({ text }) => text);
  }

  /** Runs a command in a container and waits for its end, 30 s at most. */
  exec(name: string, argv: readonly string[], container = "app"): Executed {
    const { metadata, spec } = this.pod(name);
    const kubelet = this.engine.kubelet(spec.nodeName ?? "");
    const running = kubelet?.running(metadata.uid ?? "", container);
    if (!kubelet || !running) return { exitCode: undefined, output: "not running" };
    const output = new Pipe();
    const process = kubelet.exec(running, { argv, stdout: output.sink, stderr: output.sink });
    if ("error" in process) return { exitCode: undefined, output: process.error };
    for (let waited = 0; waited < 30 && process.exitCode === undefined; waited++) this.run(1);
    output.end();
    const read = output.read().next();
    const text = read.done && read.value ? textOf(read.value) : "";
    return { exitCode: process.exitCode, output: text };
  }

  /** The whole answer to a GET, as it comes over a connection to the Pod. */
  http(name: string, port: number, path: string): string {
    const pod = this.pod(name);
    let answer = "";
    const connection = this.engine.kubelet(pod.spec.nodeName ?? "")?.connect(pod, port, {
      data: (bytes) => {
        answer += textOf(bytes);
      },
      closed: () => undefined,
      failed: (failure) => {
        answer = failure;
      },
    });
    connection?.write(utf8Bytes(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
    this.run(2);
    return answer;
  }

  sh(name: string, script: string, container = "app"): string {
    return this.exec(name, ["sh", "-c", script], container).output;
  }
}
