// The text of label selectors, as `kubectl get -l` takes it.
// Source: apimachinery pkg/labels/selector.go, kubernetes v1.34.
import {
  parseInt64,
  type Requirement,
  Selector,
  type SelectorError,
  type SelectorOperator,
} from "./selector.ts";
import { labelValueRule, qualifiedName } from "./validation/texts.ts";

/** Reads "a=b,c in (d,e),!f,g>3". Empty text selects everything. */
export function parseLabelSelector(text: string): Selector | SelectorError {
  return new LabelSelectorParser(text).parse();
}

const symbols = ["!=", "==", "=", "!", "(", ")", ",", "<", ">"];
const binaryOperators = "in, notin, =, ==, !=, gt, lt";

/** Reads one selector text from left to right. */
class LabelSelectorParser {
  private readonly tokens: readonly string[];
  private position = 0;

  constructor(text: string) {
    this.tokens = tokenize(text);
  }

  parse(): Selector | SelectorError {
    const requirements: Requirement[] = [];
    while (this.peek() !== "") {
      if (this.peek() !== "!" && !this.peekIsName())
        return { error: `found '${this.peek()}', expected: !, identifier, or 'end of string'` };
      const requirement = this.requirement();
      if ("error" in requirement)
        return { error: `unable to parse requirement: ${requirement.error}` };
      requirements.push(requirement);
      const separator = this.take();
      if (separator === "") break;
      if (separator !== ",")
        return { error: `found '${separator}', expected: ',' or 'end of string'` };
      if (this.peek() !== "!" && !this.peekIsName())
        return { error: `found '${this.peek()}', expected: identifier after ','` };
    }
    return Selector.of(requirements);
  }

  private requirement(): Requirement | SelectorError {
    const isNegated = this.peek() === "!";
    if (isNegated) this.take();
    if (!this.peekIsName()) return { error: `found '${this.peek()}', expected: identifier` };
    const key = this.take();
    const keyErrors = qualifiedName(key);
    if (keyErrors.length > 0)
      return { error: `key: Invalid value: ${JSON.stringify(key)}: ${keyErrors.join("; ")}` };
    if (isNegated) return { key, operator: "DoesNotExist", values: [] };
    if (this.peek() === "" || this.peek() === ",") return { key, operator: "Exists", values: [] };
    return this.comparison(key);
  }

  private comparison(key: string): Requirement | SelectorError {
    const symbol = this.take();
    const operator = operatorOf(symbol);
    if (!operator) return { error: `found '${symbol}', expected: ${binaryOperators}` };
    const values = symbol === "in" || symbol === "notin" ? this.valueList() : this.exactValue();
    if ("error" in values) return values;
    const [bound = ""] = values;
    if ((operator === "Gt" || operator === "Lt") && parseInt64(bound) === undefined)
      return {
        error: `values[0]: Invalid value: ${JSON.stringify(bound)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      };
    for (const [i, value] of values.entries()) {
      const errors = labelValueRule(value);
      if (errors.length > 0)
        return {
          error: `values[${i}]: Invalid value: ${JSON.stringify(value)}: ${errors.join("; ")}`,
        };
    }
    return { key, operator, values };
  }

  /** A value may be missing: "a=" asks for the empty string. */
  private exactValue(): readonly string[] | SelectorError {
    if (this.peek() === "" || this.peek() === ",") return [""];
    const token = this.take();
    return isName(token) ? [token] : { error: `found '${token}', expected: identifier` };
  }

  private valueList(): readonly string[] | SelectorError {
    const opening = this.take();
    if (opening !== "(") return { error: `found '${opening}' expected: '('` };
    const values = new Set<string>();
    let expectsValue = true;
    for (;;) {
      const token = this.take();
      if (token === ")") {
        if (expectsValue && values.size > 0) values.add("");
        return [...values].sort();
      }
      if (token === ",") {
        if (expectsValue) values.add("");
        expectsValue = true;
      } else if (token !== "" && isName(token)) {
        values.add(token);
        expectsValue = false;
      } else return { error: `found '${token}', expected: ',', ')' or identifier` };
    }
  }

  private peek(): string {
    return this.tokens[this.position] ?? "";
  }

  private peekIsName(): boolean {
    return this.peek() !== "" && isName(this.peek());
  }

  private take(): string {
    return this.tokens[this.position++] ?? "";
  }
}

function operatorOf(symbol: string): SelectorOperator | undefined {
  switch (symbol) {
    case "=":
    case "==":
    case "in":
      return "In";
    case "!=":
    case "notin":
      return "NotIn";
    case ">":
      return "Gt";
    case "<":
      return "Lt";
    default:
      return undefined;
  }
}

function tokenize(text: string): string[] {
  return text.match(/!=|==|[=!(),<>]|[^\s=!(),<>]+/g) ?? [];
}

function isName(token: string): boolean {
  return !symbols.includes(token);
}
