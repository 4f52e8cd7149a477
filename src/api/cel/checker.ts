// Finds the type of every part of an expression and the overloads that calls mean.
// Source: cel-go v0.26 checker/checker.go and errors.go: same order of checks, same words.
import {
  boolType,
  type CelType,
  dynType,
  errorType,
  intType,
  isDynOrError,
  listType,
  mapType,
  optionalOf,
  optionalType,
  partsOf,
  sameType,
  stringType,
  typeText,
  withParts,
} from "./celType.ts";
import type { FunctionDeclaration, Overload } from "./declaration.ts";
import {
  type CallExpr,
  type ComprehensionExpr,
  type Constant,
  type Expr,
  type ListExpr,
  type MapExpr,
  qualifiedName,
  type SelectExpr,
} from "./expr.ts";
import type { CelIssue } from "./source.ts";
import { mostGeneral, TypeMapping } from "./typeMapping.ts";

/** What names mean outside an expression. */
export interface Declarations {
  variable(name: string): CelType | undefined;
  function(name: string): FunctionDeclaration | undefined;
}

export interface Checked {
  readonly types: ReadonlyMap<Expr, CelType>;
  /** The overloads that a call may mean; more than one only where types are dynamic. */
  readonly overloads: ReadonlyMap<Expr, readonly Overload[]>;
  /** Selections like a.b that are the name of one variable. */
  readonly names: ReadonlyMap<Expr, string>;
  readonly result: CelType;
}

export function check(
  expr: Expr,
  declarations: Declarations,
  report: (issue: CelIssue) => void,
): Checked {
  const checker = new Checker(declarations, report);
  checker.check(expr);
  return checker.outcome(expr);
}

class Checker {
  private readonly mapping = new TypeMapping();
  private readonly types = new Map<Expr, CelType>();
  private readonly overloads = new Map<Expr, readonly Overload[]>();
  private readonly names = new Map<Expr, string>();
  private readonly scopes: Map<string, CelType>[] = [];

  constructor(
    private readonly declarations: Declarations,
    private readonly report: (issue: CelIssue) => void,
  ) {}

  outcome(expr: Expr): Checked {
    const types = new Map<Expr, CelType>();
    for (const [node, type] of this.types) types.set(node, this.mapping.substitute(type, true));
    const { overloads, names } = this;
    return { types, overloads, names, result: types.get(expr) ?? errorType };
  }

  check(expr: Expr): CelType {
    const type = this.typeFor(expr);
    this.types.set(expr, type);
    return type;
  }

  private typeFor(expr: Expr): CelType {
    switch (expr.kind) {
      case "const":
        return constantType(expr.value);
      case "ident":
        return this.lookup(expr.name) ?? this.undeclared(expr, expr.name);
      case "select":
        return this.selectType(expr);
      case "call":
        return expr.name === "_?._" ? this.optionalSelectType(expr) : this.callType(expr);
      case "list":
        return this.listLiteralType(expr);
      case "map":
        return this.mapLiteralType(expr);
      case "struct":
        return this.undeclared(expr, expr.typeName);
      case "comprehension":
        return this.comprehensionType(expr);
      case "broken":
        return errorType;
    }
  }

  private lookup(name: string): CelType | undefined {
    for (const scope of this.scopes.toReversed()) {
      const local = scope.get(name);
      if (local) return local;
    }
    return this.declarations.variable(name.replace(/^\./, ""));
  }

  private selectType(expr: SelectExpr): CelType {
    const name = qualifiedName(expr);
    const declared = name === undefined ? undefined : this.lookup(name);
    if (declared && name !== undefined) {
      this.names.set(expr, name);
      return declared;
    }
    const found = this.fieldType(expr, this.check(expr.operand), expr.field);
    return expr.testOnly ? boolType : found;
  }

  private fieldType(expr: Expr, operand: CelType, field: string, isOptional = false): CelType {
    const bare = this.mapping.substitute(operand);
    const within = optionalOf(bare);
    const type = this.plainFieldType(expr, within ?? bare, field);
    return within || isOptional ? optionalType(type) : type;
  }

  private plainFieldType(expr: Expr, target: CelType, field: string): CelType {
    switch (target.kind) {
      case "map":
        return target.value;
      case "struct": {
        const type = target.field(field);
        if (!type) this.fail(expr, `undefined field '${field}'`);
        return type ?? errorType;
      }
      case "param":
        this.mapping.assign([dynType], [target]);
        return dynType;
      default:
        if (!isDynOrError(target))
          this.fail(expr, `type '${typeText(target)}' does not support field selection`);
        return dynType;
    }
  }

  private optionalSelectType(expr: CallExpr): CelType {
    const [operand, field] = expr.args;
    if (!operand || field?.kind !== "const" || typeof field.value !== "string") return errorType;
    this.types.set(field, stringType);
    const selected = this.fieldType(expr, this.check(operand), field.value, true);
    const type = optionalOf(selected);
    // Optional of an optional field is one optional.
    return type && optionalOf(type) ? type : selected;
  }

  private callType(expr: CallExpr): CelType {
    const { name, args, target } = expr;
    for (const arg of args) this.check(arg);
    if (!target) {
      const declared = this.declarations.function(name.replace(/^\./, ""));
      return declared ? this.resolve(expr, declared, args) : this.undeclared(expr, name);
    }
    const qualifier = qualifiedName(target);
    const qualified =
      qualifier === undefined ? undefined : this.declarations.function(`${qualifier}.${name}`);
    if (qualified) return this.resolve(expr, qualified, args);
    this.check(target);
    const member = this.declarations.function(name);
    return member
      ? this.resolve(expr, member, [target, ...args], true)
      : this.undeclared(expr, name);
  }

  private resolve(
    expr: CallExpr,
    { name, overloads }: FunctionDeclaration,
    args: readonly Expr[],
    isMember = false,
  ): CelType {
    if (name === "_&&_" || name === "_||_") return this.logicalType(expr, overloads, args);
    const types = args.map((arg) => this.typeOf(arg));
    const matching: Overload[] = [];
    let result: CelType | undefined;
    for (const overload of overloads) {
      if (overload.isMember !== isMember) continue;
      const { params, result: declared } = this.instance(overload);
      if (!this.mapping.assign(types, params)) continue;
      matching.push(overload);
      const type = this.mapping.substitute(declared);
      if (!result) result = type;
      else if (result.kind !== "dyn" && !sameType(result, type)) result = dynType;
    }
    if (!result) return this.noOverload(expr, name, { types, isMember });
    this.overloads.set(expr, matching);
    return result;
  }

  private logicalType(
    expr: CallExpr,
    overloads: readonly Overload[],
    args: readonly Expr[],
  ): CelType {
    let result = boolType;
    for (const arg of args) {
      const type = this.typeOf(arg);
      if (this.mapping.assign([type], [boolType])) continue;
      this.mismatch(arg, boolType, type);
      result = errorType;
    }
    this.overloads.set(expr, overloads);
    return result;
  }

  /** The overload with type parameters of its own for this one call. */
  private instance({ params, result, typeParams }: Overload): {
    readonly params: readonly CelType[];
    readonly result: CelType;
  } {
    const fresh = new Map(typeParams.map((name) => [name, this.mapping.newParameter()]));
    return {
      params: params.map((param) => instantiate(param, fresh)),
      result: instantiate(result, fresh),
    };
  }

  private noOverload(
    expr: CallExpr,
    name: string,
    { types, isMember }: { types: readonly CelType[]; isMember: boolean },
  ): CelType {
    const texts = types.map((type) => typeText(this.mapping.substitute(type, true)));
    const target = isMember ? `${texts.shift()}.` : "";
    const signature = `${target}(${texts.join(", ")})`;
    this.fail(expr, `found no matching overload for '${name}' applied to '${signature}'`);
    return errorType;
  }

  private listLiteralType({ elements, optionals }: ListExpr): CelType {
    let element: CelType | undefined;
    for (const [i, item] of elements.entries()) {
      const type = this.check(item);
      const plain = optionals.has(i) ? this.unwrapped(item, type) : type;
      element = this.joined(item, element, plain);
    }
    return listType(element ?? this.mapping.newParameter());
  }

  private mapLiteralType({ entries }: MapExpr): CelType {
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of entries) {
      key = this.joined(entry.key, key, this.check(entry.key));
      const type = this.check(entry.value);
      const plain = entry.isOptional ? this.unwrapped(entry.value, type) : type;
      value = this.joined(entry.value, value, plain);
    }
    return mapType(key ?? this.mapping.newParameter(), value ?? this.mapping.newParameter());
  }

  private unwrapped(expr: Expr, type: CelType): CelType {
    const within = optionalOf(type);
    if (!within && !isDynOrError(type)) this.mismatch(expr, optionalType(type), type);
    return within ?? type;
  }

  /** Kubernetes wants all elements of a literal to be of one type. */
  private joined(expr: Expr, previous: CelType | undefined, type: CelType): CelType {
    if (!previous) return type;
    if (this.mapping.assign([previous], [type])) return mostGeneral(previous, type);
    this.mismatch(expr, previous, type);
    return errorType;
  }

  private comprehensionType(expr: ComprehensionExpr): CelType {
    const { range, accuVar, accuInit, condition, step, result } = expr;
    this.check(range);
    const accuType = this.check(accuInit);
    const variables = this.iterationTypes(expr);
    this.scopes.push(new Map([[accuVar, accuType]]));
    this.scopes.push(variables);
    this.check(condition);
    this.expect(condition, boolType);
    this.check(step);
    this.expect(step, accuType);
    this.scopes.pop();
    const type = this.check(result);
    this.scopes.pop();
    return this.mapping.substitute(type);
  }

  private iterationTypes({ range, iterVar, iterVar2 }: ComprehensionExpr): Map<string, CelType> {
    const type = this.mapping.substitute(this.typeOf(range));
    const declared = (first: CelType, second: CelType) =>
      new Map(
        iterVar2 === undefined
          ? [[iterVar, first]]
          : [
              [iterVar, type.kind === "list" ? intType : first],
              [iterVar2, second],
            ],
      );
    if (type.kind === "list") return declared(type.element, type.element);
    if (type.kind === "map") return declared(type.key, type.value);
    if (isDynOrError(type) || type.kind === "param") {
      this.mapping.assign([dynType], [type]);
      return declared(dynType, dynType);
    }
    const found = typeText(type);
    this.fail(
      range,
      `expression of type '${found}' cannot be range of a comprehension (must be list, map, or dynamic)`,
    );
    return declared(errorType, errorType);
  }

  private expect(expr: Expr, wanted: CelType): void {
    const found = this.typeOf(expr);
    if (!this.mapping.assign([wanted], [found])) this.mismatch(expr, wanted, found);
  }

  private typeOf(expr: Expr): CelType {
    return this.types.get(expr) ?? errorType;
  }

  private mismatch(expr: Expr, wanted: CelType, found: CelType): void {
    const [expected, actual] = [wanted, found].map((type) =>
      typeText(this.mapping.substitute(type)),
    );
    this.fail(expr, `expected type '${expected}' but found '${actual}'`);
  }

  private undeclared(expr: Expr, name: string): CelType {
    this.fail(expr, `undeclared reference to '${name}' (in container '')`);
    return errorType;
  }

  private fail({ offset }: Expr, message: string): void {
    this.report({ offset, message });
  }
}

function instantiate(type: CelType, fresh: ReadonlyMap<string, CelType>): CelType {
  if (type.kind === "param") return fresh.get(type.name) ?? type;
  const parts = partsOf(type);
  if (parts.length === 0) return type;
  return withParts(
    type,
    parts.map((part) => instantiate(part, fresh)),
  );
}

function constantType(value: Constant): CelType {
  if (value === null) return { kind: "null" };
  if (typeof value === "bigint") return intType;
  if (typeof value === "number") return { kind: "double" };
  if (typeof value === "boolean") return boolType;
  if (typeof value === "string") return stringType;
  return value instanceof Uint8Array ? { kind: "bytes" } : { kind: "uint" };
}
