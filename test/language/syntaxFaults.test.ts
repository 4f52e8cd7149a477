// Several faults of one document are told at once, and one fault is told once.
import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../src/language/diagnostics.ts";
import { syntaxFaults } from "../../src/language/syntaxFaults.ts";

const lines = (text: string): readonly string[] =>
  syntaxFaults(text).map(
    ({ origin, message }) =>
      `${text.slice(0, origin).split("\n").length}: ${message.replace(/^line \d+: /, "")}`,
  );

describe("faults of a document", () => {
  for (const [claim, text, expected] of [
    ["are none in good YAML", "a: 1\nb: [2]\n", []],
    [
      "are each told",
      "a: 'x\nb: 1\n\tc: 2\nd: *e\n",
      [
        "1: found unexpected end of stream",
        "3: found a tab character that violates indentation",
        "4: unknown anchor 'e' referenced",
      ],
    ],
    [
      "do not bring others about",
      "a:\n  b: [1, 2\n  c: 3\nd:\n  e: 4\n",
      ["2: did not find expected ',' or ']'"],
    ],
    [
      "leave what is below a broken key",
      "spec: x: y\n  a: 1\n  b: 2\n",
      ["1: mapping values are not allowed in this context"],
    ],
    [
      "are told again for each line with a tab",
      "a:\n  b: 1\n\tc: 1\n\td: 2\n",
      [
        "3: found a tab character that violates indentation",
        "4: found a tab character that violates indentation",
      ],
    ],
    ["are told of a key without its colon", "a: 1\nb\nc: 2\n", ["2: could not find expected ':'"]],
  ] as const)
    it(claim, () => assert.deepEqual(lines(text), expected));

  it("begin with the one that kubectl tells, and are that alone where a server is asked", () => {
    const text = "apiVersion: v1\nkind: Pod\nmetadata: {name: 'x}\nspec:\n\tb: *c\n";
    const [first] = check(text);
    const all = check(text, { findsAllFaults: true });
    assert.deepEqual(all[0], first);
    assert.ok(all.length > 1);
  });

  it("are found in any text, within it and in order", () => {
    const parts = fc.constantFrom(
      "a: ",
      "'",
      '"',
      "\n",
      "  ",
      "\t",
      "- ",
      "[",
      "{",
      "*x",
      ": ",
      "b",
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 60 }), (words) => {
        const text = words.join("");
        const offsets = syntaxFaults(text).map(({ origin }) => origin);
        assert.deepEqual(
          offsets,
          [...new Set(offsets)].sort((a, b) => a - b),
        );
        assert.ok(offsets.every((offset) => offset >= 0 && offset <= text.length));
      }),
      { numRuns: 2_000 },
    );
  });
});
