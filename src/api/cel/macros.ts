// Macros: has(a.b), list.all(x, ...) and the like become selections and folds.
// Source: cel-go v0.26 parser/macro.go, ext/comprehensions.go and cel/library.go.
import {
  type CallExpr,
  type ComprehensionExpr,
  call,
  constant,
  type Expr,
  ident,
  type ListExpr,
} from "./expr.ts";
import type { CelIssue } from "./source.ts";

type Report = (issue: CelIssue) => void;

interface Macro {
  readonly name: string;
  readonly args: number;
  readonly isMember: boolean;
  /** undefined if the call stays a call. */
  expand(call: CallExpr, report: Report): Expr | undefined;
}

/** The variable that a fold carries. No name of a user can be spelt so. */
const accumulator = "@result";

/** Expands all macros of a tree, the innermost first. */
export function expandMacros(expr: Expr, report: Report): Expr {
  const expand = (inner: Expr) => expandMacros(inner, report);
  switch (expr.kind) {
    case "select":
      return { ...expr, operand: expand(expr.operand) };
    case "list":
      return { ...expr, elements: expr.elements.map(expand) };
    case "map": {
      const entries = expr.entries.map((entry) => ({
        ...entry,
        key: expand(entry.key),
        value: expand(entry.value),
      }));
      return { ...expr, entries };
    }
    case "struct":
      return {
        ...expr,
        fields: expr.fields.map(({ name, value }) => ({ name, value: expand(value) })),
      };
    case "call":
      return expandCall(
        {
          ...expr,
          args: expr.args.map(expand),
          ...(expr.target ? { target: expand(expr.target) } : {}),
        },
        report,
      );
    default:
      return expr;
  }
}

function expandCall(expr: CallExpr, report: Report): Expr {
  const { name, args, target } = expr;
  const macro = macros.find(
    (known) =>
      known.name === name &&
      known.args === args.length &&
      known.isMember === (target !== undefined),
  );
  return macro?.expand(expr, report) ?? expr;
}

const has: Macro = {
  name: "has",
  args: 1,
  isMember: false,
  expand({ args, offset }, report) {
    const [arg] = args;
    if (arg?.kind === "select" && !arg.testOnly) return { ...arg, offset, testOnly: true };
    report({ offset: arg?.offset ?? offset, message: "invalid argument to has() macro" });
    return { kind: "broken", offset };
  },
};

interface Fold {
  readonly init: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}

/** A fold over one variable: x in list.all(x, predicate). `fold` gets the arguments after it. */
function foldMacro(
  name: string,
  args: number,
  fold: (offset: number, rest: readonly Expr[]) => Fold,
): Macro {
  return {
    name,
    args,
    isMember: true,
    expand({ args: [variable, ...rest], target, offset }, report) {
      if (!target || !variable) return undefined;
      const iterVar = variableName(variable, report);
      if (iterVar === undefined) return { kind: "broken", offset };
      return comprehension(offset, { range: target, iterVar, ...fold(offset, rest) });
    },
  };
}

/** A fold over index and value, or key and value. */
function pairMacro(
  name: string,
  args: number,
  fold: (offset: number, rest: readonly Expr[], variables: readonly [string, string]) => Fold,
): Macro {
  return {
    name,
    args,
    isMember: true,
    expand({ args: [first, second, ...rest], target, offset }, report) {
      if (!target || !first || !second) return undefined;
      const iterVar = variableName(first, report);
      const iterVar2 = variableName(second, report);
      if (iterVar === undefined || iterVar2 === undefined) return { kind: "broken", offset };
      if (iterVar === iterVar2) {
        report({
          offset: second.offset,
          message: `duplicate iteration variable name: ${iterVar2}`,
        });
        return { kind: "broken", offset };
      }
      const folded = fold(offset, rest, [iterVar, iterVar2]);
      return comprehension(offset, { range: target, iterVar, iterVar2, ...folded });
    },
  };
}

function variableName(variable: Expr, report: Report): string | undefined {
  const { offset } = variable;
  if (variable.kind !== "ident" || variable.name.startsWith(".")) {
    report({ offset, message: "argument must be a simple name" });
    return undefined;
  }
  return variable.name;
}

function comprehension(
  offset: number,
  parts: Fold & Pick<ComprehensionExpr, "range" | "iterVar" | "iterVar2">,
): ComprehensionExpr {
  const { init, ...rest } = parts;
  return { kind: "comprehension", offset, accuVar: accumulator, accuInit: init, ...rest };
}

const accu = (offset: number) => ident(offset, accumulator);
const yes = (offset: number) => constant(offset, true);
const not = (offset: number, expr: Expr) => call(offset, "!_", [expr]);
const emptyList = (offset: number): ListExpr => listOf(offset, []);

function listOf(offset: number, elements: readonly Expr[]): ListExpr {
  return { kind: "list", offset, elements, optionals: new Set() };
}

function all(offset: number, [predicate]: readonly Expr[]): Fold {
  return {
    init: yes(offset),
    condition: call(offset, "@not_strictly_false", [accu(offset)]),
    step: call(offset, "_&&_", [accu(offset), predicate as Expr]),
    result: accu(offset),
  };
}

function exists(offset: number, [predicate]: readonly Expr[]): Fold {
  return {
    init: constant(offset, false),
    condition: call(offset, "@not_strictly_false", [not(offset, accu(offset))]),
    step: call(offset, "_||_", [accu(offset), predicate as Expr]),
    result: accu(offset),
  };
}

function existsOne(offset: number, [predicate]: readonly Expr[]): Fold {
  const one = constant(offset, 1n);
  return {
    init: constant(offset, 0n),
    condition: yes(offset),
    step: when(offset, predicate as Expr, call(offset, "_+_", [accu(offset), one])),
    result: call(offset, "_==_", [accu(offset), one]),
  };
}

/** predicate ? changed : unchanged accumulator. */
function when(offset: number, predicate: Expr | undefined, changed: Expr): Expr {
  return predicate ? call(offset, "_?_:_", [predicate, changed, accu(offset)]) : changed;
}

function listFold(offset: number, predicate: Expr | undefined, element: Expr): Fold {
  const added = call(offset, "_+_", [accu(offset), listOf(offset, [element])]);
  return {
    init: emptyList(offset),
    condition: yes(offset),
    step: when(offset, predicate, added),
    result: accu(offset),
  };
}

function mapFold(offset: number, predicate: Expr | undefined, insert: readonly Expr[]): Fold {
  return {
    init: { kind: "map", offset, entries: [] },
    condition: yes(offset),
    step: when(offset, predicate, call(offset, "cel.@mapInsert", [accu(offset), ...insert])),
    result: accu(offset),
  };
}

/** `rest` is [transform] or [predicate, transform]. */
function splitRest(rest: readonly Expr[]): readonly [Expr | undefined, Expr] {
  return rest.length > 1 ? [rest[0], rest[1] as Expr] : [undefined, rest[0] as Expr];
}

const filter: Macro = {
  name: "filter",
  args: 2,
  isMember: true,
  expand(expr, report) {
    const [variable] = expr.args;
    const element = variable?.kind === "ident" ? variable : ident(expr.offset, "");
    return foldMacro("filter", 2, (offset, [predicate]) =>
      listFold(offset, predicate, element),
    ).expand(expr, report);
  },
};

/** A fold over nothing whose accumulator is the bound variable. */
function boundTo(
  offset: number,
  name: string,
  { value, result }: { value: Expr; result: Expr },
): ComprehensionExpr {
  return {
    kind: "comprehension",
    offset,
    range: emptyList(offset),
    iterVar: "#unused",
    accuVar: name,
    accuInit: value,
    condition: constant(offset, false),
    step: ident(offset, name),
    result,
  };
}

/** optional.optMap(x, expression): of the expression if there is a value, else none. */
function optionalMacro(name: "optMap" | "optFlatMap"): Macro {
  return {
    name,
    args: 2,
    isMember: true,
    expand({ target, args: [variable, mapped], offset }, report) {
      if (!target || !variable || !mapped) return undefined;
      if (variable.kind !== "ident") {
        report({
          offset: variable.offset,
          message: `${name}() variable name must be a simple identifier`,
        });
        return { kind: "broken", offset };
      }
      const value = call(offset, "value", [], target);
      const result = boundTo(offset, variable.name, { value, result: mapped });
      return call(offset, "_?_:_", [
        call(offset, "hasValue", [], target),
        name === "optMap" ? call(offset, "optional.of", [result]) : result,
        call(offset, "optional.none", []),
      ]);
    },
  };
}

const macros: readonly Macro[] = [
  has,
  foldMacro("all", 2, all),
  foldMacro("exists", 2, exists),
  foldMacro("exists_one", 2, existsOne),
  foldMacro("map", 2, (offset, [element]) => listFold(offset, undefined, element as Expr)),
  foldMacro("map", 3, (offset, [predicate, element]) =>
    listFold(offset, predicate, element as Expr),
  ),
  filter,
  pairMacro("all", 3, all),
  pairMacro("exists", 3, exists),
  pairMacro("existsOne", 3, existsOne),
  pairMacro("exists_one", 3, existsOne),
  ...[3, 4].flatMap((args) => [
    pairMacro("transformList", args, (offset, rest) => listFold(offset, ...splitRest(rest))),
    pairMacro("transformMap", args, (offset, rest, [key]) => {
      const [predicate, value] = splitRest(rest);
      return mapFold(offset, predicate, [ident(offset, key), value]);
    }),
    pairMacro("transformMapEntry", args, (offset, rest) => {
      const [predicate, entry] = splitRest(rest);
      return mapFold(offset, predicate, [entry]);
    }),
  ]),
  optionalMacro("optMap"),
  optionalMacro("optFlatMap"),
];
