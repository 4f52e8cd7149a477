// Mocha's "spec" report on the terminal, and the counts in a file for whoever started the run.
import { writeFileSync } from "node:fs";
import process from "node:process";
import Mocha from "mocha";

/** What a run came to. A skipped test counts as failed: here tests run or are removed. */
export interface TestResult {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
}

/** Writes a {@link TestResult} as JSON to the file named by $TEST_RESULT_FILE, if it is set. */
export class ResultReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    let passed = 0;
    const failures: { title: string; message: string }[] = [];
    runner.on("pass", () => {
      passed += 1;
    });
    runner.on("fail", (test, error) => {
      failures.push({ title: test.fullTitle(), message: error.stack ?? error.message });
    });
    runner.on("pending", (test) => {
      failures.push({ title: test.fullTitle(), message: "skipped" });
    });
    runner.once("end", () => writeResult({ passed, failed: failures.length, failures }));
  }
}

function writeResult(result: TestResult): void {
  const file = process.env.TEST_RESULT_FILE;
  if (file) writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
