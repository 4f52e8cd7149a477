// A shell that somebody talks to: reads lines, runs them, and shows a prompt to a terminal.
import type { ProcessOutput, RunningProcess } from "./kubeletStreams.ts";
import { TerminalInput } from "./terminal.ts";

export interface ShellSessionWorld {
  readonly isTerminal: boolean;
  readonly output: ProcessOutput;
  execute(line: string): { readonly exitCode: number; readonly text: string };
}

const toUtf8 = new TextEncoder();
const prompt = "/ # ";
/** What a shell answers to Ctrl-C. */
const interruptedCode = 130;

export class ShellSession implements RunningProcess {
  private readonly decoder = new TextDecoder();
  private readonly terminal: TerminalInput | undefined;
  private pending = "";
  private lastCode = 0;
  private hasEnded = false;

  constructor(private readonly world: ShellSessionWorld) {
    if (!world.isTerminal) return;
    this.terminal = new TerminalInput((text) => this.show(text), {
      line: (text) => this.runLine(text),
      interrupted: () => {
        this.lastCode = interruptedCode;
        this.show(prompt);
      },
      endOfInput: () => this.end(this.lastCode),
    });
    this.show(prompt);
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  write(bytes: Uint8Array): void {
    if (this.terminal) this.terminal.write(bytes);
    else {
      const lines = (this.pending + this.decoder.decode(bytes, { stream: true })).split("\n");
      this.pending = lines.pop() ?? "";
      for (const line of lines) this.runLine(line);
    }
  }

  closeInput(): void {
    if (this.pending !== "") this.runLine(this.pending);
    this.end(this.lastCode);
  }

  /** Nothing here depends on the size. */
  resize(): void {}

  dispose(): void {
    this.hasEnded = true;
  }

  private runLine(line: string): void {
    if (this.hasEnded) return;
    const exit = /^\s*(?:exit|logout)(?:\s+(\d+))?\s*$/.exec(line);
    if (exit) this.end(exit[1] === undefined ? this.lastCode : Number(exit[1]) & 0xff);
    else {
      if (line.trim() !== "") {
        const { exitCode, text } = this.world.execute(line);
        this.lastCode = exitCode;
        this.show(text);
      }
      if (this.terminal) this.show(prompt);
    }
  }

  private show(text: string): void {
    if (text !== "" && !this.hasEnded) this.world.output.stdout(toUtf8.encode(text));
  }

  private end(exitCode: number): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.world.output.ended({ exitCode });
  }
}
