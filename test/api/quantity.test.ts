import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Amount,
  addAmounts,
  amountOf,
  canonicalText,
  compareAmounts,
  exactValue,
  isQuantityError,
  milliValueOf,
  parseQuantity,
  quantityText,
  signOf,
  subtractAmounts,
  wholeValueOf,
} from "../../src/api/quantity.ts";

describe("a quantity", () => {
  for (const [text, canonical] of [
    ["0", "0"],
    ["0.1", "100m"],
    ["1000m", "1"],
    ["1.5", "1500m"],
    ["1024Mi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Gi", "512Mi"],
    ["1000k", "1M"],
    ["12e6", "12e6"],
    ["1200e4", "12e6"],
    ["1E3", "1e3"],
    ["100Ki", "100Ki"],
    ["512", "512"],
    ["0.5Ki", "512"],
    ["0.0001Mi", "104857600u"],
    ["1n", "1n"],
    ["0.1n", "1n"],
    ["-1.5", "-1500m"],
    ["+5", "5"],
    ["1.", "1"],
    [".5", "500m"],
    ["007", "7"],
    ["9223372036854775808Ki", "9223372036854775807"],
    ["1Ei", "1Ei"],
    ["100E", "100E"],
  ] as const)
    it(`${text} is written ${canonical}`, () =>
      assert.equal(canonicalText(amountOf(text)), canonical));

  for (const [text, printed] of [
    ["1.500", "1.500"],
    ["1500m", "1500m"],
    ["1025Mi", "1025Mi"],
    ["1E3", "1E3"],
    ["1.5", "1500m"],
    ["2048Mi", "2Gi"],
  ] as const)
    it(`${text} is printed ${printed}: a spelling that Go holds canonical is kept`, () =>
      assert.equal(quantityText(amountOf(text)), printed));

  for (const [text, error] of [
    ["", "quantities must match"],
    ["aoeu", "quantities must match"],
    ["1.1.M", "quantities must match"],
    ["1+1.0M", "quantities must match"],
    [" 1", "quantities must match"],
    ["0.1am", "quantities must match"],
    ["1i", "unable to parse quantity's suffix"],
    ["0.1mi", "unable to parse quantity's suffix"],
    ["-3.01e-", "unable to parse quantity's suffix"],
    ["1e99999999999999999999", "unable to parse quantity's suffix"],
  ] as const)
    it(`${JSON.stringify(text)} is malformed`, () => {
      const result = parseQuantity(text);
      assert.ok(isQuantityError(result) && result.error.startsWith(error));
    });

  for (const [text, value, milli] of [
    ["100u", 1, 1],
    ["100m", 1, 100],
    ["0.0005", 1, 1],
    ["1.5Gi", 1610612736, 1610612736000],
    ["2e3", 2000, 2_000_000],
    ["-1500m", -2, -1500],
    ["1e30", 0, 0],
  ] as const)
    it(`${text} counts ${value} whole and ${milli} thousandths`, () => {
      assert.equal(wholeValueOf(amountOf(text)), value);
      assert.equal(milliValueOf(amountOf(text)), milli);
    });

  it("is compared whatever its unit", () => {
    assert.equal(compareAmounts(amountOf("1Gi"), amountOf("1024Mi")), 0);
    assert.ok(compareAmounts(amountOf("1G"), amountOf("1Gi")) < 0);
    assert.ok(compareAmounts(amountOf("-1"), amountOf("1m")) < 0);
    assert.ok(compareAmounts(amountOf("1e1000000000"), amountOf("1")) > 0);
  });

  it("takes the other's format when it is zero", () => {
    assert.equal(quantityText(addAmounts(amountOf("0"), amountOf("1Gi"))), "1Gi");
    assert.equal(quantityText(addAmounts(amountOf("1"), amountOf("500m"))), "1500m");
    assert.equal(quantityText(subtractAmounts(amountOf("1Gi"), amountOf("512Mi"))), "512Mi");
  });

  const amounts: fc.Arbitrary<Amount> = fc
    .tuple(
      fc.integer({ min: -1_000_000, max: 1_000_000 }),
      fc.constantFrom("", "m", "k", "M", "Ki", "Mi", "Gi", "e3", "u"),
    )
    .map(([number, suffix]) => amountOf(`${number}${suffix}`));

  it("survives being printed and read again", () =>
    fc.assert(
      fc.property(amounts, (amount) => {
        assert.equal(compareAmounts(amountOf(canonicalText(amount)), amount), 0);
        assert.equal(compareAmounts(amountOf(quantityText(amount)), amount), 0);
      }),
    ));

  it("adds and subtracts exactly", () =>
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        assert.equal(compareAmounts(subtractAmounts(addAmounts(a, b), b), a), 0);
        assert.equal(signOf(subtractAmounts(a, a)), 0);
        assert.equal(exactValue(addAmounts(a, b)), exactValue(addAmounts(b, a)));
      }),
    ));
});
