// Where in braces and brackets an offset is, however unfinished they are.
import type { Range } from "../../base/yaml/yamlTree.ts";

/** A brace or bracket that is open at the offset. */
export interface FlowFrame {
  readonly type: "map" | "list";
  /** The key whose value is being read. */
  readonly key?: string;
  /** The map's entries, those behind the offset too; values of scalars. */
  readonly values: ReadonlyMap<string, string>;
}

export interface FlowContext {
  readonly type: "flow";
  /** Where the outermost brace or bracket is. */
  readonly open: number;
  /** The outermost first; none where nothing can be typed. */
  readonly frames: readonly FlowFrame[];
  /** The key whose value the offset is in. */
  readonly key?: string;
  /** What is typed there; with its quotes. */
  readonly typed: Range;
}

export interface FlowScan {
  /** Undefined if the offset is not inside. */
  readonly context?: FlowContext;
  /** Behind the last bracket. */
  readonly end: number;
}

/** More characters than these are not looked at behind the offset. */
const lookahead = 100_000;

/** The path from the outermost bracket to the innermost: keys, and -1 for an item of a list. */
export function flowPath(frames: readonly FlowFrame[]): (string | -1)[] {
  return frames.flatMap(({ type, key }, i): (string | -1)[] => {
    if (type === "list") return [-1];
    return i < frames.length - 1 && key !== undefined ? [key] : [];
  });
}

/** Reads from the bracket at `open` to the one that closes it, or to `end`. */
export function scanFlow(text: string, open: number, end: number, offset: number): FlowScan {
  return new FlowScanner(text, open, Math.min(end, Math.max(open, offset) + lookahead)).scan(
    offset,
  );
}

interface OpenFrame {
  readonly type: "map" | "list";
  key: string | undefined;
  isValue: boolean;
  readonly values: Map<string, string>;
}

class FlowScanner {
  private readonly frames: OpenFrame[] = [];
  private context: FlowContext | undefined;
  private position: number;
  private last = "";

  constructor(
    private readonly text: string,
    private readonly open: number,
    private readonly end: number,
  ) {
    this.position = open;
  }

  scan(offset: number): FlowScan {
    while (this.position < this.end) {
      if (this.position >= offset) this.note({ start: offset, end: offset });
      this.step(offset);
      if (this.frames.length === 0) break;
    }
    if (this.frames.length > 0 && offset >= this.position)
      this.note({ start: offset, end: offset });
    return { ...(this.context ? { context: this.context } : {}), end: this.position };
  }

  /** Remembers where the offset is, once. */
  private note(typed: Range): void {
    if (this.context || this.frames.length === 0) return;
    const { key, isValue, values: own } = this.frames.at(-1) ?? {};
    const isBehindValue = isValue && key !== undefined && own?.get(key) !== "";
    this.context = {
      type: "flow",
      open: this.open,
      // Behind a value only a comma may follow.
      frames: (isBehindValue ? [] : this.frames).map(({ type, key: own, values }) => ({
        type,
        values,
        ...(own === undefined ? {} : { key: own }),
      })),
      typed,
      ...(isValue && key !== undefined ? { key } : {}),
    };
  }

  private step(offset: number): void {
    const c = this.text[this.position] ?? "";
    const frame = this.frames.at(-1);
    if (c === "{" || c === "[") {
      this.position++;
      const type = c === "{" ? "map" : "list";
      this.frames.push({ type, key: undefined, isValue: false, values: new Map() });
    } else if (c === "}" || c === "]") {
      this.position++;
      this.frames.pop();
    } else if (c === ",") {
      this.position++;
      if (frame) {
        frame.key = undefined;
        frame.isValue = false;
      }
    } else if (c === ":") {
      this.position++;
      this.colon(frame);
    } else if (c === "#" && /\s/.test(this.text[this.position - 1] ?? " ")) this.comment(offset);
    else if (/\s/.test(c)) this.position++;
    else this.scalar(c, offset, frame);
  }

  private colon(frame: OpenFrame | undefined): void {
    if (frame?.type !== "map" || frame.isValue) return;
    frame.key = this.last;
    frame.isValue = true;
    frame.values.set(this.last, "");
  }

  private comment(offset: number): void {
    const newline = this.text.indexOf("\n", this.position);
    const next = newline < 0 ? this.end : newline;
    if (offset > this.position && offset <= next)
      this.context ??= {
        type: "flow",
        open: this.open,
        frames: [],
        typed: { start: offset, end: offset },
      };
    this.position = next;
  }

  private scalar(c: string, offset: number, frame: OpenFrame | undefined): void {
    const start = this.position;
    const isQuoted = c === '"' || c === "'";
    const length = isQuoted ? quotedLength(this.text, start, c) : this.plainLength();
    this.position = Math.min(start + Math.max(length, 1), this.end);
    const written = this.text.slice(start, this.position);
    this.last = isQuoted ? written.replace(/^["']|["']$/g, "") : written;
    const isInside = isQuoted && length > 1 && written.endsWith(c);
    const last = isInside ? this.position - 1 : this.position;
    if (offset > start && offset <= last)
      this.note({ start, end: isInside ? this.position : offset });
    if (frame?.type === "map" && frame.isValue && frame.key !== undefined)
      frame.values.set(frame.key, this.last);
    else if (frame?.type === "map" && !this.isTyping(offset, start))
      frame.values.set(this.last, "");
  }

  /** True for the scalar that the offset is in: it is no entry yet. */
  private isTyping(offset: number, start: number): boolean {
    return offset > start && offset <= this.position;
  }

  private plainLength(): number {
    const rest = this.text.slice(this.position, Math.min(this.end, this.position + 1_024));
    return /[,[\]{}\n]|:(?=\s|$|[,[\]{}])| #/.exec(rest)?.index ?? rest.length;
  }
}

/** Up to the closing quote, or the end of the line. */
export function quotedLength(text: string, start: number, quote: string): number {
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === "\n") return i - start;
    if (text[i] === "\\" && quote === '"') i++;
    else if (text[i] === quote) return i + 1 - start;
  }
  return text.length - start;
}
