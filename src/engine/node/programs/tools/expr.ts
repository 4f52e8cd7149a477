// expr: arithmetic, comparison and matching of words. Source: POSIX, expr.
import type { Steps } from "../../steps.ts";
import { Regex } from "../regex/regex.ts";
import { type Tool, ToolExit, type Tools } from "./tool.ts";

export const exprTools = { expr } satisfies Tools;

const levels: readonly (readonly string[])[] = [
  ["|"],
  ["&"],
  ["=", "==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
  [":"],
];

function* expr(tool: Tool, args: readonly string[]): Steps<number> {
  if (args.length === 0) {
    if (!tool.isBusybox) tool.complain("missing operand");
    return tool.usage("EXPRESSION", 2);
  }
  const value = new Evaluation(tool, args).whole();
  yield* tool.write(`${value}\n`);
  return value === "" || value === "0" ? 1 : 0;
}

class Evaluation {
  private at = 0;

  constructor(
    private readonly tool: Tool,
    private readonly words: readonly string[],
  ) {}

  whole(): string {
    const value = this.level(0);
    if (this.at < this.words.length) this.wrong();
    return value;
  }

  private level(depth: number): string {
    const operators = levels[depth];
    if (!operators) return this.primary();
    let left = this.level(depth + 1);
    for (;;) {
      const operator = this.words[this.at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.at++;
      left = this.apply(operator, left, this.level(depth + 1));
    }
  }

  private primary(): string {
    const word = this.words[this.at++];
    if (word === undefined) return this.wrong();
    const rest = this.words.length - this.at;
    if (word === "(") {
      const value = this.level(0);
      if (this.words[this.at++] !== ")") this.wrong();
      return value;
    }
    if (word === "length" && rest >= 1) return String([...this.primary()].length);
    if (word === "match" && rest >= 2) return this.match(this.primary(), this.primary());
    if (word === "index" && rest >= 2) {
      const [text, set] = [this.primary(), this.primary()];
      return String([...text].findIndex((one) => set.includes(one)) + 1);
    }
    if (word === "substr" && rest >= 3) {
      const [text, start, length] = [
        this.primary(),
        Number(this.primary()),
        Number(this.primary()),
      ];
      return start < 1 || Number.isNaN(length)
        ? ""
        : text.slice(start - 1, start - 1 + Math.max(length, 0));
    }
    return word;
  }

  private apply(operator: string, left: string, right: string): string {
    switch (operator) {
      case "|":
        return isNull(left) ? (isNull(right) ? "0" : right) : left;
      case "&":
        return isNull(left) || isNull(right) ? "0" : left;
      case ":":
        return this.match(left, right);
      case "+":
      case "-":
      case "*":
      case "/":
      case "%":
        return this.calculate(operator, this.integer(left), this.integer(right));
      default:
        return compared(operator, left, right) ? "1" : "0";
    }
  }

  private calculate(operator: string, left: bigint, right: bigint): string {
    if ((operator === "/" || operator === "%") && right === 0n)
      this.tool.fail("division by zero", 2);
    const results = {
      "+": () => left + right,
      "-": () => left - right,
      "*": () => left * right,
      "/": () => left / right,
      "%": () => left % right,
    };
    return String(results[operator as keyof typeof results]());
  }

  private integer(text: string): bigint {
    if (/^-?\d+$/.test(text)) return BigInt(text);
    return this.tool.fail(this.tool.isBusybox ? "non-numeric argument" : "non-integer argument", 2);
  }

  private match(text: string, pattern: string): string {
    const regex = Regex.of(`^${pattern.replace(/^\^/, "")}`);
    if (typeof regex === "string") return this.tool.fail(regex, 2);
    const match = regex.exec(text);
    const hasGroup = pattern.includes("\\(");
    if (hasGroup) return match?.groups[1] ?? "";
    return String([...(match?.groups[0] ?? "")].length);
  }

  private wrong(): never {
    this.tool.complain("syntax error");
    throw new ToolExit(2);
  }
}

function isNull(value: string): boolean {
  return value === "" || /^-?0+$/.test(value);
}

function compared(operator: string, left: string, right: string): boolean {
  const areNumbers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  const [a, b] = areNumbers ? [BigInt(left), BigInt(right)] : [left, right];
  switch (operator) {
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "!=":
      return a !== b;
    default:
      return a === b;
  }
}
