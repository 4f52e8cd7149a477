import assert from "node:assert/strict";
import fc from "fast-check";
import { GoRegexp } from "../../src/base/goRegexp/goRegexp.ts";

function found(pattern: string, text: string): string | undefined {
  const compiled = GoRegexp.compile(pattern);
  assert.ok(typeof compiled !== "string", String(compiled));
  const span = compiled.find(text);
  return span && text.slice(span.start, span.end);
}

describe("Go's regular expressions", () => {
  for (const [pattern, text, expected] of [
    ["a+", "baaac", "aaa"],
    ["a+?", "baaac", "a"],
    ["(?i)HeLLo", "say hello", "hello"],
    ["^\\d{3}-\\w*$", "123-ab_c", "123-ab_c"],
    ["^\\d{3}$", "1234", undefined],
    ["a|ab", "ab", "a"],
    ["(a|ab)(c|bcd)", "abcd", "abcd"],
    ["[^a-c]+", "abcxyz", "xyz"],
    ["[[:alpha:]]+", "12ab34", "ab"],
    ["\\p{Greek}+", "abγδ", "γδ"],
    ["\\bfoo\\b", "a foo b", "foo"],
    ["(?m)^b$", "a\nb\nc", "b"],
    ["a.c", "a\nc", undefined],
    ["(?s)a.c", "a\nc", "a\nc"],
    ["\\Qa.b\\E", "a.b", "a.b"],
    ["x*", "aaa", ""],
    ["(?P<year>\\d{4})", "in 2024", "2024"],
    ["a{2,}", "aaaa", "aaaa"],
    ["a{,2}", "a{,2}", "a{,2}"],
    ["[a\\]]+", "a]", "a]"],
    ["日+", "a日日", "日日"],
  ] as const)
    it(`${pattern} finds ${JSON.stringify(expected)} in ${JSON.stringify(text)}`, () => {
      assert.equal(found(pattern, text), expected);
    });

  for (const [pattern, message] of [
    ["(abc", "missing closing ): `(abc`"],
    ["abc)", "unexpected ): `abc)`"],
    ["[abc", "missing closing ]: `[abc`"],
    ["*a", "missing argument to repetition operator: `*`"],
    ["a**", "invalid nested repetition operator: `**`"],
    ["[z-a]", "invalid character class range: `z-a`"],
    ["a{1001}", "invalid repeat count: `{1001}`"],
    ["(?=a)", "invalid or unsupported Perl syntax: `(?=`"],
    ["(?<!a)", "invalid named capture: `(?<!a)`"],
    ["(?!a)", "invalid or unsupported Perl syntax: `(?!`"],
    ["\\q", "invalid escape sequence: `\\q`"],
    ["a\\", "trailing backslash at end of expression: ``"],
  ] as const)
    it(`refuses ${pattern}`, () => {
      assert.equal(GoRegexp.compile(pattern), `error parsing regexp: ${message}`);
    });

  it("takes time in proportion to the text, whatever the pattern", () => {
    assert.equal(found("^(a+)+$", `${"a".repeat(5000)}b`), undefined);
  });

  it("agrees with JavaScript where both know the pattern", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "(a|b)", "(?:ab)", "\\w", "^", "$");
    const repeat = fc.constantFrom("", "", "*", "+", "?", "*?", "{1,2}");
    const pattern = fc
      .array(fc.tuple(atom, repeat), { maxLength: 6 })
      .map((parts) => parts.map(([a, r]) => (/[$^]/.test(a) ? a : a + r)).join(""));
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[abc]{0,8}$/), (source, text) => {
        assert.equal(found(source, text), new RegExp(source).exec(text)?.[0]);
      }),
      { numRuns: 3000 },
    );
  });
});
