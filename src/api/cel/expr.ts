// The syntax tree of an expression. Every node knows the offset that errors about it point at.
import type { Uint } from "./value.ts";

export type Expr =
  | ConstExpr
  | IdentExpr
  | SelectExpr
  | CallExpr
  | ListExpr
  | MapExpr
  | StructExpr
  | ComprehensionExpr
  | BrokenExpr;

/** CEL's int is a bigint here, its double a number. */
export type Constant = bigint | number | string | boolean | null | Uint8Array | Uint;

interface Node {
  readonly offset: number;
}

export interface ConstExpr extends Node {
  readonly kind: "const";
  readonly value: Constant;
}

export interface IdentExpr extends Node {
  readonly kind: "ident";
  readonly name: string;
}

export interface SelectExpr extends Node {
  readonly kind: "select";
  readonly operand: Expr;
  readonly field: string;
  /** has(operand.field): asks whether the field is there. */
  readonly testOnly: boolean;
}

/** A function or operator: "size", "_+_". */
export interface CallExpr extends Node {
  readonly kind: "call";
  readonly name: string;
  readonly target?: Expr;
  readonly args: readonly Expr[];
}

export interface ListExpr extends Node {
  readonly kind: "list";
  readonly elements: readonly Expr[];
  /** Elements that are there only if their optional has a value: [?a]. */
  readonly optionals: ReadonlySet<number>;
}

export interface MapEntry extends Node {
  readonly key: Expr;
  readonly value: Expr;
  readonly isOptional: boolean;
}

export interface MapExpr extends Node {
  readonly kind: "map";
  readonly entries: readonly MapEntry[];
}

/** Message{field: value}. Kubernetes declares no such types for rules. */
export interface StructExpr extends Node {
  readonly kind: "struct";
  readonly typeName: string;
  readonly fields: readonly { readonly name: string; readonly value: Expr }[];
}

/** What the macros all, exists, map and so on become: a fold over a range. */
export interface ComprehensionExpr extends Node {
  readonly kind: "comprehension";
  readonly range: Expr;
  readonly iterVar: string;
  /** Set for comprehensions over index and value, or key and value. */
  readonly iterVar2?: string;
  readonly accuVar: string;
  readonly accuInit: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

/** What could not be parsed; an issue was reported for it. */
export interface BrokenExpr extends Node {
  readonly kind: "broken";
}

export function call(offset: number, name: string, args: readonly Expr[], target?: Expr): CallExpr {
  return { kind: "call", offset, name, args, ...(target ? { target } : {}) };
}

export function constant(offset: number, value: Constant): ConstExpr {
  return { kind: "const", offset, value };
}

export function ident(offset: number, name: string): IdentExpr {
  return { kind: "ident", offset, name };
}

/** "a.b.c" of nested selections, or a plain name; undefined for anything else. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === "ident") return expr.name;
  if (expr.kind !== "select" || expr.testOnly) return undefined;
  const prefix = qualifiedName(expr.operand);
  return prefix === undefined ? undefined : `${prefix}.${expr.field}`;
}

/** The expressions that an expression is made of, in the order of their evaluation. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "select":
      return [expr.operand];
    case "call":
      return expr.target ? [expr.target, ...expr.args] : expr.args;
    case "list":
      return expr.elements;
    case "map":
      return expr.entries.flatMap(({ key, value }) => [key, value]);
    case "struct":
      return expr.fields.map(({ value }) => value);
    case "comprehension":
      return [expr.range, expr.accuInit, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}
