// Label selectors: LabelSelector objects, the text of `-l` and the requirements of node affinity all
// compile to one shape that answers quickly. Source: apimachinery pkg/labels, kubernetes v1.34.
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
      if (!meets(ownValue(labels, requirement.key), requirement)) return false;
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

/** Labels may have any name, also one that all objects inherit. */
function ownValue(labels: Labels | undefined, key: string): string | undefined {
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
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
function requirementText({ key, operator, values }: Requirement): string {
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
