import assert from "node:assert/strict";
import { unifiedDiff } from "../../src/base/unifiedDiff.ts";

/** Ten lines: "line 0" to "line 9". */
const ten = Array.from({ length: 10 }, (_, i) => `line ${i}`);

function text(lines: readonly string[]): string {
  return lines.join("\n");
}

const cases: readonly (readonly [
  title: string,
  from: readonly string[],
  to: readonly string[],
  diff: string,
])[] = [
  ["nothing", ten, ten, ""],
  [
    "a changed line, with three lines around it",
    ten,
    ten.with(5, "other"),
    "@@ -3,7 +3,7 @@\n line 2\n line 3\n line 4\n-line 5\n+other\n line 6\n line 7\n line 8\n",
  ],
  [
    "a line at the start that is gone",
    ten,
    ten.slice(1),
    "@@ -1,4 +1,3 @@\n-line 0\n line 1\n line 2\n line 3\n",
  ],
  [
    "lines at the end that are new",
    ten,
    [...ten, "a", "b"],
    "@@ -8,3 +8,5 @@\n line 7\n line 8\n line 9\n+a\n+b\n",
  ],
  [
    "changes that are near each other",
    ten,
    ten.with(1, "x").with(8, "y"),
    "@@ -1,10 +1,10 @@\n line 0\n-line 1\n+x\n line 2\n line 3\n line 4\n line 5\n line 6\n line 7\n-line 8\n+y\n line 9\n",
  ],
  ["one line for another", ["a"], ["b"], "@@ -1 +1 @@\n-a\n+b\n"],
];

describe("a unified diff", () => {
  for (const [title, from, to, diff] of cases)
    it(`tells of ${title}`, () => assert.equal(unifiedDiff(text(from), text(to)), diff));

  it("has a hunk for each change that is far from others", () => {
    const hundred = Array.from({ length: 100 }, (_, i) => `line ${i}`);
    const diff = unifiedDiff(text(hundred), text(hundred.with(10, "x").with(90, "y")));
    assert.deepEqual(diff.match(/^@@.*@@$/gm), ["@@ -8,7 +8,7 @@", "@@ -88,7 +88,7 @@"]);
  });

  it("does not begin a block with a line that is all over a long text", () => {
    const long = Array.from({ length: 250 }, (_, i) => (i % 2 === 0 ? "}" : `line ${i}`));
    const diff = unifiedDiff(text(long), text(["}", ...long]));
    assert.equal(diff, "@@ -1,3 +1,4 @@\n+}\n }\n line 1\n }\n");
  });
});
