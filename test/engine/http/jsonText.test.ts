import assert from "node:assert/strict";
import fc from "fast-check";
import { JsonError, parseJson } from "../../../src/engine/http/jsonText.ts";

describe("JSON as Go reads it", () => {
  it("is what it is to everyone", () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        assert.deepEqual(parseJson(text).value, JSON.parse(text));
      }),
    ));

  for (const [text, message] of [
    ["{bad", "invalid character 'b' looking for beginning of object key string"],
    ["", "unexpected end of JSON input"],
    ['{"a":}', "invalid character '}' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ["[1 2]", "invalid character '2' after array element"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ["01", "invalid character '1' after top-level value"],
    ["nul", "unexpected end of JSON input"],
    ["\ufeff{}", "invalid character 'ï' looking for beginning of value"],
    ['"a\u0001"', "invalid character '\\u0001' in string literal"],
    ["[".repeat(100_000), "exceeded max depth"],
    ['{"a":'.repeat(100_000), "exceeded max depth"],
  ] as const)
    it(`says of ${JSON.stringify(text.slice(0, 12))}: ${message}`, () =>
      assert.throws(() => parseJson(text), new JsonError(message)));

  for (const [text, duplicates] of [
    ['{"a":1,"a":2}', ["a"]],
    ['{"a":{"b":[{"c":1,"c":2,"c":3}]}}', ["a.b[0].c"]],
    ['{"a":1,"A":2}', []],
  ] as const)
    it(`finds what ${text} names twice`, () =>
      assert.deepEqual(parseJson(text).duplicates, duplicates));

  it("takes __proto__ for a name like any other", () => {
    const { value } = parseJson('{"__proto__":{"polluted":true},"a":1}');
    assert.ok(Object.hasOwn(value as object, "__proto__"));
    assert.equal((value as { polluted?: unknown }).polluted, undefined);
    assert.equal(JSON.stringify(value), '{"__proto__":{"polluted":true},"a":1}');
  });
});
