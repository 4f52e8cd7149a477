// What Go says of a text that should be a JSON object. Source: Go's encoding/json scanner.

/** The error of json.Unmarshal into a map; undefined if the text is an object or null. */
export function goJsonObjectError(text: string): string | undefined {
  const scanner = new JsonScanner(text);
  const problem = scanner.problem();
  if (problem !== undefined) return problem;
  const first = text.trim()[0] ?? "";
  if (first === "{" || first === "n") return undefined;
  const found =
    first === "[" ? "array" : first === '"' ? "string" : /[tf]/.test(first) ? "bool" : "number";
  return `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
}

/** Thrown within this file only: unwinds the scanner at the first error. */
class JsonProblem extends Error {}

class JsonScanner {
  private position = 0;

  constructor(private readonly text: string) {}

  problem(): string | undefined {
    try {
      this.skipSpace();
      this.value("looking for beginning of value");
      this.skipSpace();
      if (this.position < this.text.length) this.fail("after top-level value");
      return undefined;
    } catch (error) {
      if (error instanceof JsonProblem) return error.message;
      throw error;
    }
  }

  private value(context: string): void {
    const c = this.peek();
    if (c === "{") this.object();
    else if (c === "[") this.array();
    else if (c === '"') this.string();
    else if (c === "-" || /\d/.test(c)) this.number();
    else this.literal(context);
  }

  private object(): void {
    this.position++;
    this.skipSpace();
    if (this.peek() === "}") {
      this.position++;
      return;
    }
    for (;;) {
      this.skipSpace();
      if (this.peek() !== '"') this.fail("looking for beginning of object key string");
      this.string();
      this.skipSpace();
      if (this.peek() !== ":") this.fail("after object key");
      this.position++;
      this.skipSpace();
      this.value("looking for beginning of value");
      if (this.ends("}", "after object key:value pair")) return;
    }
  }

  private array(): void {
    this.position++;
    this.skipSpace();
    if (this.peek() === "]") {
      this.position++;
      return;
    }
    for (;;) {
      this.skipSpace();
      this.value("looking for beginning of value");
      if (this.ends("]", "after array element")) return;
    }
  }

  /** After an element: true at the closing bracket, false at a comma. */
  private ends(bracket: string, context: string): boolean {
    this.skipSpace();
    const c = this.peek();
    if (c !== bracket && c !== ",") this.fail(context);
    this.position++;
    return c === bracket;
  }

  private string(): void {
    this.position++;
    for (;;) {
      const c = this.peek();
      if (c < " ") this.fail("in string literal");
      this.position++;
      if (c === '"') return;
      if (c !== "\\") continue;
      const code = this.peek();
      if (!'bfnrt\\/"u'.includes(code)) this.fail("in string escape code");
      this.position++;
      if (code !== "u") continue;
      for (let i = 0; i < 4; i++) {
        if (!/[0-9a-fA-F]/.test(this.peek())) this.fail("in \\u hexadecimal character escape");
        this.position++;
      }
    }
  }

  private number(): void {
    if (this.text[this.position] === "-") this.position++;
    if (!/\d/.test(this.peek())) this.fail("in numeric literal");
    if (this.text[this.position] === "0") this.position++;
    else this.digits();
    if (this.text[this.position] === ".") {
      this.position++;
      if (!/\d/.test(this.peek())) this.fail("after decimal point in numeric literal");
      this.digits();
    }
    if (/[eE]/.test(this.text[this.position] ?? "")) {
      this.position++;
      if (/[+-]/.test(this.peek())) this.position++;
      if (!/\d/.test(this.peek())) this.fail("in exponent of numeric literal");
      this.digits();
    }
  }

  private digits(): void {
    while (/\d/.test(this.text[this.position] ?? "")) this.position++;
  }

  private literal(context: string): void {
    const word = ["true", "false", "null"].find((w) => w[0] === this.text[this.position]);
    if (word === undefined) this.fail(context);
    for (let i = 1; i < (word?.length ?? 0); i++) {
      this.position++;
      if (this.peek() !== word?.[i]) this.fail(`in literal ${word} (expecting '${word?.[i]}')`);
    }
    this.position++;
  }

  private skipSpace(): void {
    while (" \t\r\n".includes(this.text[this.position] ?? "x")) this.position++;
  }

  private peek(): string {
    const c = this.text[this.position];
    if (c === undefined) throw new JsonProblem("unexpected end of JSON input");
    return c;
  }

  private fail(context: string): never {
    const c = this.text[this.position];
    if (c === undefined) throw new JsonProblem("unexpected end of JSON input");
    throw new JsonProblem(`invalid character ${quoted(c)} ${context}`);
  }
}

/** Go looks at bytes: of another character than ASCII's it shows the first byte of its UTF-8. */
function quoted(char: string): string {
  const c = String.fromCharCode(firstByte(char.codePointAt(0) ?? 0));
  if (c === "'") return `'\\''`;
  if (c === '"') return `'"'`;
  return `'${JSON.stringify(c).slice(1, -1)}'`;
}

function firstByte(code: number): number {
  if (code < 0x80) return code;
  if (code < 0x800) return 0xc0 | (code >> 6);
  // Half of a pair stands for a character of four bytes.
  return code >= 0xd800 && code < 0xe000 ? 0xf0 : 0xe0 | (code >> 12);
}
