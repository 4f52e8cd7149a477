// Resource quantities in expressions. Source: apiserver pkg/cel/library/quantity.go, kubernetes v1.34.
import {
  type Amount,
  addAmounts,
  compareAmounts,
  isQuantityError,
  parseQuantity,
  signOf,
  subtractAmounts,
  wholeAmount,
} from "../../quantity.ts";
import { type CelLibrary, declare, overload } from "../declaration.ts";
import { CelError, type CelValue, maxInt, minInt, type OpaqueValue } from "../value.ts";

const type = "kubernetes.Quantity";

class QuantityValue implements OpaqueValue {
  readonly opaqueType = type;

  constructor(readonly amount: Amount) {}

  equals(other: CelValue): boolean {
    return other instanceof QuantityValue && compareAmounts(this.amount, other.amount) === 0;
  }
}

function quantity(text: string): QuantityValue {
  const amount = parseQuantity(text);
  if (isQuantityError(amount)) throw new CelError(amount.error);
  return new QuantityValue(amount);
}

/** The amount if it is a whole number that fits CEL's int. */
function integerOf({ amount: { unscaled, scale } }: QuantityValue): bigint | undefined {
  const power = 10n ** BigInt(Math.min(Math.abs(scale), 64));
  if (scale < 0 && unscaled % power !== 0n) return undefined;
  const value = scale < 0 ? unscaled / power : unscaled * power;
  return value > maxInt || value < minInt ? undefined : value;
}

function asInteger(value: QuantityValue): bigint {
  const integer = integerOf(value);
  if (integer === undefined) throw new CelError("cannot convert value to integer");
  return integer;
}

type Operation = (a: Amount, b: Amount) => Amount;

function arithmetic(name: string, id: string, operate: Operation) {
  return declare(
    name,
    overload(
      `quantity_${id}`,
      `${type}.${name}(${type}) -> ${type}`,
      (a: QuantityValue, b: QuantityValue) => new QuantityValue(operate(a.amount, b.amount)),
    ),
    overload(
      `quantity_${id}_int`,
      `${type}.${name}(int) -> ${type}`,
      (a: QuantityValue, b: bigint) => new QuantityValue(operate(a.amount, wholeAmount(b))),
    ),
  );
}

function comparison(name: string, result: string, read: (order: number) => CelValue) {
  const id = `quantity_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
  return declare(
    name,
    overload(id, `${type}.${name}(${type}) -> ${result}`, (a: QuantityValue, b: QuantityValue) =>
      read(compareAmounts(a.amount, b.amount)),
    ),
  );
}

export const quantityLibrary: CelLibrary = {
  functions: [
    declare("quantity", overload("string_to_quantity", `(string) -> ${type}`, quantity)),
    declare(
      "isQuantity",
      overload(
        "is_quantity_string",
        "(string) -> bool",
        (text: string) => !isQuantityError(parseQuantity(text)),
      ),
    ),
    declare(
      "sign",
      overload("quantity_sign", `${type}.sign() -> int`, ({ amount }: QuantityValue) =>
        BigInt(signOf(amount)),
      ),
    ),
    comparison("isGreaterThan", "bool", (order) => order > 0),
    comparison("isLessThan", "bool", (order) => order < 0),
    comparison("compareTo", "int", (order) => BigInt(Math.sign(order))),
    declare(
      "asApproximateFloat",
      overload(
        "quantity_get_float",
        `${type}.asApproximateFloat() -> double`,
        ({ amount: { unscaled, scale } }: QuantityValue) => Number(`${unscaled}e${scale}`),
      ),
    ),
    declare("asInteger", overload("quantity_get_int", `${type}.asInteger() -> int`, asInteger)),
    declare(
      "isInteger",
      overload(
        "quantity_is_integer",
        `${type}.isInteger() -> bool`,
        (value: QuantityValue) => integerOf(value) !== undefined,
      ),
    ),
    arithmetic("add", "add", addAmounts),
    arithmetic("sub", "sub", subtractAmounts),
  ],
};
