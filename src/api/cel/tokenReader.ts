// How the parser reports what it did not expect and where it goes on: ANTLR's default error strategy.
// Source: antlr4 v4.13 runtime/Go error_strategy.go and atn.go.
import { type Token, type TokenType, tokenTypes } from "./lexer.ts";
import type { CelIssue } from "./source.ts";

/** The tokens that may follow at some place of a rule. */
export interface Follow {
  readonly tokens: ReadonlySet<TokenType>;
  /** The rule may end here, so that what follows its caller is possible as well. */
  readonly mayEnd: boolean;
}

export function follow(...tokens: readonly TokenType[]): Follow {
  return { tokens: new Set(tokens), mayEnd: false };
}

export function followOrEnd(...tokens: readonly TokenType[]): Follow {
  return { tokens: new Set(tokens), mayEnd: true };
}

/** Unwinds a rule that cannot go on; caught by `TokenReader.rule`. */
class Unexpected extends Error {}

/** The tokens of an expression, read by rules that say what may follow them. */
export class TokenReader {
  private position = 0;
  /** What may follow each rule that is under way, the outermost first. */
  private readonly callers: Follow[] = [];
  private isRecovering = false;
  private lastErrorAt = -1;
  private lastErrorRules = new Set<string>();

  constructor(
    private readonly source: string,
    private readonly tokens: readonly Token[],
    private readonly report: (issue: CelIssue) => void,
  ) {}

  peek(ahead = 0): TokenType {
    return this.tokenAt(this.position + ahead).type;
  }

  get current(): Token {
    return this.tokenAt(this.position);
  }

  /** Reads a token that was expected: what was wrong before it is over. */
  next(): Token {
    const token = this.current;
    this.isRecovering = false;
    this.lastErrorAt = -1;
    if (token.type !== "EOF") this.position++;
    return token;
  }

  /** Runs a rule after which its caller goes on with `after`. A rule that fails answers `broken`. */
  rule<T>(name: string, after: Follow, body: () => T, broken: () => T): T {
    this.callers.push(after);
    try {
      return body();
    } catch (error) {
      if (!(error instanceof Unexpected)) throw error;
      this.recover(name);
      return broken();
    } finally {
      this.callers.pop();
    }
  }

  /** At the beginning of a choice: one of `expected` has to come, or a token too many is left out. */
  sync(expected: Follow): void {
    if (this.isRecovering || expected.mayEnd || expected.tokens.has(this.peek())) return;
    if (!this.dropExtra(expected)) this.mismatch(expected);
  }

  /** Reads a token that must come; one that is missing is made up, one too many left out. */
  match(type: TokenType, after: Follow): Token {
    if (this.peek() === type || this.dropExtra(follow(type))) return this.next();
    if (this.expected(after).has(this.peek())) {
      this.complain(`missing ${display([type])} at ${quoted(this.current)}`, this.current);
      return { type, text: `<missing ${type}>`, offset: this.current.offset };
    }
    return this.mismatch(follow(type));
  }

  /** No alternative goes with the tokens from `start` on. */
  noAlternative(ahead: number): never {
    const start = this.current;
    const end = this.tokenAt(this.position + ahead);
    const stop = end.type === "EOF" ? this.lastEnd(ahead) : end.offset + end.text.length;
    const text = start.type === "EOF" ? "<EOF>" : this.source.slice(start.offset, stop);
    this.complain(noAlternativeMessage(text), end);
    throw new Unexpected();
  }

  private lastEnd(ahead: number): number {
    const last = this.tokenAt(this.position + ahead - 1);
    return last.type === "EOF" ? last.offset : last.offset + last.text.length;
  }

  private dropExtra(expected: Follow): boolean {
    if (!this.expected(expected).has(this.peek(1)) || this.peek() === "EOF") return false;
    const wanted = display([...this.expected(expected)]);
    this.complain(`extraneous input ${quoted(this.current)} expecting ${wanted}`, this.current);
    this.position++;
    return true;
  }

  private mismatch(expected: Follow): never {
    const wanted = display([...this.expected(expected)]);
    this.complain(`mismatched input ${quoted(this.current)} expecting ${wanted}`, this.current);
    throw new Unexpected();
  }

  /** All tokens that may come, with what follows the callers where rules may end. */
  private expected({ tokens, mayEnd }: Follow): ReadonlySet<TokenType> {
    if (!mayEnd) return tokens;
    const all = new Set(tokens);
    for (const caller of this.callers.toReversed()) {
      for (const token of caller.tokens) all.add(token);
      if (!caller.mayEnd) return all;
    }
    return all.add("EOF");
  }

  private complain(message: string, { offset }: Token): void {
    if (this.isRecovering) return;
    this.isRecovering = true;
    this.report({ offset, message: `Syntax error: ${message}` });
  }

  /** Skips to a token with which one of the callers can go on. */
  private recover(rule: string): void {
    if (this.lastErrorAt === this.position && this.lastErrorRules.has(rule)) this.skip();
    if (this.lastErrorAt !== this.position) this.lastErrorRules = new Set();
    this.lastErrorAt = this.position;
    this.lastErrorRules.add(rule);
    const goesOn = new Set(this.callers.flatMap(({ tokens }) => [...tokens]));
    while (this.peek() !== "EOF" && !goesOn.has(this.peek())) this.position++;
  }

  private skip(): void {
    if (this.peek() !== "EOF") this.position++;
  }

  private tokenAt(position: number): Token {
    return this.tokens[Math.min(position, this.tokens.length - 1)] as Token;
  }
}

/** A reserved word after a dot is named by itself. */
function noAlternativeMessage(text: string): string {
  const word = /^.(true|false|null)$/.exec(text)?.[1];
  return word === undefined
    ? `no viable alternative at input '${escaped(text)}'`
    : `mismatched input '${word}' expecting IDENTIFIER`;
}

function display(types: readonly TokenType[]): string {
  const names = tokenTypes
    .filter((type) => types.includes(type) && type !== "EOF")
    .map((type) => (/^[A-Z]/.test(type) ? type : `'${type}'`));
  if (types.includes("EOF")) names.unshift("<EOF>");
  return names.length === 1 ? (names[0] ?? "") : `{${names.join(", ")}}`;
}

function quoted({ text }: Token): string {
  return `'${escaped(text)}'`;
}

function escaped(text: string): string {
  return text.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t");
}
