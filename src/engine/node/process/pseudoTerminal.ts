// What a terminal does between a person's keys and a program: it shows what is typed, lets lines be
// mended, and hands them over whole. Source: termios(3), canonical mode, with ISIG, ECHO and ONLCR.
import { type ByteSink, type ByteSource, Pipe } from "./byteStream.ts";
import { textOf } from "./byteText.ts";
import type { Terminal } from "./process.ts";
import type { Signal } from "./signals.ts";

const key = {
  interrupt: "\x03",
  endOfInput: "\x04",
  backspace: "\b",
  delete: "\x7f",
  killLine: "\x15",
  killWord: "\x17",
  quit: "\x1c",
};
const eraseOne = "\b \b";
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what keys send
const escapeSequence = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)?/g;

export class PseudoTerminal implements Terminal {
  columns = 80;
  rows = 24;
  private readonly lines = new Pipe();
  private line: string[] = [];

  /**
   * @param show sends to the screen
   * @param interrupt sends a signal to what runs in the foreground
   */
  constructor(
    private readonly show: (text: string) => void,
    private readonly interrupt: (signal: Signal) => void,
  ) {}

  /** What programs read: whole lines. */
  get input(): ByteSource {
    return { read: () => this.lines.read() };
  }

  /** What programs write: lines begin at the left again. */
  get output(): ByteSink {
    return { write: (data) => this.show(textOf(data).replace(/\r?\n/g, "\r\n")) };
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.interrupt("SIGWINCH");
  }

  /** Keys come in. */
  type(data: Uint8Array): void {
    // Arrows and their like would only disturb the line.
    for (const char of textOf(data).replace(escapeSequence, "")) this.press(char);
  }

  /** Nobody types any more. */
  hangUp(): void {
    this.lines.end();
  }

  private press(char: string): void {
    switch (char) {
      case "\r":
      case "\n":
        this.show("\r\n");
        this.handOver("\n");
        break;
      case key.backspace:
      case key.delete:
        this.erase(1);
        break;
      case key.killLine:
        this.erase(this.line.length);
        break;
      case key.killWord:
        this.erase(/\S*\s*$/.exec(this.line.join(""))?.[0].length ?? 0);
        break;
      case key.interrupt:
      case key.quit:
        this.show(char === key.interrupt ? "^C" : "^\\");
        this.line = [];
        this.interrupt(char === key.interrupt ? "SIGINT" : "SIGQUIT");
        break;
      case key.endOfInput:
        if (this.line.length > 0) this.handOver("");
        else this.lines.end();
        break;
      default:
        if (char < " " && char !== "\t") break;
        this.line.push(char);
        this.show(char);
    }
  }

  private erase(count: number): void {
    const erased = this.line.splice(Math.max(0, this.line.length - count));
    this.show(eraseOne.repeat(erased.length));
  }

  private handOver(end: string): void {
    this.lines.write(this.line.join("") + end);
    this.line = [];
  }
}
