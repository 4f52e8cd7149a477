// Every recorded answer of the real kube-apiserver to a manifest, against ours.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { runValidationConformance, type Tally } from "../../src/cli/conformanceValidation.ts";

const folder = new URL("../conformance/validation/", import.meta.url);
/** Ids of cases that do not pass yet, one a line. */
const open = new URL("open.txt", folder);

describe("recordings of the API server's validation", function () {
  this.timeout(60_000);

  it("pass, but for the ones known to be open", () => {
    const recordings = gunzipSync(readFileSync(new URL("cases.jsonl.gz", folder)));
    const lines = recordings.toString("utf8").split("\n");
    const { passed, failures, table } = runValidationConformance(lines);
    const known = existsSync(open) ? readFileSync(open, "utf8").split("\n").filter(Boolean) : [];
    const differences = failures.filter(({ id }) => !known.includes(id));
    assert.deepEqual(
      failures.map(({ id }) => id).sort(),
      known.sort(),
      differences.map(({ id, difference }) => `${id} ${difference}`).join("\n"),
    );
    print(table, passed, failures.length);
  });
});

function print(table: ReadonlyMap<string, Tally>, passed: number, failed: number): void {
  const rows = [...table].sort(([a], [b]) => a.localeCompare(b));
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, tally] of rows)
    process.stdout.write(`      ${name.padEnd(width)} ${tally.passed}/${tally.total}\n`);
  process.stdout.write(`      ${passed} files pass, ${failed} do not\n`);
}
