// YAML as go-yaml v2 reads it: values, places, and words for what is wrong.
import assert from "node:assert/strict";
import { parseYaml } from "../../../src/base/yaml/yamlParser.ts";
import { treeValue } from "../../../src/base/yaml/yamlTree.ts";

function readValue(text: string): unknown {
  const parsed = parseYaml(text, 0);
  assert.ok(!("syntaxFault" in parsed), JSON.stringify(parsed));
  assert.deepEqual(parsed.errors, []);
  return parsed.root && treeValue(parsed.root);
}

describe("a scalar", () => {
  for (const [claim, text, value] of [
    ["goes on over lines that are indented", "a: one\n  two\n\n  three\nb: 1", "one two\nthree"],
    ["ends before a comment", "a: one # two\n", "one"],
    ["holds a # that follows no blank", "a: one#two\n", "one#two"],
    ["is text in quotes whatever it looks like", "a: '12'\n", "12"],
    ["doubles a single quote to hold it", "a: 'it''s'\n", "it's"],
    ["folds its lines in quotes", 'a: "one \n\n\n  two"\n', "one\n\ntwo"],
    ["may stand further left in quotes", 'a: "one\ntwo"\n', "one two"],
    ["joins lines where the break is escaped", 'a: "one\\\n  two"\n', "onetwo"],
    ["knows escapes", 'a: "\\t\\x41\\u00e9\\U0001F600\\r"\n', "\tAé😀\r"],
    ["keeps the lines of a block", "a: |\n  one\n   two\n\n  three\n\n", "one\n two\n\nthree\n"],
    ["drops the last line break of a block", "a: |-\n  one\n\n", "one"],
    ["keeps all line breaks of a block", "a: |+\n  one\n\n", "one\n\n"],
    [
      "folds the lines of a block",
      "a: >\n  one\n  two\n\n  three\n   four\n  five\n",
      "one two\nthree\n four\nfive\n",
    ],
    ["says how far a block is indented", "a: |2\n    one\n", "  one\n"],
    ["reads breaks of Windows as breaks", "a: |\r\n  one\r\n  two\r\n", "one\ntwo\n"],
    ["is nothing when it is left out", "a:\nb: 1\n", null],
    ["is text by its tag", "a: !!str 12\n", "12"],
    ["is text by a lone !", "a: ! 12\n", "12"],
    ["is what an alias repeats", "b: &x 7\na: *x\n", 7],
  ] as const)
    it(claim, () => assert.deepEqual((readValue(text) as { a: unknown }).a, value));
});

describe("a collection", () => {
  for (const [text, value] of [
    ["- 1\n-\n- - 2\n  - 3\n", [1, null, [2, 3]]],
    ["a:\n- 1\nb: []\n", { a: [1], b: [] }],
    ["{a: 1, b, c: [x, {w: z}], 'd':e}\n", { a: 1, b: null, c: ["x", { w: "z" }], d: "e" }],
    ["[a: 1, ? b : 2, c]\n", [{ a: 1 }, { b: 2 }, "c"]],
    ["? a\n: 1\n? b\n", { a: 1, b: null }],
    ["x: &x {a: 1, b: 2}\nz:\n  <<: *x\n  c: 3\n", { x: { a: 1, b: 2 }, z: { a: 1, b: 2, c: 3 } }],
    ["1: a\ntrue: b\nnull: c\n", { 1: "a", true: "b", null: "c" }],
    ["__proto__: 1\n", JSON.parse('{"__proto__": 1}')],
    ["--- # here\na: 1\n...\nignored: [", { a: 1 }],
    ["", undefined],
    ["---\n", null],
  ] as const)
    it(`${JSON.stringify(text)} is read`, () => assert.deepEqual(readValue(text), value));

  it("knows where it is, without what follows", () => {
    const text = "a:\n  - x: 1 # one\n    y: [2]\n\n# end\nb: |\n  text\n";
    const parsed = parseYaml(text, 100);
    assert.ok(!("syntaxFault" in parsed) && parsed.root?.type === "map");
    const under = ({ start, end }: { start: number; end: number }) =>
      text.slice(start - 100, end - 100);
    const list = parsed.root.entries.get("a")?.node;
    assert.ok(list?.type === "list");
    assert.equal(under(list.range), "- x: 1 # one\n    y: [2]");
    assert.equal(list.items[0] && under(list.items[0].range), "x: 1 # one\n    y: [2]");
    const block = parsed.root.entries.get("b");
    assert.equal(block && under(block.keyRange), "b");
    assert.equal(block && under(block.node.range), "|\n  text");
  });
});

describe("what is no YAML", () => {
  for (const [text, message] of [
    ["a: b: c", "mapping values are not allowed in this context"],
    ["a:\n\tb: 1", "line 2: found character that cannot start any token"],
    ["a: 'x", "found unexpected end of stream"],
    ["a: [1, 2\nb: 1", "line 1: did not find expected ',' or ']'"],
    ["a: *x", "unknown anchor 'x' referenced"],
    ['a: "\\q"', "found unknown escape character"],
    ["a: \u0001", "control characters are not allowed"],
    [`${"[".repeat(20_000)}`, "exceeded max depth of 10000"],
  ] as const)
    it(`${JSON.stringify(text.slice(0, 20))}: ${message}`, () => {
      const parsed = parseYaml(text, 0);
      assert.ok("syntaxFault" in parsed);
      assert.equal(parsed.syntaxFault.message, message);
    });
});
