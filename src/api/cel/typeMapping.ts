// Which types fit where, and what type parameters stand for meanwhile.
// Source: cel-go v0.26 checker/types.go and mapping.go.
import { type CelType, dynType, isDynOrError, partsOf, sameType, withParts } from "./celType.ts";

/** Bindings of type parameters. A failed attempt leaves them as they were. */
export class TypeMapping {
  private bound = new Map<string, CelType>();
  private fresh = 0;

  newParameter(): CelType {
    return { kind: "param", name: `_var${this.fresh++}` };
  }

  /** True if each of `from` can be passed for its counterpart; binds parameters on the way. */
  assign(from: readonly CelType[], to: readonly CelType[]): boolean {
    const before = new Map(this.bound);
    if (this.assignAll(from, to)) return true;
    this.bound = before;
    return false;
  }

  /** Replaces bound parameters; with `freeToDyn`, unbound ones become dyn. */
  substitute(type: CelType, freeToDyn = false): CelType {
    if (type.kind === "param") {
      const bound = this.bound.get(type.name);
      if (bound) return this.substitute(bound, freeToDyn);
      return freeToDyn ? dynType : type;
    }
    const parts = partsOf(type);
    if (parts.length === 0) return type;
    return withParts(
      type,
      parts.map((part) => this.substitute(part, freeToDyn)),
    );
  }

  private assignAll(from: readonly CelType[], to: readonly CelType[]): boolean {
    return (
      from.length === to.length && from.every((type, i) => this.assignOne(type, to[i] ?? dynType))
    );
  }

  private assignOne(from: CelType, to: CelType): boolean {
    if (to.kind === "param") {
      const fits = this.bind(to.name, to, from);
      if (fits === "yes") return true;
      if (fits === "bound otherwise") return false;
    }
    if (from.kind === "param") return this.bind(from.name, from, to) === "yes";
    if (isDynOrError(from) || isDynOrError(to)) return true;
    if (from.kind === "null") return isNullable(to);
    if (from.kind !== to.kind) return false;
    if (from.kind === "type") return true;
    if ("name" in from && "name" in to && from.name !== to.name) return false;
    return this.assignAll(partsOf(from), partsOf(to));
  }

  private bind(name: string, parameter: CelType, type: CelType): "yes" | "no" | "bound otherwise" {
    const bound = this.bound.get(name);
    if (bound) {
      if (sameType(type, bound)) return "yes";
      if (!this.assignOne(type, bound)) return "bound otherwise";
      this.bound.set(name, mostGeneral(type, bound));
      return "yes";
    }
    if (!this.isFreeOf(parameter, type)) return "no";
    this.bound.set(name, type);
    return "yes";
  }

  /** A parameter can't stand for a type that contains it. */
  private isFreeOf(parameter: CelType, within: CelType): boolean {
    if (sameType(parameter, within)) return false;
    if (within.kind === "param") {
      const bound = this.bound.get(within.name);
      return !bound || this.isFreeOf(parameter, bound);
    }
    return partsOf(within).every((part) => this.isFreeOf(parameter, part));
  }
}

/** The less specific of two types that fit each other. */
export function mostGeneral(a: CelType, b: CelType): CelType {
  return isAtMostAsSpecific(a, b) ? a : b;
}

function isAtMostAsSpecific(a: CelType, b: CelType): boolean {
  if (a.kind === "dyn" || a.kind === "param") return true;
  if (b.kind === "dyn" || b.kind === "param" || a.kind !== b.kind) return false;
  if (a.kind === "type") return true;
  if ("name" in a && "name" in b && a.name !== b.name) return false;
  const [left, right] = [partsOf(a), partsOf(b)];
  return (
    left.length === right.length &&
    left.every((part, i) => isAtMostAsSpecific(part, right[i] ?? dynType))
  );
}

function isNullable({ kind }: CelType): boolean {
  return ["opaque", "struct", "null", "timestamp", "duration"].includes(kind);
}
