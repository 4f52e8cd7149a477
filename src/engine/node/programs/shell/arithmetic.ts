// Arithmetic expansion: what $((...)) is worth once its parameters are replaced. 64-bit integers that
// wrap around, C's operators, and variables by name. Source: busybox shell/math.c.

/** What an expression may read and change. */
export interface ArithmeticVariables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/** "syntax error", "divide by zero": the shell tells the rest in its own words. */
export class ArithmeticError extends Error {}

/** @throws ArithmeticError */
export function evaluateArithmetic(text: string, variables: ArithmeticVariables): bigint {
  return new Evaluator(text, variables, 0).whole();
}

/** How far variables may refer to others as expressions. */
const deepest = 32;
const longest = 10_000;

const binaryOperators: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<=", ">=", "<", ">"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const assignmentOperators = ["=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="];
const tokens =
  /\s*(?:((?:0[xX][0-9a-fA-F]+|\d+#[0-9a-zA-Z]+|\d+))|([A-Za-z_]\w*)|(<<=|>>=|\*\*|\+\+|--|&&|\|\||<<|>>|[-+*/%&^|<>=!]=|[-+*/%&^|<>=!~?:(),]))/y;

interface Token {
  readonly number?: string;
  readonly name?: string;
  readonly operator?: string;
}

class Evaluator {
  private readonly tokens: readonly Token[];
  private at = 0;
  /** Above zero in the part of `a ? b : c`, `&&` or `||` that is read but not meant. */
  private skipped = 0;

  constructor(
    text: string,
    private readonly variables: ArithmeticVariables,
    private readonly depth: number,
  ) {
    if (depth > deepest || text.length > longest)
      throw new ArithmeticError("expression recursion loop detected");
    this.tokens = tokenize(text);
  }

  whole(): bigint {
    if (this.tokens.length === 0) return 0n;
    const value = this.comma();
    if (this.at < this.tokens.length) throw new ArithmeticError("syntax error");
    return value;
  }

  private comma(): bigint {
    let value = this.assignment();
    while (this.takes(",")) value = this.assignment();
    return value;
  }

  private assignment(): bigint {
    const name = this.tokens[this.at]?.name;
    const operator = this.tokens[this.at + 1]?.operator;
    if (name === undefined || operator === undefined || !assignmentOperators.includes(operator))
      return this.ternary();
    this.at += 2;
    const right = this.assignment();
    const value =
      operator === "=" ? right : this.apply(operator.slice(0, -1), this.valueOf(name), right);
    return this.assign(name, value);
  }

  private ternary(): bigint {
    const test = this.binary(0);
    if (!this.takes("?")) return test;
    const yes = this.maybe(test !== 0n, () => this.assignment());
    if (!this.takes(":")) throw new ArithmeticError("malformed ?: operator");
    const no = this.maybe(test === 0n, () => this.assignment());
    return test !== 0n ? yes : no;
  }

  private binary(level: number): bigint {
    const operators = binaryOperators[level];
    if (!operators) return this.power();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((each) => this.takes(each));
      if (operator === undefined) return left;
      if (operator === "&&" || operator === "||") {
        const isDecided = (left !== 0n) === (operator === "||");
        const right = this.maybe(!isDecided, () => this.binary(level + 1));
        left = isDecided ? truth(operator === "||") : truth(right !== 0n);
      } else left = this.apply(operator, left, this.binary(level + 1));
    }
  }

  private power(): bigint {
    const base = this.unary();
    if (!this.takes("**")) return base;
    const exponent = this.power();
    if (exponent < 0n) throw new ArithmeticError("exponent less than 0");
    return BigInt.asIntN(64, base ** (exponent > 4096n ? 4096n : exponent));
  }

  private unary(): bigint {
    for (const step of ["++", "--"] as const)
      if (this.takes(step)) {
        const name = this.tokens[this.at]?.name;
        // "--5" is minus minus five.
        if (name === undefined) return this.unary() * (step === "++" ? 1n : 1n);
        this.at++;
        return this.assign(name, this.valueOf(name) + (step === "++" ? 1n : -1n));
      }
    if (this.takes("-")) return BigInt.asIntN(64, -this.unary());
    if (this.takes("+")) return this.unary();
    if (this.takes("!")) return truth(this.unary() === 0n);
    if (this.takes("~")) return ~this.unary();
    return this.primary();
  }

  private primary(): bigint {
    if (this.takes("(")) {
      const value = this.comma();
      if (!this.takes(")")) throw new ArithmeticError("syntax error");
      return value;
    }
    const token = this.tokens[this.at++];
    if (token?.number !== undefined) return numberOf(token.number);
    if (token?.name === undefined) throw new ArithmeticError("syntax error");
    const value = this.valueOf(token.name);
    if (this.takes("++")) this.assign(token.name, value + 1n);
    else if (this.takes("--")) this.assign(token.name, value - 1n);
    return value;
  }

  private valueOf(name: string): bigint {
    if (this.skipped > 0) return 0n;
    const text = this.variables.get(name) ?? "";
    return new Evaluator(text, this.variables, this.depth + 1).whole();
  }

  private assign(name: string, value: bigint): bigint {
    const wrapped = BigInt.asIntN(64, value);
    if (this.skipped === 0) this.variables.set(name, String(wrapped));
    return wrapped;
  }

  private apply(operator: string, left: bigint, right: bigint): bigint {
    if ((operator === "/" || operator === "%") && right === 0n) {
      if (this.skipped > 0) return 0n;
      throw new ArithmeticError("divide by zero");
    }
    return BigInt.asIntN(64, operations[operator]?.(left, right) ?? 0n);
  }

  private maybe(isMeant: boolean, read: () => bigint): bigint {
    if (!isMeant) this.skipped++;
    const value = read();
    if (!isMeant) this.skipped--;
    return value;
  }

  private takes(operator: string): boolean {
    if (this.tokens[this.at]?.operator !== operator) return false;
    this.at++;
    return true;
  }
}

const operations: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "&": (a, b) => a & b,
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<<": (a, b) => a << (b & 63n),
  ">>": (a, b) => a >> (b & 63n),
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a % b,
};

function truth(claim: boolean): bigint {
  return claim ? 1n : 0n;
}

function tokenize(text: string): Token[] {
  const found: Token[] = [];
  const rest = text.trim();
  tokens.lastIndex = 0;
  while (tokens.lastIndex < rest.length) {
    const match = tokens.exec(rest);
    if (!match) throw new ArithmeticError("syntax error");
    const [, number, name, operator] = match;
    if (number !== undefined) found.push({ number });
    else if (name !== undefined) found.push({ name });
    else if (operator !== undefined) found.push({ operator });
  }
  return found;
}

/** Decimal, 0x…, 0… (octal) or base#digits. */
function numberOf(text: string): bigint {
  const based = /^(\d+)#(\w+)$/.exec(text);
  if (based) {
    const base = Number(based[1]);
    const digits = [...(based[2] ?? "").toLowerCase()].map((digit) => Number.parseInt(digit, 36));
    if (base < 2 || base > 36 || digits.some((digit) => digit >= base))
      throw new ArithmeticError("syntax error");
    return BigInt.asIntN(
      64,
      digits.reduce((sum, digit) => sum * BigInt(base) + BigInt(digit), 0n),
    );
  }
  const octal = /^0\d+$/.test(text);
  if (octal && /[89]/.test(text)) throw new ArithmeticError("syntax error");
  return BigInt.asIntN(64, BigInt(octal ? `0o${text.slice(1)}` : text));
}
