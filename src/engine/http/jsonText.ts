// JSON as the server reads it: Go's words for what is wrong, and the fields that a text names twice.
// Source: Go's encoding/json (scanner.go, decode.go) and sigs.k8s.io/json, 1.34.
import { goJsonObjectError } from "../../api/validation/goJson.ts";
import { setOwn } from "../../base/setOwn.ts";

export interface JsonText {
  readonly value: unknown;
  /** Paths such as "spec.containers[0].name", each once, in the order of the text. */
  readonly duplicates: readonly string[];
}

/** Go's decoder goes 10,000 levels deep; ours stops earlier, before any walk of the value could overflow. */
const deepest = 1_000;

/** What Go would say of the text. */
export class JsonError extends Error {}

/** @throws JsonError */
export function parseJson(text: string): JsonText {
  const parser = new JsonParser(text);
  try {
    return { value: parser.document(), duplicates: [...parser.duplicates] };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new JsonError(goJsonObjectError(text) ?? error.message);
  }
}

/** Reads what is well-formed; a SyntaxError says no more than that the text is not. */
class JsonParser {
  readonly duplicates = new Set<string>();
  private position = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.value();
    this.skipSpace();
    if (this.position < this.text.length) throw new SyntaxError();
    return value;
  }

  private value(): unknown {
    this.skipSpace();
    const first = this.text[this.position];
    if (first === "{") return this.object();
    if (first === "[") return this.array();
    return first === '"' ? this.string() : this.scalar();
  }

  private object(): Record<string, unknown> {
    this.enter();
    const object: Record<string, unknown> = {};
    if (this.closes("}")) return object;
    do {
      this.skipSpace();
      const name = this.string();
      this.expect(":");
      this.path.push(name);
      if (Object.hasOwn(object, name)) this.duplicates.add(pathText(this.path));
      setOwn(object, name, this.value());
      this.path.pop();
    } while (this.continues("}"));
    return object;
  }

  private array(): unknown[] {
    this.enter();
    const array: unknown[] = [];
    if (this.closes("]")) return array;
    do {
      this.path.push(array.length);
      array.push(this.value());
      this.path.pop();
    } while (this.continues("]"));
    return array;
  }

  private enter(): void {
    if (this.path.length >= deepest) throw new JsonError("exceeded max depth");
    this.position++;
  }

  private closes(bracket: string): boolean {
    this.skipSpace();
    if (this.text[this.position] !== bracket) return false;
    this.position++;
    return true;
  }

  /** After an element: true if another follows. */
  private continues(bracket: string): boolean {
    if (this.closes(bracket)) return false;
    this.expect(",");
    return true;
  }

  private expect(char: string): void {
    this.skipSpace();
    if (this.text[this.position++] !== char) throw new SyntaxError();
  }

  private string(): string {
    stringPattern.lastIndex = this.position;
    const match = stringPattern.exec(this.text);
    if (!match) throw new SyntaxError();
    this.position = stringPattern.lastIndex;
    const [literal] = match;
    return literal.includes("\\") ? (JSON.parse(literal) as string) : literal.slice(1, -1);
  }

  private scalar(): unknown {
    scalarPattern.lastIndex = this.position;
    const match = scalarPattern.exec(this.text);
    if (!match) throw new SyntaxError();
    this.position = scalarPattern.lastIndex;
    return JSON.parse(match[0]);
  }

  private skipSpace(): void {
    while (this.position < this.text.length && " \t\r\n".includes(this.text[this.position] ?? ""))
      this.position++;
  }
}

const stringPattern = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/uy;
const scalarPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step, i) => (typeof step === "number" ? `[${step}]` : `${i === 0 ? "" : "."}${step}`))
    .join("");
}
