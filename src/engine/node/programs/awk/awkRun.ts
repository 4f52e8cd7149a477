// Runs programs of awk over records. Source: POSIX, awk.
import type { Steps } from "../../steps.ts";
import { Regex } from "../regex/regex.ts";
import { callBuiltin, isBuiltin } from "./awkBuiltins.ts";
import { formatPrintf } from "./awkPrintf.ts";
import {
  AwkError,
  type AwkFunction,
  type AwkProgram,
  type AwkRule,
  type Expression,
  type Redirect,
  type Statement,
  type Target,
} from "./awkSyntax.ts";
import { type AwkValue, compareValues, inputValue, isTrue, numberOf, textOf } from "./awkValue.ts";

/** What a program needs of the process it runs in. */
export interface AwkIo {
  /** The next record of the main input, without its separator; undefined at the end. */
  next(separator: string): Steps<string | undefined>;
  write(
    text: string,
    redirect: { readonly operator: string; readonly to: string } | undefined,
  ): Steps;
  /** The next line of a file or of a command's output; undefined at the end, "error" if there is none. */
  line(from: "file" | "command", name: string): Steps<string | undefined | "error">;
  system(command: string): Steps<number>;
  close(name: string): Steps<number>;
  /** Bounds loops. */
  step(): Steps;
  random(): number;
  now(): number;
}

type Cell = AwkValue | Map<string, AwkValue>;

class Jump extends Error {
  constructor(readonly kind: "next" | "nextfile" | "break" | "continue") {
    super(kind);
  }
}

class Return extends Error {
  constructor(readonly value: AwkValue) {
    super("return");
  }
}

export class AwkExit extends Error {
  constructor(readonly status: number) {
    super("exit");
  }
}

const deepestCall = 200;
const mostFields = 100_000;
/** Longer texts than any program means to hold. */
const longestText = 1 << 22;

export class AwkRun {
  private readonly globals = new Map<string, Cell>();
  private locals: Map<string, Cell> | undefined;
  private depth = 0;
  private record = "";
  private fields: string[] | undefined = [];
  private readonly ranges = new Set<AwkRule>();
  private readonly regexes = new Map<string, Regex>();

  constructor(
    private readonly program: AwkProgram,
    private readonly io: AwkIo,
  ) {
    const initial = {
      FS: " ",
      OFS: " ",
      ORS: "\n",
      RS: "\n",
      SUBSEP: "\x1c",
      CONVFMT: "%.6g",
      OFMT: "%.6g",
    };
    for (const [name, value] of Object.entries(initial)) this.globals.set(name, value);
    for (const name of ["NR", "NF", "FNR", "RSTART"]) this.globals.set(name, 0);
    this.globals.set("RLENGTH", -1);
  }

  /** From outside: -v, ARGV and operands of the form name=value. */
  assign(name: string, text: string): void {
    this.globals.set(name, inputValue(text));
  }

  setArray(name: string, values: readonly (readonly [string, string])[]): void {
    this.globals.set(name, new Map(values.map(([key, text]) => [key, inputValue(text)])));
  }

  /** @returns the exit code */
  *run(): Steps<number> {
    let status = 0;
    try {
      yield* this.runRules("begin");
      const { rules } = this.program;
      const readsInput = rules.some(({ pattern }) => pattern.type !== "begin");
      while (readsInput && (yield* this.readRecord())) yield* this.runRecord();
    } catch (error) {
      if (!(error instanceof AwkExit)) throw error;
      status = error.status;
    }
    try {
      yield* this.runRules("end");
    } catch (error) {
      if (!(error instanceof AwkExit)) throw error;
      status = error.status || status;
    }
    return status;
  }

  private *runRules(type: "begin" | "end"): Steps {
    for (const { pattern, body } of this.program.rules)
      if (pattern.type === type && body) yield* this.execute(body);
  }

  private *readRecord(): Steps<boolean> {
    const record = yield* this.io.next(this.text("RS"));
    if (record === undefined) return false;
    this.setRecord(record);
    for (const name of ["NR", "FNR"]) this.globals.set(name, this.number(name) + 1);
    return true;
  }

  private *runRecord(): Steps {
    try {
      for (const rule of this.program.rules) {
        if (!(yield* this.selects(rule))) continue;
        if (rule.body) yield* this.execute(rule.body);
        else yield* this.io.write(this.record + this.text("ORS"), undefined);
      }
    } catch (error) {
      if (!(error instanceof Jump) || !error.kind.startsWith("next")) throw error;
    }
  }

  private *selects(rule: AwkRule): Steps<boolean> {
    const { pattern } = rule;
    if (pattern.type === "test") return isTrue(yield* this.evaluate(pattern.test));
    if (pattern.type !== "range") return pattern.type === "always";
    if (!this.ranges.has(rule)) {
      if (!isTrue(yield* this.evaluate(pattern.from))) return false;
      this.ranges.add(rule);
    }
    if (isTrue(yield* this.evaluate(pattern.to))) this.ranges.delete(rule);
    return true;
  }

  private *execute(statement: Statement): Steps {
    yield* this.io.step();
    switch (statement.type) {
      case "block":
        for (const one of statement.body) yield* this.execute(one);
        return;
      case "expression":
        yield* this.evaluate(statement.expression);
        return;
      case "print":
      case "printf":
        return yield* this.print(statement.type, statement.args, statement.redirect);
      case "if":
        if (isTrue(yield* this.evaluate(statement.test))) yield* this.execute(statement.then);
        else if (statement.otherwise) yield* this.execute(statement.otherwise);
        return;
      case "loop":
        return yield* this.loop(statement);
      case "forIn":
        return yield* this.forIn(statement);
      case "delete":
        return yield* this.remove(statement.name, statement.subscripts);
      case "jump":
        throw new Jump(statement.kind);
      case "exit":
        throw new AwkExit(
          statement.value ? numberOf(yield* this.evaluate(statement.value)) & 0xff : 0,
        );
      case "return":
        throw new Return(statement.value ? yield* this.evaluate(statement.value) : undefined);
    }
  }

  private *loop({
    start,
    test,
    update,
    body,
    isTestLast,
  }: Extract<Statement, { type: "loop" }>): Steps {
    if (start) yield* this.execute(start);
    for (let isFirst = true; ; isFirst = false) {
      const isTested = test && !(isFirst && isTestLast);
      if (isTested && !isTrue(yield* this.evaluate(test))) return;
      if (!(yield* this.turn(body))) return;
      if (update) yield* this.execute(update);
    }
  }

  private *forIn({ key, array, body }: Extract<Statement, { type: "forIn" }>): Steps {
    for (const name of [...this.array(array).keys()]) {
      this.setVariable(key, inputValue(name));
      if (!(yield* this.turn(body))) return;
    }
  }

  /** @returns false after `break` */
  private *turn(body: Statement): Steps<boolean> {
    try {
      yield* this.execute(body);
    } catch (error) {
      if (!(error instanceof Jump) || error.kind.startsWith("next")) throw error;
      return error.kind === "continue";
    }
    return true;
  }

  private *remove(name: string, subscripts: readonly Expression[] | undefined): Steps {
    if (subscripts) this.array(name).delete(yield* this.key(subscripts));
    else this.array(name).clear();
  }

  private *print(
    type: "print" | "printf",
    args: readonly Expression[],
    redirect: Redirect | undefined,
  ): Steps {
    const values: AwkValue[] = [];
    for (const arg of args) values.push(yield* this.evaluate(arg));
    const to = redirect && {
      operator: redirect.operator,
      to: this.asText(yield* this.evaluate(redirect.to)),
    };
    if (type === "printf") {
      const [format, ...rest] = values;
      return yield* this.io.write(
        formatPrintf(this.asText(format), rest, (value) => this.asText(value)),
        to,
      );
    }
    const shown = values.map((value) => textOf(value, this.text("OFMT")));
    const line = args.length === 0 ? this.record : shown.join(this.text("OFS"));
    yield* this.io.write(line + this.text("ORS"), to);
  }

  private *evaluate(expression: Expression): Steps<AwkValue> {
    switch (expression.type) {
      case "number":
      case "string":
        return expression.value;
      case "regex":
        return Number(this.regex(expression.pattern).test(this.record));
      case "variable":
        return this.variable(expression.name);
      case "field":
        return this.field(numberOf(yield* this.evaluate(expression.index)));
      case "element":
        return this.array(expression.name).get(yield* this.key(expression.subscripts));
      case "in":
        return Number(this.array(expression.name).has(yield* this.key(expression.subscripts)));
      case "group":
        return yield* this.key(expression.items);
      case "choice":
        return yield* this.evaluate(
          isTrue(yield* this.evaluate(expression.test)) ? expression.yes : expression.no,
        );
      case "call":
        return yield* this.call(expression.name, expression.args);
      default:
        return yield* this.operate(expression);
    }
  }

  private *operate(
    expression: Extract<
      Expression,
      { type: "unary" | "step" | "binary" | "match" | "assign" | "getline" }
    >,
  ): Steps<AwkValue> {
    switch (expression.type) {
      case "unary": {
        const value = yield* this.evaluate(expression.operand);
        if (expression.operator === "(") return value;
        if (expression.operator === "!") return Number(!isTrue(value));
        return expression.operator === "-" ? -numberOf(value) : numberOf(value);
      }
      case "step": {
        const before = numberOf(yield* this.evaluate(expression.target));
        yield* this.store(expression.target, before + expression.by);
        return expression.isPrefix ? before + expression.by : before;
      }
      case "match": {
        const text = this.asText(yield* this.evaluate(expression.left));
        const regex = yield* this.pattern(expression.right);
        return Number(regex.test(text) !== expression.isNegated);
      }
      case "assign": {
        const value = yield* this.evaluate(expression.value);
        const operator = expression.operator.slice(0, -1);
        const old = operator === "" ? undefined : yield* this.evaluate(expression.target);
        const result =
          operator === "" ? value : this.calculate(operator, numberOf(old), numberOf(value));
        yield* this.store(expression.target, result);
        return result;
      }
      case "getline":
        return yield* this.getline(expression);
      case "binary":
        return yield* this.binary(expression);
    }
  }

  private *binary({
    operator,
    left,
    right,
  }: Extract<Expression, { type: "binary" }>): Steps<AwkValue> {
    const first = yield* this.evaluate(left);
    if (operator === "&&" || operator === "||") {
      if (isTrue(first) !== (operator === "&&")) return Number(operator === "||");
      return Number(isTrue(yield* this.evaluate(right)));
    }
    const second = yield* this.evaluate(right);
    if (operator === " ") {
      const text = this.asText(first) + this.asText(second);
      if (text.length > longestText) throw new AwkError("out of memory");
      return text;
    }
    const order = /^[<>=!]/.test(operator)
      ? compareValues(first, second, (value) => this.asText(value))
      : 0;
    switch (operator) {
      case "<":
        return Number(order < 0);
      case "<=":
        return Number(order <= 0);
      case "==":
        return Number(order === 0);
      case "!=":
        return Number(order !== 0);
      case ">":
        return Number(order > 0);
      case ">=":
        return Number(order >= 0);
      default:
        return this.calculate(operator, numberOf(first), numberOf(second));
    }
  }

  private calculate(operator: string, left: number, right: number): number {
    switch (operator) {
      case "+":
        return left + right;
      case "-":
        return left - right;
      case "*":
        return left * right;
      case "^":
        return left ** right;
      default:
        if (right === 0) throw new AwkError("Division by zero");
        return operator === "/" ? left / right : left % right;
    }
  }

  private *getline({
    target,
    file,
    command,
  }: Extract<Expression, { type: "getline" }>): Steps<AwkValue> {
    const source = file ?? command;
    if (!source) {
      const record = yield* this.io.next(this.text("RS"));
      if (record === undefined) return 0;
      for (const name of ["NR", "FNR"]) this.globals.set(name, this.number(name) + 1);
      if (target) yield* this.store(target, inputValue(record));
      else this.setRecord(record);
      return 1;
    }
    const line = yield* this.io.line(
      file ? "file" : "command",
      this.asText(yield* this.evaluate(source)),
    );
    if (line === "error") return -1;
    if (line === undefined) return 0;
    if (target) yield* this.store(target, inputValue(line));
    else this.setRecord(line);
    return 1;
  }

  private *call(name: string, args: readonly Expression[]): Steps<AwkValue> {
    const defined = this.program.functions.get(name);
    if (defined) return yield* this.callFunction(defined, args);
    if (!isBuiltin(name)) throw new AwkError("Call to undefined function");
    return yield* callBuiltin(name, args, {
      evaluate: (expression) => this.evaluate(expression),
      text: (value) => this.asText(value),
      pattern: (expression) => this.pattern(expression),
      array: (array) => this.array(array),
      isArray: (array) => this.cell(array) instanceof Map,
      store: (target, value) => this.store(target, value),
      set: (variable, value) => this.globals.set(variable, value),
      separator: () => this.text("FS"),
      record: () => this.record,
      split: (text, separator) => this.split(text, separator),
      io: this.io,
    });
  }

  private *callFunction(
    { parameters, body }: AwkFunction,
    args: readonly Expression[],
  ): Steps<AwkValue> {
    if (this.depth >= deepestCall) throw new AwkError("function call nesting too deep");
    const locals = new Map<string, Cell>();
    for (const [i, name] of parameters.entries()) {
      const arg = args[i];
      const array = arg?.type === "variable" ? this.arrayOf(arg.name) : undefined;
      locals.set(name, array ?? (arg ? yield* this.evaluate(arg) : undefined));
    }
    const { locals: callers } = this;
    this.locals = locals;
    this.depth++;
    try {
      yield* this.execute(body);
      return undefined;
    } catch (error) {
      if (!(error instanceof Return)) throw error;
      return error.value;
    } finally {
      this.locals = callers;
      this.depth--;
    }
  }

  /** The array of a name that has one; a name that was never used may become one. */
  private arrayOf(name: string): Map<string, AwkValue> | undefined {
    const cell = this.cell(name);
    if (cell instanceof Map) return cell;
    return cell === undefined ? this.array(name) : undefined;
  }

  private *pattern(expression: Expression): Steps<Regex> {
    if (expression.type === "regex") return this.regex(expression.pattern);
    return this.regex(this.asText(yield* this.evaluate(expression)));
  }

  private regex(pattern: string): Regex {
    const known = this.regexes.get(pattern);
    if (known) return known;
    const regex = Regex.of(pattern.replaceAll("\\/", "/"), { isExtended: true });
    if (typeof regex === "string") throw new AwkError(`bad regex '${pattern}': ${regex}`);
    this.regexes.set(pattern, regex);
    return regex;
  }

  private *key(subscripts: readonly Expression[]): Steps<string> {
    const parts: string[] = [];
    for (const one of subscripts) parts.push(this.asText(yield* this.evaluate(one)));
    return parts.join(this.text("SUBSEP"));
  }

  private cell(name: string): Cell {
    return this.locals?.has(name) ? this.locals.get(name) : this.globals.get(name);
  }

  private variable(name: string): AwkValue {
    if (name === "NF") this.splitRecord();
    const cell = this.cell(name);
    if (cell instanceof Map) throw new AwkError(`${name} is an array`);
    return cell;
  }

  private array(name: string): Map<string, AwkValue> {
    const cell = this.cell(name);
    if (cell instanceof Map) return cell;
    const array = new Map<string, AwkValue>();
    (this.locals?.has(name) ? this.locals : this.globals).set(name, array);
    return array;
  }

  private setVariable(name: string, value: AwkValue): void {
    if (this.locals?.has(name)) this.locals.set(name, value);
    else this.globals.set(name, value);
    if (name !== "NF") return;
    const fields = this.splitRecord();
    fields.length = Math.min(Math.max(numberOf(value), 0), mostFields);
    this.joinRecord(Array.from(fields, (field) => field ?? ""));
  }

  private *store(target: Target, value: AwkValue): Steps {
    switch (target.type) {
      case "variable":
        return this.setVariable(target.name, value);
      case "element":
        this.array(target.name).set(yield* this.key(target.subscripts), value);
        return;
      case "field":
        return this.setField(numberOf(yield* this.evaluate(target.index)), this.asText(value));
    }
  }

  private field(index: number): AwkValue {
    if (index === 0) return inputValue(this.record);
    if (index < 0) throw new AwkError("Access to negative field");
    const text = this.splitRecord()[index - 1];
    return text === undefined ? undefined : inputValue(text);
  }

  private setField(index: number, text: string): void {
    if (index === 0) {
      this.setRecord(text);
      return;
    }
    const fields = [...this.splitRecord()];
    if (index < 0 || index > mostFields) throw new AwkError("Access to negative field");
    fields[index - 1] = text;
    this.joinRecord(Array.from(fields, (field) => field ?? ""));
  }

  private joinRecord(fields: string[]): void {
    this.fields = fields;
    this.globals.set("NF", fields.length);
    this.record = fields.join(this.text("OFS"));
  }

  private setRecord(record: string): void {
    this.record = record;
    this.fields = undefined;
  }

  private splitRecord(): string[] {
    if (!this.fields) {
      this.fields = this.split(this.record, this.text("FS"));
      this.globals.set("NF", this.fields.length);
    }
    return this.fields;
  }

  private split(text: string, separator: string): string[] {
    if (separator === " ") return text.split(/[ \t\n]+/).filter((field) => field !== "");
    if (text === "") return [];
    if (separator === "") return [...text];
    if (separator.length === 1 && separator !== "\\") return text.split(separator);
    const regex = this.regex(separator);
    const fields: string[] = [];
    let at = 0;
    for (
      let match = regex.exec(text);
      match && match.end > match.start;
      match = regex.exec(text, at)
    ) {
      fields.push(text.slice(at, match.start));
      at = match.end;
    }
    return [...fields, text.slice(at)];
  }

  private asText(value: AwkValue): string {
    return textOf(value, this.text("CONVFMT"));
  }

  /** A global that is a text whatever it is set to. */
  private text(name: string): string {
    const cell = this.globals.get(name);
    return cell instanceof Map ? "" : textOf(cell, "%.6g");
  }

  private number(name: string): number {
    const cell = this.globals.get(name);
    return cell instanceof Map ? 0 : numberOf(cell);
  }
}
