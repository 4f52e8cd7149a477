// Runs the checks and the test suites one after the other and adds up their results. A check
// counts as one test. The last line is `N passed, N failed`.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "../test/support/vscode/paths.ts";
import { runCommand } from "./runCommand.ts";

const minuteMs = 60_000;
const resultFolder = join(root, "out/results");

/** One thing to run. */
interface Step {
  readonly name: string;
  /** Arguments to Node, each its own process; a step ends at the first that fails. */
  readonly commands: readonly (readonly string[])[];
  /** Suites write a result file; checks pass or fail as one. */
  readonly kind: "check" | "suite";
  readonly limitMs: number;
}

/** What a step came to. */
interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  /** Why, where the counts don't say it. */
  readonly remark?: string;
}

const mocha = ["node_modules/mocha/bin/mocha.js", "--reporter", "test/support/resultReporter.cjs"];

const steps: readonly Step[] = [
  check("style", ["node_modules/@biomejs/biome/bin/biome", "check", ".", "--colors=off"]),
  check("types", ["node_modules/typescript/bin/tsc", "-b"]),
  check("layers", [
    "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs",
    ...["--config", ".dependency-cruiser.cjs", "src"],
  ]),
  check("unused", ["node_modules/knip/bin/knip.js", "--no-progress"]),
  suite("unit", 12 * minuteMs, mocha),
  check("package", ["scripts/package.mjs"]),
  suite(
    "kubectl",
    10 * minuteMs,
    ["esbuild.mjs"],
    [...mocha, "--config", "test/kubectl/.mocharc.json"],
  ),
  suite("electron", 4 * minuteMs, ["esbuild.mjs", "--tests"], ["test/electron/run.ts"]),
  suite("ui", 6 * minuteMs, [...mocha, "--config", "test/ui/.mocharc.json"]),
];

function check(name: string, ...commands: readonly (readonly string[])[]): Step {
  return { name, commands, kind: "check", limitMs: 5 * minuteMs };
}

function suite(name: string, limitMs: number, ...commands: readonly (readonly string[])[]): Step {
  return { name, commands, kind: "suite", limitMs };
}

mkdirSync(resultFolder, { recursive: true });
const outcomes: Outcome[] = [];
for (const step of chosenSteps()) outcomes.push(await runStep(step));
report(outcomes);

function chosenSteps(): readonly Step[] {
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(`There is no step ${unknown}; there are ${steps.map(({ name }) => name)}.`);
    process.exit(2);
  }
  return names.length === 0 ? steps : steps.filter(({ name }) => names.includes(name));
}

async function runStep(step: Step): Promise<Outcome> {
  const started = Date.now();
  const resultFile = join(resultFolder, `${step.name}.json`);
  rmSync(resultFile, { force: true });
  console.log(`\n▸ ${step.name}`);
  const failure = await firstFailure(step, resultFile);
  const counts = step.kind === "suite" ? readCounts(resultFile) : undefined;
  const outcome = {
    name: step.name,
    ...settle(counts, failure),
    seconds: (Date.now() - started) / 1_000,
  };
  console.log(describe(outcome));
  return outcome;
}

/** Runs a step's commands; the first that fails says why. */
async function firstFailure(step: Step, resultFile: string): Promise<string | undefined> {
  for (const args of step.commands) {
    const failure = await runCommand(args, {
      limitMs: step.limitMs,
      env: { TEST_RESULT_FILE: resultFile },
      onlyIfFailed: step.kind === "check",
    });
    if (failure) return failure;
  }
  return undefined;
}

/** A suite that fails without a failed test, or ran no test, has failed as one. */
function settle(
  counts: { passed: number; failed: number } | undefined,
  failure: string | undefined,
): Pick<Outcome, "passed" | "failed" | "remark"> {
  if (counts && counts.failed > 0) return counts;
  const { passed, failed } = counts ?? { passed: failure ? 0 : 1, failed: 0 };
  if (failure) return { passed, failed: failed + 1, remark: failure };
  return passed > 0 ? { passed, failed } : { passed, failed: 1, remark: "it has no tests" };
}

function readCounts(resultFile: string): { passed: number; failed: number } {
  try {
    const { passed, failed } = JSON.parse(readFileSync(resultFile, "utf8"));
    return { passed, failed };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

function report(outcomes: readonly Outcome[]): void {
  const sum = (pick: (outcome: Outcome) => number) =>
    outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  console.log(`\n${outcomes.map(describe).join("\n")}`);
  console.log(`${sum((outcome) => outcome.passed)} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

function describe({ name, passed, failed, seconds, remark }: Outcome): string {
  const mark = failed === 0 ? "✔" : "✘";
  const counts = `passed: ${passed}, failed: ${failed}`;
  return `${mark} ${name.padEnd(9)} ${counts}, ${seconds.toFixed(1)} s${remark ? ` (${remark})` : ""}`;
}
