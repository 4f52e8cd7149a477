// From the pieces that a word expands to, to the fields that a command gets: splitting by IFS.
// Source: POSIX, Shell Command Language, 2.6.5.
import type { PatternPart } from "./pattern.ts";

/** A piece of an expanded word. */
export interface Piece extends PatternPart {
  /** It came out of an expansion outside quotes, and is split where IFS says. */
  readonly isSplit?: boolean;
}

/** Where "$@" begins a new field. */
export const fieldBreak = "break";

export type Chunk = Piece | typeof fieldBreak;

export type Field = readonly PatternPart[];

export function splitFields(chunks: readonly Chunk[], ifs: string): Field[] {
  const splitter = new Splitter(ifs);
  for (const chunk of chunks)
    if (chunk === fieldBreak) splitter.finish();
    else if (chunk.isSplit) splitter.split(chunk.text);
    else splitter.append(chunk);
  splitter.finish();
  return splitter.fields;
}

class Splitter {
  readonly fields: Field[] = [];
  private current: PatternPart[] | undefined;
  /** White space has ended a field, and may still be followed by the separator it surrounds. */
  private isAfterWhiteSpace = false;

  constructor(private readonly ifs: string) {}

  append(part: PatternPart): void {
    this.current ??= [];
    this.current.push(part);
    this.isAfterWhiteSpace = false;
  }

  finish(): void {
    if (this.current) this.fields.push(this.current);
    this.current = undefined;
  }

  split(text: string): void {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      if (!this.ifs.includes(text.charAt(at))) continue;
      this.appendText(text.slice(start, at));
      start = at + 1;
      this.separate(text.charAt(at));
    }
    this.appendText(text.slice(start));
  }

  private appendText(text: string): void {
    if (text !== "") this.append({ text, isQuoted: false });
  }

  private separate(separator: string): void {
    if (/[ \t\n]/.test(separator)) {
      if (!this.current) return;
      this.finish();
      this.isAfterWhiteSpace = true;
    } else {
      if (!this.current && !this.isAfterWhiteSpace) this.fields.push([]);
      this.finish();
      this.isAfterWhiteSpace = false;
    }
  }
}

export function fieldText(field: Field): string {
  return field.map(({ text }) => text).join("");
}
