// Selectors: the text of `-l` and `--field-selector`, LabelSelector objects, and the requirements of
// node affinity. All compile to one shape that answers quickly. Source: apimachinery pkg/labels and
// pkg/fields, kubernetes v1.34.
import { qualifiedNameErrors } from "./qualifiedName.ts";
import type { LabelSelector } from "./types.ts";

export type Labels = Readonly<Record<string, string>>;

export type SelectorOperator = "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";

export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

/** What a selector that cannot be understood answers, in the API server's words. */
export interface SelectorError {
  readonly error: string;
}

export class Selector {
  /** The selector in one spelling: equal texts select alike. */
  readonly text: string;

  private constructor(
    readonly requirements: readonly Requirement[],
    private readonly selectsNothing: boolean,
  ) {
    this.text = selectsNothing ? "<none>" : requirements.map(requirementText).sort().join(",");
  }

  /** Selects every object. */
  static readonly everything = new Selector([], false);
  /** Selects no object: what an absent LabelSelector means. */
  static readonly nothing = new Selector([], true);

  static of(requirements: readonly Requirement[]): Selector {
    return requirements.length === 0 ? Selector.everything : new Selector(requirements, false);
  }

  /** Selects what has all of the labels. */
  static ofLabels(labels: Labels): Selector {
    return Selector.of(equalities(labels));
  }

  /** True if it has no requirement, so that it selects everything. */
  get isEmpty(): boolean {
    return !this.selectsNothing && this.requirements.length === 0;
  }

  matches(labels: Labels | undefined): boolean {
    if (this.selectsNothing) return false;
    for (const requirement of this.requirements)
      if (!meets(labels?.[requirement.key], requirement)) return false;
    return true;
  }

  /** Narrows the selector; one that selects nothing becomes one of the additions alone, as in Go. */
  with(additional: readonly Requirement[]): Selector {
    return Selector.of([...this.requirements, ...additional]);
  }
}

export function isSelectorError(result: Selector | SelectorError): result is SelectorError {
  return "error" in result;
}

/** Whether a label's value (undefined if absent) meets a requirement. Gt and Lt compare integers. */
export function meets(value: string | undefined, { operator, values }: Requirement): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
    case "Lt":
      return value !== undefined && isBeyond(value, operator, values[0] ?? "");
  }
}

function isBeyond(value: string, operator: "Gt" | "Lt", bound: string): boolean {
  const left = parseInt64(value);
  const right = parseInt64(bound);
  if (left === undefined || right === undefined) return false;
  return operator === "Gt" ? left > right : left < right;
}

/** An integer as Go's strconv.ParseInt(text, 10, 64) reads it; undefined if it is not one. */
export function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

const compiled = new WeakMap<LabelSelector, Selector>();

/**
 * Compiles a LabelSelector object: absent selects nothing, empty selects everything. Unknown
 * operators, which validation refuses, select nothing. Source: metav1.LabelSelectorAsSelector.
 */
export function labelSelectorOf(selector: LabelSelector | undefined): Selector {
  if (!selector) return Selector.nothing;
  const known = compiled.get(selector);
  if (known) return known;
  const result = compile(selector);
  if (Object.isFrozen(selector)) compiled.set(selector, result);
  return result;
}

function compile({ matchLabels, matchExpressions }: LabelSelector): Selector {
  const requirements = equalities(matchLabels ?? {});
  for (const { key, operator, values } of matchExpressions ?? []) {
    if (!isLabelOperator(operator)) return Selector.nothing;
    requirements.push({ key, operator, values: values ?? [] });
  }
  return Selector.of(requirements);
}

function isLabelOperator(operator: string): operator is SelectorOperator {
  return ["In", "NotIn", "Exists", "DoesNotExist"].includes(operator);
}

function equalities(labels: Labels): Requirement[] {
  return Object.keys(labels).map((key) => ({
    key,
    operator: "In",
    values: [labels[key] ?? ""],
  }));
}

/** One requirement as `kubectl get -l` takes it, e.g. "app in (a,b)". */
export function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "In":
      return values.length === 1
        ? `${key}=${values[0]}`
        : `${key} in (${[...values].sort().join(",")})`;
    case "NotIn":
      return values.length === 1
        ? `${key}!=${values[0]}`
        : `${key} notin (${[...values].sort().join(",")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "Gt":
      return `${key}>${values[0]}`;
    case "Lt":
      return `${key}<${values[0]}`;
  }
}

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
    const keyErrors = qualifiedNameErrors(key);
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
    const values = symbol === "in" || symbol === "notin" ? this.valueList() : [this.exactValue()];
    if ("error" in values) return values;
    const [bound = ""] = values;
    if ((operator === "Gt" || operator === "Lt") && parseInt64(bound) === undefined)
      return {
        error: `values[0]: Invalid value: ${JSON.stringify(bound)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      };
    const wrong = values.findIndex((value) => !isLabelValue(value));
    if (wrong >= 0)
      return {
        error: `values[${wrong}]: Invalid value: ${JSON.stringify(values[wrong])}: a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character`,
      };
    return { key, operator, values };
  }

  /** A value may be missing: "a=" asks for the empty string. */
  private exactValue(): string {
    return this.peekIsName() ? this.take() : "";
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

function isLabelValue(value: string): boolean {
  return value.length <= 63 && /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value);
}

/** One term of a field selector: an exact value, asked for or excluded. */
export interface FieldRequirement {
  readonly field: string;
  readonly value: string;
  readonly isNegated: boolean;
}

/** Reads "status.phase=Running,spec.nodeName!=". Source: fields.ParseSelector. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] | SelectorError {
  const requirements: FieldRequirement[] = [];
  for (const term of splitUnescaped(text)) {
    if (term === "") continue;
    const match = /^((?:[^\\=!]|\\.|!(?!=))*?)(!=|==|=)((?:[^\\]|\\.)*)$/s.exec(term);
    if (!match) return { error: `invalid selector: '${text}'; can't understand '${term}'` };
    const value = unescapeValue(match[3] ?? "");
    if (typeof value !== "string") return value;
    requirements.push({ field: match[1] ?? "", value, isNegated: match[2] === "!=" });
  }
  return requirements;
}

/** Whether an object whose fields `read` gives meets all requirements. */
export function matchesFields(
  requirements: readonly FieldRequirement[],
  read: (field: string) => string,
): boolean {
  return requirements.every(({ field, value, isNegated }) => (read(field) === value) !== isNegated);
}

function splitUnescaped(text: string): string[] {
  return text.match(/(?:[^\\,]|\\[\s\S])+/g) ?? [];
}

function unescapeValue(text: string): string | SelectorError {
  let value = "";
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (char === "\\") {
      const next = text[++i] ?? "";
      if (!["\\", ",", "="].includes(next))
        return { error: `invalid field selector: invalid escape sequence: \\${next}` };
      value += next;
    } else if (char === "=")
      return { error: `invalid field selector: unescaped character in value: =` };
    else value += char;
  }
  return value;
}
