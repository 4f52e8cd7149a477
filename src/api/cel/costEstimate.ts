// What an expression costs at worst, before it is evaluated. Source: cel-go v0.26 checker/cost.go and,
// for Kubernetes' functions, apiserver pkg/cel/library/cost.go. Infinity stands for Go's largest uint64.
import { type CelType, optionalOf } from "./celType.ts";
import type { Checked } from "./checker.ts";
import { type CostNode, estimateLibraryCall, estimateStandardCall } from "./costOfCalls.ts";
import {
  type CallEstimate,
  fixed,
  plus,
  type Range,
  timesCost,
  union,
  unknownSize,
} from "./costRange.ts";
import type { CallExpr, ComprehensionExpr, Expr, ListExpr, MapExpr, SelectExpr } from "./expr.ts";

/** The size of what is reached by a path from a variable, e.g. ["self", "tags", "@items"]. */
export type SizeEstimator = (path: readonly string[]) => Range | undefined;

/** Sizes of the keys (or indices) and the values of a list or map. */
interface EntrySize {
  readonly container: "list" | "map";
  readonly key: Range;
  readonly value: Range;
}

interface Local {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entrySize: EntrySize | undefined;
}

const listCost = fixed(10);
const mapCost = fixed(30);
const selectCost = fixed(1);

export function estimateCost(
  program: { readonly expr: Expr; readonly checked: Checked },
  sizeOf: SizeEstimator,
): Range {
  return new Coster(program.checked, sizeOf).cost(program.expr);
}

class Coster {
  private readonly paths = new Map<Expr, readonly string[]>();
  private readonly sizes = new Map<Expr, Range>();
  private readonly entrySizes = new Map<Expr, EntrySize>();
  private readonly locals = new Map<string, Local[]>();

  constructor(
    private readonly checked: Checked,
    private readonly estimate: SizeEstimator,
  ) {}

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case "ident":
        this.paths.set(expr, this.local(expr.name)?.path ?? [expr.name]);
        return selectCost;
      case "select":
        return this.costOfSelect(expr);
      case "call":
        return this.costOfCall(expr);
      case "list":
        return this.costOfList(expr);
      case "map":
        return this.costOfMap(expr);
      case "comprehension":
        return isBinding(expr) ? this.costOfBinding(expr) : this.costOfFold(expr);
      default:
        return fixed(0);
    }
  }

  private costOfSelect(expr: SelectExpr): Range {
    const operand = this.cost(expr.operand);
    if (expr.testOnly) return operand;
    this.paths.set(expr, [...this.path(expr.operand), expr.field]);
    const { kind } = this.type(expr.operand);
    return kind === "map" || kind === "struct" || kind === "param"
      ? plus(operand, selectCost)
      : operand;
  }

  private costOfCall(expr: CallExpr): Range {
    const [first] = expr.args;
    if (expr.name === "dyn" && first) {
      const cost = this.cost(first);
      this.copySizes(expr, first);
      return plus(fixed(1), cost);
    }
    const costs = expr.args.map((arg) => this.cost(arg));
    const args = expr.args.map((arg) => this.node(arg));
    const overloads = this.checked.overloads.get(expr) ?? [];
    const receiver = overloads[0]?.isMember ? expr.target : undefined;
    const receiverCost = receiver ? this.cost(receiver) : fixed(0);
    const target = receiver && this.node(receiver);
    let total: Range | undefined;
    let size: Range | undefined;
    for (const { id } of overloads) {
      const call = this.callEstimate(expr, id, { target, args, costs });
      total = total ? union(total, call.cost) : call.cost;
      if (call.resultSize) size = size ? union(size, call.resultSize) : call.resultSize;
      size = this.indexedSize(expr, id, first) ?? size ?? this.size(expr);
    }
    if (size) this.sizes.set(expr, size);
    return plus(receiverCost, total ?? fixed(0));
  }

  /** Follows the path into a list or map that is indexed. */
  private indexedSize(expr: CallExpr, overloadId: string, container?: Expr): Range | undefined {
    if (!container || (overloadId !== "index_list" && overloadId !== "index_map")) return undefined;
    const step = overloadId === "index_list" ? "@items" : "@values";
    this.paths.set(expr, [...this.path(container), step]);
    return this.entrySize(container)?.value;
  }

  private callEstimate(
    expr: CallExpr,
    overloadId: string,
    call: {
      readonly target: CostNode | undefined;
      readonly args: readonly CostNode[];
      readonly costs: readonly Range[];
    },
  ): CallEstimate {
    const argCost = call.costs.reduce(plus, fixed(0));
    const known =
      estimateLibraryCall(expr.name, overloadId, call) ?? estimateStandardCall(overloadId, call);
    this.noteEntrySizes(expr, overloadId);
    if (known) return known.includesArgs ? known : { ...known, cost: plus(known.cost, argCost) };
    return { cost: plus(fixed(1), argCost) };
  }

  /** What is known of the entries of `a ? b : c` and `a + b`. */
  private noteEntrySizes(expr: CallExpr, overloadId: string): void {
    const [first, second, third] = expr.args;
    const [left, right] =
      overloadId === "conditional"
        ? [second, third]
        : overloadId.startsWith("add_")
          ? [first, second]
          : [];
    if (!left || !right) return;
    const [a, b] = [this.entrySize(left), this.entrySize(right)];
    if (a && b)
      this.entrySizes.set(expr, {
        container: a.container,
        key: union(a.key, b.key),
        value: union(a.value, b.value),
      });
  }

  private costOfList(expr: ListExpr): Range {
    const costs = expr.elements.map((element) => this.cost(element));
    const value = this.sizesOf(expr.elements);
    this.entrySizes.set(expr, { container: "list", key: fixed(1), value });
    return plus(costs.reduce(plus, fixed(0)), listCost);
  }

  private costOfMap(expr: MapExpr): Range {
    const costs = expr.entries.flatMap(({ key, value }) => [this.cost(key), this.cost(value)]);
    const key = this.sizesOf(expr.entries.map((entry) => entry.key));
    const value = this.sizesOf(expr.entries.map((entry) => entry.value));
    this.entrySizes.set(expr, { container: "map", key, value });
    return plus(costs.reduce(plus, fixed(0)), mapCost);
  }

  private sizesOf(exprs: readonly Expr[]): Range {
    return exprs.length === 0
      ? fixed(0)
      : exprs.map((expr) => this.size(expr) ?? unknownSize).reduce(union);
  }

  private costOfFold(expr: ComprehensionExpr): Range {
    const { range, accuVar, accuInit, condition, step, result } = expr;
    const before = plus(this.cost(range), this.cost(accuInit));
    this.push(accuVar, this.bound(accuInit));
    this.pushIteration(expr);
    const each = plus(this.cost(condition), this.cost(step));
    this.locals.get(expr.iterVar)?.pop();
    if (expr.iterVar2 !== undefined) this.locals.get(expr.iterVar2)?.pop();
    const after = this.cost(result);
    this.locals.get(accuVar)?.pop();
    const times = this.size(range) ?? unknownSize;
    this.noteFoldSize(expr, times);
    return plus(plus(before, after), timesCost(times, each));
  }

  private noteFoldSize(expr: ComprehensionExpr, times: Range): void {
    const { accuInit, step } = expr;
    if (accuInit.kind === "const") {
      const size = this.size(accuInit);
      if (size) this.sizes.set(expr, size);
      return;
    }
    if (accuInit.kind !== "list" && accuInit.kind !== "map") return;
    this.sizes.set(expr, times);
    const entries = this.entrySize(step);
    if (entries) this.entrySizes.set(expr, entries);
  }

  private costOfBinding(expr: ComprehensionExpr): Range {
    const { range, accuVar, accuInit, result } = expr;
    const before = plus(this.cost(range), this.cost(accuInit));
    this.push(accuVar, this.bound(accuInit));
    const after = this.cost(result);
    this.locals.get(accuVar)?.pop();
    this.copySizes(expr, result);
    return plus(before, after);
  }

  private bound(expr: Expr): Local {
    return { path: this.path(expr), size: this.size(expr), entrySize: this.entrySize(expr) };
  }

  private pushIteration({ range, iterVar, iterVar2 }: ComprehensionExpr): void {
    const entry = this.entrySize(range);
    const isList = (entry?.container ?? this.type(range).kind) === "list";
    const path = this.path(range);
    const keys = { path: [...path, isList ? "@indices" : "@keys"], size: entry?.key };
    const values = { path: [...path, isList ? "@items" : "@values"], size: entry?.value };
    const first = iterVar2 === undefined && isList ? values : keys;
    this.push(iterVar, { ...first, entrySize: undefined });
    if (iterVar2 !== undefined) this.push(iterVar2, { ...values, entrySize: undefined });
  }

  private push(name: string, local: Local): void {
    const stack = this.locals.get(name) ?? [];
    stack.push(local);
    this.locals.set(name, stack);
  }

  private local(name: string): Local | undefined {
    return this.locals.get(name)?.at(-1);
  }

  private type(expr: Expr): CelType {
    return this.checked.types.get(expr) ?? { kind: "dyn" };
  }

  private path(expr: Expr): readonly string[] {
    const local = expr.kind === "ident" ? this.local(expr.name) : undefined;
    return local?.path ?? this.paths.get(expr) ?? [];
  }

  private node(expr: Expr): CostNode {
    const path = this.path(expr);
    const type = this.type(expr);
    const itemsPath = path.length === 0 || path[0] === "@result" ? [] : [...path, "@items"];
    return {
      type,
      literal: expr.kind === "const" ? expr.value : undefined,
      size: this.size(expr) ?? unknownSize,
      itemSize: (itemsPath.length > 0 ? this.estimate(itemsPath) : undefined) ?? unknownSize,
    };
  }

  private copySizes(to: Expr, from: Expr): void {
    const size = this.size(from);
    if (size) this.sizes.set(to, size);
    const entries = this.entrySize(from);
    if (entries) this.entrySizes.set(to, entries);
  }

  private size(expr: Expr): Range | undefined {
    const known = this.sizes.get(expr) ?? literalSize(expr);
    if (known) return known;
    const path = this.path(expr);
    const estimated = path.length > 0 && path[0] !== "@result" ? this.estimate(path) : undefined;
    if (estimated) {
      this.sizes.set(expr, estimated);
      return estimated;
    }
    if (isScalar(this.type(expr))) return fixed(1);
    return expr.kind === "ident" ? this.local(expr.name)?.size : undefined;
  }

  private entrySize(expr: Expr): EntrySize | undefined {
    return (
      this.entrySizes.get(expr) ??
      (expr.kind === "ident" ? this.local(expr.name)?.entrySize : undefined)
    );
  }
}

/** A variable of a macro like optMap: a fold over nothing. */
function isBinding({ range, condition, accuVar }: ComprehensionExpr): boolean {
  return (
    range.kind === "list" &&
    range.elements.length === 0 &&
    condition.kind === "const" &&
    condition.value === false &&
    accuVar !== "@result"
  );
}

function literalSize(expr: Expr): Range | undefined {
  switch (expr.kind) {
    case "const":
      if (typeof expr.value === "string") return fixed([...expr.value].length);
      return fixed(expr.value instanceof Uint8Array ? expr.value.length : 1);
    case "list":
      return fixed(expr.elements.length);
    case "map":
      return fixed(expr.entries.length);
    default:
      return undefined;
  }
}

function isScalar(type: CelType): boolean {
  const within = optionalOf(type);
  if (within) return isScalar(within);
  return ["bool", "double", "duration", "int", "timestamp", "uint"].includes(type.kind);
}
