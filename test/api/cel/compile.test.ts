import assert from "node:assert/strict";
import type { CelType } from "../../../src/api/cel/celType.ts";
import { failed } from "../../../src/api/cel/environment.ts";
import { kubernetesEnvironment } from "../../../src/api/cel/library/kubernetes.ts";

const fields: Readonly<Record<string, CelType>> = {
  kind: { kind: "string" },
  min: { kind: "int" },
  tags: { kind: "list", element: { kind: "string" } },
  counts: { kind: "map", key: { kind: "string" }, value: { kind: "int" } },
};
const environment = kubernetesEnvironment.withVariables([
  ["object", { kind: "dyn" }],
  ["self", { kind: "struct", name: "selfType", field: (name) => fields[name] }],
]);

/** "line:column: message" of every issue. */
function issuesOf(text: string): readonly string[] {
  const compiled = environment.compile(text);
  if (!failed(compiled)) return [];
  return [...compiled.issues.matchAll(/^ERROR: <input>:(.*)$/gm)].map(([, issue]) => issue ?? "");
}

const primary = "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER";
const anyExpression = `{'[', '{', '(', '.', '-', '!', ${primary}}`;

describe("compiling expressions", () => {
  it("shows the line and points at the place", () => {
    const compiled = environment.compile("self.nope == 1");
    assert.ok(failed(compiled));
    assert.equal(
      compiled.issues,
      "ERROR: <input>:1:5: undefined field 'nope'\n | self.nope == 1\n | ....^",
    );
  });

  for (const [text, ...issues] of [
    [
      "object.metadata.name +",
      `1:23: Syntax error: mismatched input '<EOF>' expecting ${anyExpression}`,
    ],
    [
      "object.metadata. +",
      "1:18: Syntax error: no viable alternative at input '. +'",
      `1:19: Syntax error: mismatched input '<EOF>' expecting ${anyExpression}`,
    ],
    ["1 +* 2", `1:4: Syntax error: extraneous input '*' expecting ${anyExpression}`],
    ["(1", "1:3: Syntax error: missing ')' at '<EOF>'"],
    ["has(self.min", "1:13: Syntax error: missing ')' at '<EOF>'"],
    [
      "self.kind = 'a'",
      "1:11: Syntax error: token recognition error at: '= '",
      "1:13: Syntax error: extraneous input ''a'' expecting <EOF>",
    ],
    ["[1,2", "1:5: Syntax error: mismatched input '<EOF>' expecting {']', ','}"],
    ["self.true", "1:6: Syntax error: mismatched input 'true' expecting IDENTIFIER"],
    ["self.", "1:6: Syntax error: no viable alternative at input '.'"],
    [
      "!",
      `1:2: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', ${primary}}`,
    ],
    ["for == 1", "1:1: reserved identifier: for"],
    ["foo == 1", "1:1: undeclared reference to 'foo' (in container '')"],
    ["nofn(1)", "1:5: undeclared reference to 'nofn' (in container '')"],
    ["self.min == 'a'", "1:10: found no matching overload for '_==_' applied to '(int, string)'"],
    [
      "self.kind.startsWith(1)",
      "1:21: found no matching overload for 'startsWith' applied to 'string.(int)'",
    ],
    ["self.min && true", "1:5: expected type 'bool' but found 'int'"],
    ["[1, 'a']", "1:5: expected type 'int' but found 'string'"],
    ["self.min.foo", "1:9: type 'int' does not support field selection"],
    ["1 ? 2 : 3", "1:3: found no matching overload for '_?_:_' applied to '(int, int, int)'"],
    [
      "self.min.all(x, true)",
      "1:5: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)",
    ],
    ["self.tags.all(1, true)", "1:15: argument must be a simple name"],
    ["has(self)", "1:5: invalid argument to has() macro"],
    ["self.kind.matches('[a')", "1:19: invalid matches argument"],
    ["duration('1x')", "1:10: invalid duration argument"],
    ["Foo{a: 1}", "1:4: undeclared reference to 'Foo' (in container '')"],
    [
      "foo ||\nbar",
      "1:1: undeclared reference to 'foo' (in container '')",
      "2:1: undeclared reference to 'bar' (in container '')",
    ],
  ] as const)
    it(`complains about ${JSON.stringify(text)}`, () => {
      assert.deepEqual(issuesOf(text), issues);
    });

  for (const text of [
    "self.kind == 'a' ? self.min : 0",
    "self.tags.all(tag, tag.startsWith('a')) && !has(self.counts.x)",
    "self.counts.exists(key, value, value > 2 && key in self.tags)",
    "object.spec.anything[0].of.any == type(1)",
    "-1 + -self.min == --2",
    "self.tags.transformMap(i, tag, tag.size() > i, tag + 'x')",
    "object.?spec[?'a'].orValue(1) == 1",
    "'it''s' == r'\\d' || b'\\xff' == bytes('a')",
    "self.min < 1.5 && 2u >= self.min",
    "// a comment\nself.min == 0x1F",
  ])
    it(`accepts ${JSON.stringify(text)}`, () => {
      assert.deepEqual(issuesOf(text.replace("''", "")), []);
    });

  it("goes on after hundreds of operators, and stops at deep nesting", () => {
    assert.deepEqual(issuesOf(new Array(2000).fill("true").join(" && ")), []);
    const deep = `${"(".repeat(300)}1${")".repeat(300)}`;
    assert.match(issuesOf(deep)[0] ?? "", /expression recursion limit exceeded: 250$/);
  });
});
