// Plays a scenario: carries out each block's commands, and asks after its facts.
import assert from "node:assert/strict";
import { checkFact } from "./facts.ts";
import type { ScenarioText } from "./scenarioText.ts";
import { Stage } from "./stage.ts";

/** @throws AssertionError with every fact that is otherwise */
export function playScenario({ blocks }: ScenarioText, folder?: URL): void {
  const [head] = blocks[0]?.commands ?? [];
  const machines = head?.text === "nodes" ? { machines: head.below } : {};
  const stage = new Stage({ ...machines, ...(folder ? { folder } : {}) });
  const failures: string[] = [];
  for (const { commands, facts } of blocks) {
    const since = stage.now;
    for (const line of commands) if (line.text !== "nodes") stage.do(line);
    for (const line of facts) {
      const failure = checkFact(stage, line, since);
      if (failure !== undefined) failures.push(`line ${line.number}: ${line.text}\n    ${failure}`);
    }
    for (const refusal of stage.refusals) failures.push(`refused: ${refusal}`);
    stage.refusals = [];
  }
  assert.ok(failures.length === 0, `\n  ${failures.join("\n  ")}`);
}
