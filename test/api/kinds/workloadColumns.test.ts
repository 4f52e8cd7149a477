// Columns as a kube-apiserver 1.34 declared them: [name, type, format, priority].
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { builtInKinds } from "../../../src/api/kinds/index.ts";

type RecordedColumn = readonly [name: string, type: string, format: string, priority: number];

const recorded = JSON.parse(
  readFileSync(new URL("../../conformance/wire/workloadColumns.json", import.meta.url), "utf8"),
) as Readonly<Record<string, readonly RecordedColumn[]>>;

describe("tables of workloads, policies and roles", () => {
  for (const [path, columns] of Object.entries(recorded))
    it(`${path} has the columns that were recorded`, () => {
      const kind = builtInKinds.find(
        ({ apiVersion, plural }) => `/apis/${apiVersion}/${plural}` === path,
      );
      const declared = kind?.columns.map(({ name, type, format = "", priority }) => [
        name,
        type,
        format,
        priority,
      ]);
      assert.deepEqual(declared, columns);
    });

  it("describe every column", () => {
    for (const path of Object.keys(recorded))
      for (const { apiVersion, plural, columns } of builtInKinds)
        if (`/apis/${apiVersion}/${plural}` === path)
          for (const { name, description, field } of columns)
            assert.ok(description ?? field, `${path} ${name}`);
  });
});
