// What a terminal does between a person's keys and a program: it shows what is typed, lets lines be
// mended, and hands them over whole. Source: termios(3), the canonical mode.
import type { ProcessOutput } from "./kubeletStreams.ts";

const toUtf8 = new TextEncoder();
const utf8 = new TextDecoder();
const key = {
  interrupt: "\x03",
  endOfInput: "\x04",
  backspace: "\b",
  delete: "\x7f",
  killLine: "\x15",
};
const eraseOne = "\b \b";

/** Output on its way to a terminal: lines begin at the left again. */
export class TerminalOutput implements ProcessOutput {
  constructor(private readonly output: ProcessOutput) {}

  stdout(bytes: Uint8Array): void {
    this.output.stdout(toUtf8.encode(utf8.decode(bytes).replace(/\r?\n/g, "\r\n")));
  }

  /** A terminal has but one screen. */
  stderr(bytes: Uint8Array): void {
    this.stdout(bytes);
  }

  ended(end: Parameters<ProcessOutput["ended"]>[0]): void {
    this.output.ended(end);
  }
}

export interface LineListener {
  line(text: string): void;
  interrupted(): void;
  endOfInput(): void;
}

/** Keys on their way to a program. `echo` shows what is typed. */
export class TerminalInput {
  private line: string[] = [];
  private readonly decoder = new TextDecoder();

  constructor(
    private readonly echo: (text: string) => void,
    private readonly listener: LineListener,
  ) {}

  write(bytes: Uint8Array): void {
    for (const char of this.decoder.decode(bytes, { stream: true })) this.press(char);
  }

  private press(char: string): void {
    switch (char) {
      case "\r":
      case "\n":
        this.echo("\n");
        this.listener.line(this.take());
        break;
      case key.backspace:
      case key.delete:
        if (this.line.pop() !== undefined) this.echo(eraseOne);
        break;
      case key.killLine:
        this.echo(eraseOne.repeat(this.line.length));
        this.line = [];
        break;
      case key.interrupt:
        this.echo("^C\n");
        this.line = [];
        this.listener.interrupted();
        break;
      case key.endOfInput:
        if (this.line.length === 0) this.listener.endOfInput();
        break;
      default:
        // Arrows and their like would only disturb the line.
        if (char >= " ") {
          this.line.push(char);
          this.echo(char);
        }
    }
  }

  private take(): string {
    const text = this.line.join("");
    this.line = [];
    return text;
  }
}
