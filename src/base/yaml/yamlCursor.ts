// A place in a YAML text that moves forward: what the scanner reads characters with.

export interface Mark {
  readonly index: number;
  /** From 0. */
  readonly line: number;
  readonly column: number;
}

/** The first thing wrong with a text; ends the scan or the parse. */
export class YamlError extends Error {
  constructor(
    message: string,
    readonly mark: Mark,
    readonly source: "scanner" | "parser" | "reader",
    readonly contextMark?: Mark,
  ) {
    super(message);
  }
}

/** What `at` answers behind the last character. */
export const end = -1;
export const tab = 9;
export const space = 32;
const newline = 10;
const carriageReturn = 13;

export class YamlCursor {
  index = 0;
  line = 0;
  column = 0;

  constructor(readonly text: string) {}

  /** The character ahead, or -1 behind the last one. */
  at(distance: number): number {
    const i = this.index + distance;
    return i < this.text.length ? this.text.charCodeAt(i) : end;
  }

  advance(count: number): void {
    this.index += count;
    this.column += count;
  }

  /** Reads a line break. @returns what it means in a scalar: "\n" whatever the platform's habit */
  readBreak(): string {
    const c = this.at(0);
    this.index += c === carriageReturn && this.at(1) === newline ? 2 : 1;
    this.column = 0;
    this.line++;
    return c === 0x2028 || c === 0x2029 ? String.fromCharCode(c) : "\n";
  }

  take(accepts: (c: number) => boolean): string {
    const from = this.index;
    while (this.at(0) !== end && accepts(this.at(0))) this.advance(1);
    return this.text.slice(from, this.index);
  }

  /** Up to the end of the line. */
  takeLine(): void {
    const from = this.index;
    let i = from;
    while (i < this.text.length && !isBreak(this.text.charCodeAt(i))) i++;
    this.advance(i - from);
  }

  takeBlanks(): void {
    while (isBlank(this.at(0))) this.advance(1);
  }

  isDocumentIndicator(indicator: "---" | "..."): boolean {
    return (
      this.column === 0 &&
      this.text.startsWith(indicator, this.index) &&
      isBlankOrEnd(this.at(indicator.length))
    );
  }

  mark(): Mark {
    return { index: this.index, line: this.line, column: this.column };
  }

  fail(message: string, context?: Mark): never {
    throw new YamlError(message, this.mark(), "scanner", context);
  }
}

export function isBlank(c: number): boolean {
  return c === space || c === tab;
}

export function isBreak(c: number): boolean {
  return c === newline || c === carriageReturn || c === 0x85 || c === 0x2028 || c === 0x2029;
}

export function isBreakOrEnd(c: number): boolean {
  return c === end || isBreak(c);
}

export function isBlankOrEnd(c: number): boolean {
  return isBlank(c) || isBreakOrEnd(c);
}

/** Letters, digits, "_" and "-". */
export function isAlpha(c: number): boolean {
  return (
    (c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 45
  );
}
