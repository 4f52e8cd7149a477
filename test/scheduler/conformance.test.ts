// Answers of the real kube-scheduler 1.34, case by case. The format is described beside the data.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { runSchedulerConformance } from "../../src/cli/conformanceScheduler.ts";

const folder = new URL("../conformance/scheduler/", import.meta.url);
const suffix = ".jsonl.gz";
const areas = readdirSync(folder)
  .filter((file) => file.endsWith(suffix))
  .map((file) => file.slice(0, -suffix.length));

describe("the scheduler answers as kube-scheduler 1.34", () => {
  const table: string[] = [];

  for (const area of areas)
    it(`in the area ${area}`, () => {
      const file = readFileSync(new URL(area + suffix, folder));
      const lines = gunzipSync(file).toString().split("\n");
      const { passed, failed, failures } = runSchedulerConformance(lines);
      table.push(`${area.padEnd(14)}${String(passed).padStart(4)} of ${passed + failed}`);
      const differences = failures.map(({ name, difference }) => `${name}${difference}`);
      assert.deepEqual(differences.slice(0, 10), []);
      assert.ok(passed > 0);
    }).timeout(60_000);

  after(() => process.stdout.write(`\n    ${table.join("\n    ")}\n`));
});
