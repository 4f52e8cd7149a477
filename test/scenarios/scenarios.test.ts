// The behaviour of the real components as data: each file here tells of one of them.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { playScenario } from "../support/scenario/playScenario.ts";
import { readScenarios } from "../support/scenario/scenarioText.ts";

/** Days may pass in a scenario. */
const limitMs = 60_000;
const folder = new URL("./", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".txt"));

for (const file of files)
  describe(`scenarios of ${file.replace(".txt", "")}`, () => {
    for (const scenario of readScenarios(readFileSync(new URL(file, folder), "utf8")))
      it(scenario.claim, () => {
        assert.notEqual(scenario.source, "", "a scenario names its source");
        playScenario(scenario);
      }).timeout(limitMs);
  });
