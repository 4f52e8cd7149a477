// Evaluates a checked expression and counts what it costs. Source: cel-go v0.26
// interpreter/{interpretable,attributes,runtimecost}.go.
import type { Checked } from "./checker.ts";
import { fitsParameter, type Overload } from "./declaration.ts";
import type { CallExpr, ComprehensionExpr, Expr, ListExpr, MapExpr, SelectExpr } from "./expr.ts";
import { runtimeCallCost } from "./runtimeCost.ts";
import {
  ArrayList,
  CelError,
  CelList,
  CelMap,
  CelOptional,
  type CelValue,
  EntryMap,
  keyText,
  numericOf,
  typeNameOf,
} from "./value.ts";

/** What the names of an expression stand for; undefined for a name without a value. */
export type Activation = (name: string) => CelValue | undefined;

export type Evaluated = { readonly cost: number } & (
  | { readonly value: CelValue }
  | { readonly error: string }
);

/** Stops an evaluation that costs more than it may; never kept by || and &&. */
class TooExpensive extends Error {}

export const tooExpensive = "operation cancelled: actual cost limit exceeded";

const listCost = 10;
const mapCost = 30;

export interface Program {
  readonly expr: Expr;
  readonly checked: Checked;
}

/** @param costLimit in cost units; an evaluation beyond it fails */
export function evaluate(program: Program, activation: Activation, costLimit: number): Evaluated {
  const evaluation = new Evaluation(program, activation, costLimit);
  try {
    const value = evaluation.value(program.expr);
    return { value, cost: evaluation.cost };
  } catch (error) {
    if (error instanceof TooExpensive) return { error: tooExpensive, cost: evaluation.cost };
    if (error instanceof CelError) return { error: error.message, cost: evaluation.cost };
    throw error;
  }
}

class Evaluation {
  cost = 0;
  private readonly scopes: Map<string, CelValue | CelError>[] = [];

  constructor(
    private readonly program: Program,
    private readonly activation: Activation,
    private readonly costLimit: number,
  ) {}

  value(expr: Expr): CelValue {
    switch (expr.kind) {
      case "const":
        return expr.value;
      case "ident":
        return this.named(expr.name);
      case "select":
        return this.selected(expr);
      case "call":
        return this.called(expr);
      case "list":
        return this.listLiteral(expr);
      case "map":
        return this.mapLiteral(expr);
      case "comprehension":
        return this.folded(expr);
      default:
        throw new CelError("no such overload");
    }
  }

  private spend(cost: number): void {
    this.cost += cost;
    if (this.cost > this.costLimit) throw new TooExpensive();
  }

  private named(name: string): CelValue {
    this.spend(1);
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const local = this.scopes[i]?.get(name);
      if (local instanceof CelError) throw local;
      if (local !== undefined) return local;
    }
    const value = this.activation(name.replace(/^\./, ""));
    if (value === undefined) throw new CelError(`no such attribute(s): ${name}`);
    return value;
  }

  private selected(expr: SelectExpr): CelValue {
    const name = this.program.checked.names.get(expr);
    if (name !== undefined) return this.named(name);
    const operand = this.value(expr.operand);
    if (expr.testOnly) return isPresent(operand, expr.field);
    this.spend(1);
    return select(operand, expr.field);
  }

  private called(expr: CallExpr): CelValue {
    switch (expr.name) {
      case "_&&_":
        return this.logical(expr, false);
      case "_||_":
        return this.logical(expr, true);
      case "_?_:_":
        return this.conditional(expr);
      case "@not_strictly_false":
        return this.notStrictlyFalse(expr);
      case "_?._":
      case "_[?_]":
        return this.optionallySelected(expr);
      default:
        return this.strictlyCalled(expr);
    }
  }

  private strictlyCalled(expr: CallExpr): CelValue {
    const overloads = this.program.checked.overloads.get(expr) ?? [];
    const isMember = overloads[0]?.isMember ?? expr.target !== undefined;
    const operands = isMember && expr.target ? [expr.target, ...expr.args] : expr.args;
    const args = operands.map((operand) => this.value(operand));
    const chosen = overloads.find((overload) => fits(overload, args));
    if (!chosen) return this.noOverload(expr, overloads, args);
    const result = chosen.call(args);
    this.spend(runtimeCallCost(expr.name, chosen.id, args, result));
    return result;
  }

  /** Where an operator knows its first operand but not the others, Go's traits say less. */
  private noOverload(
    { name }: CallExpr,
    overloads: readonly Overload[],
    args: readonly CelValue[],
  ): never {
    const knowsFirst = overloads.some(
      ({ params }) => params[0] && args[0] !== undefined && fitsParameter(params[0], args[0]),
    );
    if (name.includes("_") && knowsFirst) throw new CelError("no such overload");
    throw new CelError(`no such overload: ${name}(${args.map(typeNameOf).join(", ")})`);
  }

  /** `decisive` on either side decides, even if the other side fails. */
  private logical({ args: [left, right] }: CallExpr, decisive: boolean): CelValue {
    if (!left || !right) throw new CelError("no such overload");
    const first = this.attempt(left);
    if (first === decisive) return decisive;
    const second = this.attempt(right);
    if (second === decisive) return decisive;
    for (const operand of [first, second]) {
      if (operand instanceof CelError) throw operand;
      if (typeof operand !== "boolean") throw new CelError("no such overload");
    }
    return !decisive;
  }

  private attempt(expr: Expr): CelValue | CelError {
    const depth = this.scopes.length;
    try {
      return this.value(expr);
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      this.scopes.length = depth;
      return error;
    }
  }

  private conditional({ args: [condition, whenTrue, whenFalse] }: CallExpr): CelValue {
    if (!condition || !whenTrue || !whenFalse) throw new CelError("no such overload");
    const chosen = this.value(condition);
    if (typeof chosen !== "boolean") throw new CelError("no such overload");
    return this.value(chosen ? whenTrue : whenFalse);
  }

  private notStrictlyFalse({ args: [operand] }: CallExpr): CelValue {
    return operand === undefined || this.attempt(operand) !== false;
  }

  private optionallySelected({ args: [target, key] }: CallExpr): CelValue {
    if (!target || !key) throw new CelError("no such overload");
    const operand = this.value(target);
    const index = this.value(key);
    this.spend(1);
    const within = operand instanceof CelOptional ? operand.value : operand;
    if (within === undefined) return CelOptional.none;
    const found = element(within, index);
    return found === undefined ? CelOptional.none : new CelOptional(found);
  }

  private listLiteral({ elements, optionals }: ListExpr): CelValue {
    const items: CelValue[] = [];
    for (const [i, item] of elements.entries()) {
      const value = this.value(item);
      if (!optionals.has(i)) items.push(value);
      else if (value instanceof CelOptional && value.value !== undefined) items.push(value.value);
    }
    this.spend(listCost);
    return new ArrayList(items);
  }

  private mapLiteral({ entries }: MapExpr): CelValue {
    const found: [CelValue, CelValue][] = [];
    const keys = new Set<string>();
    for (const entry of entries) {
      const key = this.value(entry.key);
      const value = this.value(entry.value);
      if (!isKey(key)) throw new CelError(`unsupported key type: ${typeNameOf(key)}`);
      if (keys.has(keyText(key))) throw new CelError(`Failed with repeated key ${shown(key)}`);
      keys.add(keyText(key));
      if (!entry.isOptional) found.push([key, value]);
      else if (value instanceof CelOptional && value.value !== undefined)
        found.push([key, value.value]);
    }
    this.spend(mapCost);
    return new EntryMap(found);
  }

  private folded(expr: ComprehensionExpr): CelValue {
    const { accuVar, accuInit, condition, step, result } = expr;
    const pairs = iterations(this.value(expr.range), expr.iterVar2 !== undefined);
    const accu = new Map<string, CelValue | CelError>([[accuVar, this.value(accuInit)]]);
    this.scopes.push(accu);
    for (const [first, second] of pairs) {
      const variables = new Map<string, CelValue | CelError>([[expr.iterVar, first]]);
      if (expr.iterVar2 !== undefined) variables.set(expr.iterVar2, second);
      this.scopes.push(variables);
      if (this.value(condition) === false) {
        this.scopes.pop();
        break;
      }
      const next = this.step(step);
      this.scopes.pop();
      accu.set(accuVar, next);
    }
    const folded = this.value(result);
    this.scopes.pop();
    return folded;
  }

  /** A failed step of all or exists is kept, for a later element may decide. */
  private step(step: Expr): CelValue | CelError {
    const isLogical = step.kind === "call" && (step.name === "_&&_" || step.name === "_||_");
    return isLogical ? this.attempt(step) : this.value(step);
  }
}

function fits({ params }: Overload, args: readonly CelValue[]): boolean {
  return (
    params.length === args.length &&
    params.every((param, i) => fitsParameter(param, args[i] ?? null))
  );
}

function isPresent(operand: CelValue, field: string): boolean {
  if (operand instanceof CelOptional)
    return operand.value !== undefined && isPresent(operand.value, field);
  return operand instanceof CelMap && operand.get(field) !== undefined;
}

function select(operand: CelValue, field: string): CelValue {
  if (operand instanceof CelOptional) {
    const found = operand.value === undefined ? undefined : element(operand.value, field);
    return found === undefined ? CelOptional.none : new CelOptional(found);
  }
  const found = element(operand, field);
  if (found === undefined) throw new CelError(`no such key: ${field}`);
  return found;
}

/** What a map has under a key or a list at an index; undefined if there is nothing. */
export function element(container: CelValue, key: CelValue): CelValue | undefined {
  if (container instanceof CelMap) return container.get(key);
  if (!(container instanceof CelList)) return undefined;
  const index = numericOf(key);
  if (typeof index !== "bigint" || index < 0n || index >= BigInt(container.size)) return undefined;
  return container.at(Number(index));
}

type Pair = readonly [CelValue, CelValue];

function iterations(range: CelValue, inPairs: boolean): readonly Pair[] {
  if (range instanceof CelList)
    return [...range].map((item, i): Pair => (inPairs ? [BigInt(i), item] : [item, item]));
  if (range instanceof CelMap)
    return range.keys.map((key): Pair => [key, inPairs ? (range.get(key) ?? null) : key]);
  throw new CelError(`got '${goTypeName(range)}', expected iterable type`);
}

function goTypeName(value: CelValue): string {
  const name = typeNameOf(value).replace(/^google\.protobuf\./, "");
  return `types.${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function isKey(key: CelValue): boolean {
  return ["string", "int", "uint", "bool"].includes(typeNameOf(key));
}

function shown(key: CelValue): string {
  return String(numericOf(key) ?? key);
}
