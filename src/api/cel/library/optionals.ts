// Values that may be absent. Source: cel-go v0.26 cel/library.go, optional types.
import { type CelLibrary, declare, overload } from "../declaration.ts";
import {
  ArrayList,
  CelError,
  CelList,
  CelMap,
  CelOptional,
  type CelValue,
  Duration,
  Timestamp,
  Uint,
} from "../value.ts";

function isZero(value: CelValue): boolean {
  if (value instanceof CelList) return value.size === 0;
  if (value instanceof CelMap) return value.keys.length === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Duration || value instanceof Timestamp) return value.nanos === 0n;
  return value === null || value === "" || value === false || value === 0n || value === 0;
}

function present({ value }: CelOptional): CelValue {
  if (value === undefined) throw new CelError("optional.none() dereference");
  return value;
}

function unwrap(list: CelList): CelList {
  return new ArrayList(
    [...list].flatMap((item) =>
      item instanceof CelOptional ? (item.value === undefined ? [] : [item.value]) : [item],
    ),
  );
}

export const optionalsLibrary: CelLibrary = {
  functions: [
    declare(
      "optional.of",
      overload("optional_of", "(A) -> optional<A>", (value: CelValue) => new CelOptional(value)),
    ),
    declare(
      "optional.ofNonZeroValue",
      overload("optional_ofNonZeroValue", "(A) -> optional<A>", (value: CelValue) =>
        isZero(value) ? CelOptional.none : new CelOptional(value),
      ),
    ),
    declare(
      "optional.none",
      overload("optional_none", "() -> optional<A>", () => CelOptional.none),
    ),
    declare(
      "optional.unwrap",
      overload("optional_unwrap", "(list<optional<A>>) -> list<A>", unwrap),
    ),
    declare(
      "unwrapOpt",
      overload("optional_unwrapOpt", "list<optional<A>>.unwrapOpt() -> list<A>", unwrap),
    ),
    declare(
      "hasValue",
      overload(
        "optional_hasValue",
        "optional<A>.hasValue() -> bool",
        ({ value }: CelOptional) => value !== undefined,
      ),
    ),
    declare("value", overload("optional_value", "optional<A>.value() -> A", present)),
    declare(
      "or",
      overload(
        "optional_or_optional",
        "optional<A>.or(optional<A>) -> optional<A>",
        (optional: CelOptional, other: CelOptional) =>
          optional.value === undefined ? other : optional,
      ),
    ),
    declare(
      "orValue",
      overload(
        "optional_orValue_value",
        "optional<A>.orValue(A) -> A",
        ({ value }: CelOptional, other: CelValue) => value ?? other,
      ),
    ),
    declare(
      "first",
      overload("list_first", "list<A>.first() -> optional<A>", (list: CelList) =>
        list.size === 0 ? CelOptional.none : new CelOptional(list.at(0)),
      ),
    ),
    declare(
      "last",
      overload("list_last", "list<A>.last() -> optional<A>", (list: CelList) =>
        list.size === 0 ? CelOptional.none : new CelOptional(list.at(list.size - 1)),
      ),
    ),
  ],
};
