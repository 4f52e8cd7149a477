// What a container has written, line by line, as the runtime keeps it in its log file.
// Source: containerd internal/cri/io/logger.go, kubelet pkg/kubelet/logs ContainerLogManager, 1.34.
import type { Instant } from "../../../base/time.ts";
import type { ByteSink } from "./byteStream.ts";
import { textOf } from "./byteText.ts";

export interface LogLine {
  /** Lines are counted from 0 for each container. */
  readonly number: number;
  readonly at: Instant;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** A longer line is cut into parts. containerd: max_container_log_line_size. */
const longestLine = 16_384;
/** A file that is longer is put aside, and read no more. KubeletConfiguration containerLogMaxSize. */
const mostCharacters = 10 * 2 ** 20;

export class ContainerLog {
  private lines: LogLine[] = [];
  private characters = 0;
  private written = 0;
  private readonly pending = { stdout: "", stderr: "" };

  constructor(private readonly now: () => Instant) {}

  sink(stream: LogLine["stream"]): ByteSink {
    return { write: (data) => this.write(stream, textOf(data)) };
  }

  /** Lines from number `from` on; fewer if older ones are gone. */
  since(from: number): readonly LogLine[] {
    const first = this.written - this.lines.length;
    return from <= first ? this.lines : this.lines.slice(from - first);
  }

  /** What has no newline at the end is a line, too, once nothing follows. */
  end(): void {
    for (const stream of ["stdout", "stderr"] as const)
      if (this.pending[stream] !== "") this.write(stream, "\n");
  }

  private write(stream: LogLine["stream"], text: string): void {
    const parts = (this.pending[stream] + text).split("\n");
    let rest = parts.pop() ?? "";
    for (const part of parts) this.add(stream, part);
    for (; rest.length >= longestLine; rest = rest.slice(longestLine))
      this.add(stream, rest.slice(0, longestLine));
    this.pending[stream] = rest;
  }

  private add(stream: LogLine["stream"], text: string): void {
    if (this.characters > mostCharacters) {
      this.lines = [];
      this.characters = 0;
    }
    this.lines.push({ number: this.written++, at: this.now(), stream, text });
    this.characters += text.length;
  }
}
