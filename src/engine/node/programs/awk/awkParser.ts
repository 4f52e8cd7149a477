// Reads programs of awk, by recursive descent.
import { type Token, tokenizeAwk } from "./awkLexer.ts";
import {
  AwkError,
  type AwkFunction,
  type AwkPattern,
  type AwkProgram,
  type AwkRule,
  type Expression,
  type Redirect,
  type Statement,
  type Target,
} from "./awkSyntax.ts";

const assignments = new Set(["=", "+=", "-=", "*=", "/=", "%=", "^="]);
const comparisons = new Set(["<", "<=", "==", "!=", ">", ">="]);
/** Deeper expressions than any script has. */
const deepest = 200;

/** @throws AwkError */
export function parseAwk(text: string): AwkProgram {
  return new Parser(tokenizeAwk(text)).program();
}

class Parser {
  private at = 0;
  private depth = 0;
  /** In the arguments of print, ">" redirects. */
  private isInPrint = false;

  constructor(private readonly tokens: readonly Token[]) {}

  program(): AwkProgram {
    const rules: AwkRule[] = [];
    const functions = new Map<string, AwkFunction>();
    for (this.skipEnds(); this.token.type !== "end"; this.skipEnds())
      if (this.takesKeyword("function") || this.takesKeyword("func")) {
        const name = this.name();
        functions.set(name, this.definition());
      } else rules.push(this.rule());
    return { rules, functions };
  }

  private definition(): AwkFunction {
    const parameters: string[] = [];
    this.expect("(");
    while (!this.takes(")")) {
      parameters.push(this.name());
      this.takes(",");
      this.skipNewlines();
    }
    this.skipNewlines();
    return { parameters, body: this.block() };
  }

  private rule(): AwkRule {
    const pattern = this.pattern();
    return this.sees("{") ? { pattern, body: this.block() } : { pattern };
  }

  private pattern(): AwkPattern {
    if (this.sees("{")) return { type: "always" };
    if (this.takesKeyword("BEGIN")) return { type: "begin" };
    if (this.takesKeyword("END")) return { type: "end" };
    const test = this.expression();
    if (!this.takes(",")) return { type: "test", test };
    this.skipNewlines();
    return { type: "range", from: test, to: this.expression() };
  }

  private block(): Statement {
    this.expect("{");
    const body: Statement[] = [];
    for (this.skipEnds(); !this.takes("}"); this.skipEnds()) {
      if (this.token.type === "end") this.fail();
      body.push(this.statement());
    }
    return { type: "block", body };
  }

  private statement(): Statement {
    if (this.sees("{")) return this.block();
    if (this.takes(";")) return { type: "block", body: [] };
    if (this.token.type !== "keyword" || this.token.text === "getline")
      return this.simpleEnd(this.simple());
    const { text } = this.token;
    this.at++;
    switch (text) {
      case "if":
        return this.conditional();
      case "while": {
        const test = this.parenthesized();
        return { type: "loop", test, body: this.body(), isTestLast: false };
      }
      case "do":
        return this.doLoop();
      case "for":
        return this.forLoop();
      case "next":
      case "nextfile":
      case "break":
      case "continue":
        return this.simpleEnd({ type: "jump", kind: text });
      case "exit":
      case "return":
        return this.simpleEnd({
          type: text,
          ...(this.isAtEnd() ? {} : { value: this.expression() }),
        });
      default:
        this.at--;
        return this.simpleEnd(this.simple());
    }
  }

  private conditional(): Statement {
    const test = this.parenthesized();
    const then = this.body();
    const before = this.at;
    this.skipEnds();
    if (this.takesKeyword("else")) return { type: "if", test, then, otherwise: this.body() };
    this.at = before;
    return { type: "if", test, then };
  }

  private doLoop(): Statement {
    const body = this.body();
    this.skipEnds();
    if (!this.takesKeyword("while")) this.fail();
    const test = this.parenthesized();
    return this.simpleEnd({ type: "loop", test, body, isTestLast: true });
  }

  private forLoop(): Statement {
    this.expect("(");
    const [key, word, array, end] = this.tokens.slice(this.at, this.at + 4);
    if (
      key?.type === "name" &&
      word?.text === "in" &&
      array?.type === "name" &&
      end?.text === ")"
    ) {
      this.at += 4;
      return { type: "forIn", key: key.text, array: array.text, body: this.body() };
    }
    const start = this.sees(";") ? undefined : this.simple();
    this.expect(";");
    this.skipNewlines();
    const test = this.sees(";") ? undefined : this.expression();
    this.expect(";");
    this.skipNewlines();
    const update = this.sees(")") ? undefined : this.simple();
    this.expect(")");
    return {
      type: "loop",
      ...(start ? { start } : {}),
      ...(test ? { test } : {}),
      ...(update ? { update } : {}),
      body: this.body(),
      isTestLast: false,
    };
  }

  private body(): Statement {
    this.skipNewlines();
    return this.statement();
  }

  private simple(): Statement {
    if (this.takesKeyword("delete")) {
      const name = this.name();
      return this.takes("[")
        ? { type: "delete", name, subscripts: this.list("]") }
        : { type: "delete", name };
    }
    for (const type of ["print", "printf"] as const)
      if (this.takesKeyword(type)) return this.print(type);
    return { type: "expression", expression: this.expression() };
  }

  private print(type: "print" | "printf"): Statement {
    const before = this.isInPrint;
    this.isInPrint = true;
    const isBare = this.isAtEnd() || this.sees(">") || this.sees(">>") || this.sees("|");
    const items = isBare ? [] : this.expressions();
    const [only] = items;
    const args = items.length === 1 && only?.type === "group" ? only.items : items;
    const redirect = this.redirect();
    this.isInPrint = before;
    return { type, args, ...(redirect ? { redirect } : {}) };
  }

  private redirect(): Redirect | undefined {
    for (const operator of [">", ">>", "|"] as const)
      if (this.takes(operator)) return { operator, to: this.concatenation() };
    return undefined;
  }

  private simpleEnd(statement: Statement): Statement {
    if (!this.sees("}") && this.token.type !== "end" && !this.takes(";") && !this.takes("\n"))
      this.fail();
    return statement;
  }

  private parenthesized(): Expression {
    this.expect("(");
    const expression = this.expression();
    this.expect(")");
    return expression;
  }

  private expressions(): Expression[] {
    const items = [this.expression()];
    while (this.takes(",")) {
      this.skipNewlines();
      items.push(this.expression());
    }
    return items;
  }

  private list(end: string): Expression[] {
    if (this.takes(end)) return [];
    const { isInPrint } = this;
    this.isInPrint = false;
    const items = this.expressions();
    this.isInPrint = isInPrint;
    this.expect(end);
    return items;
  }

  private expression(): Expression {
    if (++this.depth > deepest) throw new AwkError("syntax error");
    const expression = this.assignment();
    this.depth--;
    return expression;
  }

  private assignment(): Expression {
    const left = this.ternary();
    const operator = this.token.text;
    if (this.token.type !== "operator" || !assignments.has(operator) || !isTarget(left))
      return left;
    this.at++;
    this.skipNewlines();
    return { type: "assign", operator, target: left, value: this.expression() };
  }

  private ternary(): Expression {
    const test = this.or();
    if (!this.takes("?")) return test;
    this.skipNewlines();
    const yes = this.expression();
    this.skipNewlines();
    this.expect(":");
    this.skipNewlines();
    return { type: "choice", test, yes, no: this.expression() };
  }

  private or(): Expression {
    let left = this.and();
    while (this.takes("||")) {
      this.skipNewlines();
      left = { type: "binary", operator: "||", left, right: this.and() };
    }
    return left;
  }

  private and(): Expression {
    let left = this.membership();
    while (this.takes("&&")) {
      this.skipNewlines();
      left = { type: "binary", operator: "&&", left, right: this.membership() };
    }
    return left;
  }

  private membership(): Expression {
    let left = this.matching();
    while (this.takesKeyword("in")) {
      const subscripts = left.type === "group" ? left.items : [left];
      left = { type: "in", name: this.name(), subscripts };
    }
    return left;
  }

  private matching(): Expression {
    let left = this.comparison();
    for (;;) {
      const isNegated = this.sees("!~");
      if (!isNegated && !this.sees("~")) return left;
      this.at++;
      left = { type: "match", isNegated, left, right: this.comparison() };
    }
  }

  private comparison(): Expression {
    const left = this.concatenation();
    const operator = this.token.text;
    const isComparison = this.token.type === "operator" && comparisons.has(operator);
    if (!isComparison || (operator === ">" && this.isInPrint)) return this.piped(left);
    this.at++;
    return { type: "binary", operator, left, right: this.concatenation() };
  }

  /** "cmd" | getline */
  private piped(left: Expression): Expression {
    let result = left;
    while (this.sees("|") && this.tokens[this.at + 1]?.text === "getline") {
      this.at += 2;
      const target = this.optionalTarget();
      result = { type: "getline", command: result, ...(target ? { target } : {}) };
    }
    return result;
  }

  private concatenation(): Expression {
    let left = this.additive();
    while (this.beginsOperand())
      left = { type: "binary", operator: " ", left, right: this.additive() };
    return left;
  }

  private beginsOperand(): boolean {
    const { type, text } = this.token;
    if (type === "operator") return /^(?:[$(!]|\+\+|--)$/.test(text);
    return type !== "keyword" && type !== "end";
  }

  private additive(): Expression {
    let left = this.multiplicative();
    for (;;) {
      const operator = this.token.text;
      if (!this.sees("+") && !this.sees("-")) return left;
      this.at++;
      left = { type: "binary", operator, left, right: this.multiplicative() };
    }
  }

  private multiplicative(): Expression {
    let left = this.unary();
    for (;;) {
      const operator = this.token.text;
      if (!this.sees("*") && !this.sees("/") && !this.sees("%")) return left;
      this.at++;
      left = { type: "binary", operator, left, right: this.unary() };
    }
  }

  private unary(): Expression {
    for (const operator of ["!", "-", "+"])
      if (this.takes(operator)) return { type: "unary", operator, operand: this.unary() };
    return this.power();
  }

  private power(): Expression {
    const base = this.postfix();
    if (!this.takes("^")) return base;
    // Right to left, and a minus may stand in between.
    const right = this.sees("-") || this.sees("+") || this.sees("!") ? this.unary() : this.power();
    return { type: "binary", operator: "^", left: base, right };
  }

  private postfix(): Expression {
    for (const [operator, by] of [
      ["++", 1],
      ["--", -1],
    ] as const)
      if (this.takes(operator)) {
        const target = this.primary();
        if (!isTarget(target)) return this.fail();
        return { type: "step", target, by, isPrefix: true };
      }
    const operand = this.primary();
    if (!isTarget(operand)) return operand;
    if (this.takes("++")) return { type: "step", target: operand, by: 1, isPrefix: false };
    if (this.takes("--")) return { type: "step", target: operand, by: -1, isPrefix: false };
    return operand;
  }

  private primary(): Expression {
    const token = this.token;
    this.at++;
    switch (token.type) {
      case "number":
        return { type: "number", value: Number(token.text) };
      case "string":
        return { type: "string", value: token.text };
      case "regex":
        return { type: "regex", pattern: token.text };
      case "name":
        return this.named(token);
      case "keyword":
        if (token.text === "getline") return this.getline();
        return this.fail();
      default:
        break;
    }
    if (token.text === "$") {
      const isStep = this.sees("++") || this.sees("--");
      return { type: "field", index: isStep ? this.postfix() : this.primary() };
    }
    if (token.text === "(") return this.group();
    if (token.text === "-") return { type: "unary", operator: "-", operand: this.primary() };
    this.at--;
    return this.fail();
  }

  private group(): Expression {
    const items = this.list(")");
    const [only] = items;
    // The brackets of "(a, b) in array" and "print (a, b)" hold several.
    return items.length === 1 && only && only.type !== "group" && !this.isGroupNeeded()
      ? { type: "unary", operator: "(", operand: only }
      : { type: "group", items };
  }

  private isGroupNeeded(): boolean {
    return this.token.text === "in" && this.token.type === "keyword";
  }

  private named({ text, isCall }: Token): Expression {
    if (this.takes("[")) return { type: "element", name: text, subscripts: this.list("]") };
    if (isCall && this.takes("(")) return { type: "call", name: text, args: this.list(")") };
    // "length" may go without its brackets.
    return text === "length"
      ? { type: "call", name: text, args: [] }
      : { type: "variable", name: text };
  }

  private getline(): Expression {
    const target = this.optionalTarget();
    const file = this.takes("<") ? this.primary() : undefined;
    return { type: "getline", ...(target ? { target } : {}), ...(file ? { file } : {}) };
  }

  private optionalTarget(): Target | undefined {
    if (this.token.type !== "name" && !this.sees("$")) return undefined;
    const target = this.primary();
    return isTarget(target) ? target : this.fail();
  }

  private name(): string {
    const { type, text } = this.token;
    if (type !== "name") return this.fail();
    this.at++;
    return text;
  }

  private get token(): Token {
    return this.tokens[this.at] ?? { type: "end", text: "" };
  }

  private isAtEnd(): boolean {
    return this.token.type === "end" || this.sees(";") || this.sees("\n") || this.sees("}");
  }

  private sees(operator: string): boolean {
    return this.token.type === "operator" && this.token.text === operator;
  }

  private takes(operator: string): boolean {
    if (!this.sees(operator)) return false;
    this.at++;
    return true;
  }

  private takesKeyword(word: string): boolean {
    if (this.token.type !== "keyword" || this.token.text !== word) return false;
    this.at++;
    return true;
  }

  private expect(operator: string): void {
    if (operator === ")" || operator === "]") this.skipNewlines();
    if (!this.takes(operator)) this.fail();
  }

  private skipNewlines(): void {
    while (this.takes("\n"));
  }

  private skipEnds(): void {
    while (this.takes("\n") || this.takes(";"));
  }

  private fail(): never {
    throw new AwkError("syntax error");
  }
}

function isTarget(expression: Expression): expression is Target {
  return (
    expression.type === "variable" || expression.type === "field" || expression.type === "element"
  );
}
