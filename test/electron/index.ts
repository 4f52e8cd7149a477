// Runs inside the extension host: mocha over the suites beside this file. VS Code calls run().
import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";
import { ResultReporter } from "../support/resultReporter.ts";

/** The first test may have to wait for a cold extension host. */
const testTimeoutMs = 30_000;

/** Runs every suite. @throws Error if a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ timeout: testTimeoutMs, color: false, reporter: ResultReporter });
  const suites = join(__dirname, "suite");
  for (const file of readdirSync(suites).sort())
    if (file.endsWith(".test.cjs")) mocha.addFile(join(suites, file));
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
