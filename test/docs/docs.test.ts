// The documentation's own examples do what its pages say; README.md is the table of what was checked.
// UPDATE=1 writes the table.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { playScenario } from "../support/scenario/playScenario.ts";
import { readScenarios, type ScenarioText } from "../support/scenario/scenarioText.ts";

const folder = new URL("./", import.meta.url);
const table = new URL("README.md", folder);
const files = readdirSync(folder).filter((file) => file.endsWith(".txt"));
const scenariosOf = (file: string) => readScenarios(readFileSync(new URL(file, folder), "utf8"));

describe("the documentation's examples", () => {
  for (const file of files)
    for (const scenario of scenariosOf(file)) it(scenario.claim, () => playScenario(scenario));

  it("are all in the table", () => {
    const text = tableOf(files.flatMap(scenariosOf));
    if (process.env.UPDATE) writeFileSync(table, text);
    assert.equal(existsSync(table) ? readFileSync(table, "utf8") : "", text);
  });
});

function tableOf(scenarios: readonly ScenarioText[]): string {
  const rows = scenarios.map(({ claim, source }) => {
    const [page = "", examples = ""] = source.split(/: (.*)/s);
    return `| ${page} | ${examples} | ${claim} |`;
  });
  const head = [
    "# The documentation's examples",
    "",
    "Manifests of kubernetes.io/docs (CC BY 4.0, by The Kubernetes Authors), shortened where nothing depends",
    "on it, each applied to a cluster, and what its page states checked.",
    "",
    "| page | examples | what was checked |",
    "| --- | --- | --- |",
  ];
  return `${[...head, ...rows].join("\n")}\n`;
}
