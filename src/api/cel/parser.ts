// From text to syntax tree, macros not yet expanded. Source: cel-go v0.26 parser/gen/CEL.g4 and
// parser.go; the rules are the grammar's, so that errors are found where the original finds them.
import { type BrokenExpr, call, constant, type Expr, ident, type MapEntry } from "./expr.ts";
import { type Token, type TokenType, tokenize } from "./lexer.ts";
import { LiteralError, readLiteral } from "./literal.ts";
import type { CelIssue } from "./source.ts";
import { type Follow, follow, followOrEnd, TokenReader } from "./tokenReader.ts";

const mostCharacters = 100_000;
const deepestRecursion = 250;

const literals: readonly TokenType[] = [
  "true",
  "false",
  "null",
  "NUM_FLOAT",
  "NUM_INT",
  "NUM_UINT",
  "STRING",
  "BYTES",
];
const primaryFirst: readonly TokenType[] = ["[", "{", "(", ".", "-", ...literals, "IDENTIFIER"];
const exprFirst: readonly TokenType[] = [...primaryFirst, "!"];
const relations: readonly TokenType[] = ["<", "<=", ">=", ">", "==", "!=", "in"];
const products: readonly TokenType[] = ["*", "/", "%"];
const sums: readonly TokenType[] = ["+", "-"];

const end = followOrEnd();
const afterOperand = followOrEnd(".", "[");

/** Words that other languages use, which may not name a variable. */
const reserved: ReadonlySet<string> = new Set(
  "as break const continue else false for function if import in let loop package namespace null return true var void while".split(
    " ",
  ),
);

/** Parses an expression. Issues are reported; the tree is of use only if there are none. */
export function parse(text: string, report: (issue: CelIssue) => void): Expr {
  const size = [...text].length;
  if (size > mostCharacters) {
    const message = `expression code point size exceeds limit: size: ${size}, limit ${mostCharacters}`;
    report({ offset: 0, message });
    return { kind: "broken", offset: 0 };
  }
  return new Parser(new TokenReader(text, tokenize(text, report), report), report).start();
}

class Parser {
  private depth = 0;

  constructor(
    private readonly tokens: TokenReader,
    private readonly report: (issue: CelIssue) => void,
  ) {}

  start(): Expr {
    const expr = this.rule("start", follow(), () => {
      const whole = this.expr(follow("EOF"));
      this.tokens.match("EOF", end);
      return whole;
    });
    return expr;
  }

  private rule(name: string, after: Follow, body: () => Expr): Expr {
    return this.tokens.rule(name, after, body, () => this.broken());
  }

  private broken(): BrokenExpr {
    return { kind: "broken", offset: this.tokens.current.offset };
  }

  private expr(after: Follow): Expr {
    const { offset } = this.tokens.current;
    if (this.depth >= deepestRecursion) {
      this.report({ offset, message: `expression recursion limit exceeded: ${deepestRecursion}` });
      while (this.tokens.peek() !== "EOF") this.tokens.next();
      return { kind: "broken", offset };
    }
    this.depth++;
    const parsed = this.rule("expr", after, () => this.conditional());
    this.depth--;
    return parsed;
  }

  private conditional(): Expr {
    const condition = this.or(followOrEnd("?"));
    if (this.tokens.peek() !== "?") return condition;
    const { offset } = this.tokens.next();
    const whenTrue = this.or(follow(":"));
    this.tokens.match(":", follow(...exprFirst));
    return call(offset, "_?_:_", [condition, whenTrue, this.expr(end)]);
  }

  private or(after: Follow): Expr {
    return this.rule("conditionalOr", after, () =>
      this.logical("||", "_||_", () => this.and(followOrEnd("||"))),
    );
  }

  private and(after: Follow): Expr {
    return this.rule("conditionalAnd", after, () =>
      this.logical("&&", "_&&_", () => this.relation(0, followOrEnd("&&"))),
    );
  }

  private logical(operator: TokenType, name: string, operand: () => Expr): Expr {
    const terms = [operand()];
    const offsets: number[] = [];
    while (this.tokens.peek() === operator) {
      offsets.push(this.tokens.next().offset);
      terms.push(operand());
    }
    return offsets.length === 0
      ? (terms[0] as Expr)
      : balanced(name, terms, offsets, 0, offsets.length - 1);
  }

  private relation(precedence: number, after: Follow): Expr {
    return this.rule("relation", after, () => {
      let left = this.calc(0, followOrEnd(...relations));
      while (precedence <= 1 && relations.includes(this.tokens.peek())) {
        const { type, offset } = this.tokens.next();
        const right = this.relation(2, followOrEnd(...relations));
        left = call(offset, type === "in" ? "@in" : `_${type}_`, [left, right]);
      }
      return left;
    });
  }

  private calc(precedence: number, after: Follow): Expr {
    const more = followOrEnd(...products, ...sums);
    return this.rule("calc", after, () => {
      let left = this.unary(more);
      for (;;) {
        const next = this.tokens.peek();
        const binds = products.includes(next) ? 2 : sums.includes(next) ? 1 : -1;
        if (binds < Math.max(precedence, 1)) return left;
        const { type, offset } = this.tokens.next();
        left = call(offset, `_${type}_`, [left, this.calc(binds + 1, more)]);
      }
    });
  }

  private unary(after: Follow): Expr {
    return this.rule("unary", after, () => {
      this.tokens.sync(follow(...exprFirst));
      const operator = this.tokens.peek();
      if (operator !== "!" && !this.negates()) return this.member(end);
      const { offset } = this.tokens.current;
      let times = 0;
      while (this.tokens.peek() === operator) {
        this.tokens.next();
        times++;
      }
      const operand = this.member(end);
      return times % 2 === 0 ? operand : call(offset, operator === "!" ? "!_" : "-_", [operand]);
    });
  }

  /** A minus before a number belongs to the number. */
  private negates(): boolean {
    if (this.tokens.peek() !== "-") return false;
    const next = this.tokens.peek(1);
    if (next === "NUM_INT" || next === "NUM_FLOAT") return false;
    if (next !== "-" && !primaryFirst.includes(next)) this.tokens.noAlternative(1);
    return true;
  }

  private member(after: Follow): Expr {
    return this.rule("member", after, () => {
      let operand = this.primary(afterOperand);
      for (;;) {
        if (this.tokens.peek() === ".") operand = this.selection(operand);
        else if (this.tokens.peek() === "[") operand = this.index(operand);
        else return operand;
      }
    });
  }

  private selection(operand: Expr): Expr {
    const next = this.tokens.peek(1);
    if (next !== "?" && next !== "IDENTIFIER" && next !== "ESC_IDENTIFIER")
      this.tokens.noAlternative(1);
    const { offset } = this.tokens.next();
    if (next === "IDENTIFIER" && this.tokens.peek(1) === "(") {
      const name = this.tokens.next().text;
      const open = this.tokens.next();
      return call(open.offset, name, this.args(afterOperand), operand);
    }
    const isOptional = this.tokens.peek() === "?";
    if (isOptional) this.tokens.next();
    const field = this.fieldName(afterOperand);
    if (field === undefined) return this.broken();
    return isOptional
      ? call(offset, "_?._", [operand, constant(field.offset, field.name)])
      : { kind: "select", offset, operand, field: field.name, testOnly: false };
  }

  private index(operand: Expr): Expr {
    const { offset } = this.tokens.next();
    this.tokens.sync(follow("?", ...exprFirst));
    const isOptional = this.tokens.peek() === "?";
    if (isOptional) this.tokens.next();
    const index = this.expr(follow("]"));
    this.tokens.match("]", afterOperand);
    return call(offset, isOptional ? "_[?_]" : "_[_]", [operand, index]);
  }

  /** Arguments up to the closing parenthesis; the opening one is read. */
  private args(afterwards: Follow): readonly Expr[] {
    this.tokens.sync(follow(")", ...exprFirst));
    const args: Expr[] = [];
    if (exprFirst.includes(this.tokens.peek()))
      this.rule("exprList", follow(")"), () => {
        args.push(this.expr(followOrEnd(",")));
        while (this.tokens.peek() === ",") {
          this.tokens.next();
          args.push(this.expr(followOrEnd(",")));
        }
        return this.broken();
      });
    this.tokens.match(")", afterwards);
    return args;
  }

  private primary(after: Follow): Expr {
    return this.rule("primary", after, () => {
      this.tokens.sync(follow(...primaryFirst));
      switch (this.tokens.peek()) {
        case "(":
          return this.nested();
        case "[":
          return this.list();
        case "{":
          return this.map();
        case ".":
        case "IDENTIFIER":
          return this.named();
        default:
          return this.literal();
      }
    });
  }

  private nested(): Expr {
    this.tokens.next();
    const inner = this.expr(follow(")"));
    this.tokens.match(")", end);
    return inner;
  }

  private named(): Expr {
    const dot = this.tokens.peek() === "." ? 1 : 0;
    if (this.tokens.peek(dot) !== "IDENTIFIER") this.tokens.noAlternative(dot);
    if (this.isMessage(dot)) return this.message();
    if (dot === 1) this.tokens.next();
    const { text, offset } = this.tokens.next();
    const name = dot === 1 ? `.${text}` : text;
    if (this.tokens.peek() === "(") {
      const open = this.tokens.next();
      if (reserved.has(text)) this.report({ offset, message: `reserved identifier: ${text}` });
      return call(open.offset, name, this.args(end));
    }
    if (reserved.has(text)) this.report({ offset, message: `reserved identifier: ${text}` });
    return ident(offset, name);
  }

  /** Names with dots and then a brace, as in `google.protobuf.Duration{seconds: 1}`. */
  private isMessage(first: number): boolean {
    let ahead = first + 1;
    while (this.tokens.peek(ahead) === "." && this.tokens.peek(ahead + 1) === "IDENTIFIER")
      ahead += 2;
    return this.tokens.peek(ahead) === "{";
  }

  private message(): Expr {
    const names: Token[] = [];
    while (this.tokens.peek() !== "{") names.push(this.tokens.next());
    const { offset } = this.tokens.next();
    const typeName = names.map(({ text }) => text).join("");
    this.tokens.sync(follow("?", "IDENTIFIER", "ESC_IDENTIFIER", ",", "}"));
    const fields: { name: string; value: Expr }[] = [];
    const opens = (type: TokenType) => ["?", "IDENTIFIER", "ESC_IDENTIFIER"].includes(type);
    while (opens(this.tokens.peek())) {
      if (this.tokens.peek() === "?") this.tokens.next();
      const name = this.fieldName(follow(":"))?.name ?? "";
      this.tokens.match(":", follow(...exprFirst));
      fields.push({ name, value: this.expr(followOrEnd(",")) });
      if (this.tokens.peek() !== "," || !opens(this.tokens.peek(1))) break;
      this.tokens.next();
    }
    this.close("}");
    return { kind: "struct", offset, typeName, fields };
  }

  private list(): Expr {
    const { offset } = this.tokens.next();
    this.tokens.sync(follow("?", ",", "]", ...exprFirst));
    const elements: Expr[] = [];
    const optionals = new Set<number>();
    this.items("]", () => {
      const { isOptional, value } = this.optional(followOrEnd(","));
      if (isOptional) optionals.add(elements.length);
      elements.push(value);
    });
    this.close("]");
    return { kind: "list", offset, elements, optionals };
  }

  private map(): Expr {
    const { offset } = this.tokens.next();
    this.tokens.sync(follow("?", ",", "}", ...exprFirst));
    const entries: MapEntry[] = [];
    this.items("}", () => {
      const { isOptional, value: key } = this.optional(follow(":"));
      const colon = this.tokens.match(":", follow(...exprFirst));
      const value = this.expr(followOrEnd(","));
      entries.push({ offset: colon.offset, key, value, isOptional });
    });
    this.close("}");
    return { kind: "map", offset, entries };
  }

  /** Items with commas between them. A comma after the last is left to `close`. */
  private items(bracket: TokenType, readItem: () => void): void {
    const opens = (type: TokenType) => type === "?" || exprFirst.includes(type);
    if (!opens(this.tokens.peek())) return;
    this.rule("items", follow(",", bracket), () => {
      readItem();
      while (this.tokens.peek() === "," && this.tokens.peek(1) !== bracket) {
        this.tokens.next();
        readItem();
      }
      return this.broken();
    });
  }

  private close(bracket: TokenType): void {
    this.tokens.sync(follow(",", bracket));
    if (this.tokens.peek() === ",") this.tokens.next();
    this.tokens.match(bracket, end);
  }

  private optional(after: Follow): { isOptional: boolean; value: Expr } {
    let isOptional = false;
    const value = this.rule("optExpr", after, () => {
      this.tokens.sync(follow("?", ...exprFirst));
      isOptional = this.tokens.peek() === "?";
      if (isOptional) this.tokens.next();
      return this.expr(end);
    });
    return { isOptional, value };
  }

  private fieldName(after: Follow): { name: string; offset: number } | undefined {
    let found: { name: string; offset: number } | undefined;
    this.rule("escapeIdent", after, () => {
      this.tokens.sync(follow("IDENTIFIER", "ESC_IDENTIFIER"));
      const { text, offset } = this.tokens.next();
      found = { name: text.startsWith("`") ? text.slice(1, -1) : text, offset };
      return this.broken();
    });
    return found;
  }

  private literal(): Expr {
    const { offset } = this.tokens.current;
    const isNegative = this.tokens.peek() === "-";
    if (isNegative && !["NUM_INT", "NUM_FLOAT"].includes(this.tokens.peek(1)))
      this.tokens.noAlternative(1);
    if (isNegative) this.tokens.next();
    const { type, text } = this.tokens.next();
    const value = readLiteral(type, isNegative ? `-${text}` : text);
    if (!(value instanceof LiteralError)) return constant(offset, value);
    this.report({ offset, message: value.message });
    return { kind: "broken", offset };
  }
}

/** Long chains of && and || become a tree of small depth. Source: parser/helper.go balancer. */
function balanced(
  name: string,
  terms: readonly Expr[],
  offsets: readonly number[],
  low: number,
  high: number,
): Expr {
  const middle = (low + high + 1) >> 1;
  const half = (from: number, to: number, alone: number) =>
    from > to ? (terms[alone] as Expr) : balanced(name, terms, offsets, from, to);
  const left = half(low, middle - 1, middle);
  const right = half(middle + 1, high, middle + 1);
  return call(offsets[middle] ?? 0, name, [left, right]);
}
