// Gives a suite a workbench of its own.
import { Workbench, type WorkbenchOptions } from "./workbench.ts";

/** Long enough for the first installation of the toolchain. */
const openTimeoutMs = 300_000;

/**
 * Opens a workbench before the suite's first test and closes it after the last. A test that fails
 * leaves a picture of the window in out/screenshots/.
 * @returns the workbench, for use within tests.
 */
export function useWorkbench(options: WorkbenchOptions = {}): () => Workbench {
  let opened: Workbench | undefined;
  const workbench = () => {
    if (!opened) throw new Error("The workbench is open only while tests run.");
    return opened;
  };

  before(async function () {
    this.timeout(openTimeoutMs);
    opened = await Workbench.open(options);
  });
  afterEach(async function () {
    if (this.currentTest?.state !== "failed") return;
    const name = this.currentTest.fullTitle().replace(/\W+/g, "-");
    console.log(`  see ${await workbench().screenshot(`failed-${name}`)}`);
    for (const line of workbench().consoleLines.slice(-20)) console.log(`  | ${line}`);
  });
  after(async () => {
    await opened?.close();
    opened = undefined;
  });
  return workbench;
}
