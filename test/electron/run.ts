// Starts a VS Code with the built extension and runs test/electron/suite inside its extension host.
// Usage: node test/electron/run.ts, after node esbuild.mjs --tests
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { runTests } from "@vscode/test-electron";
import { findVscode } from "../support/vscode/executable.ts";
import { root, temporaryFolder } from "../support/vscode/paths.ts";
import { createProfile } from "../support/vscode/profile.ts";

const vscodeExecutablePath = await findVscode();
/** What is typed stays unsaved; VS Code in a browser would save it by itself. */
const profile = createProfile({ "files.autoSave": "off" });
const workspace = temporaryFolder("workspace");
cpSync(join(root, "examples"), workspace, { recursive: true });
try {
  await runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: root,
    extensionTestsPath: join(root, "dist-test/index.cjs"),
    launchArgs: [
      workspace,
      `--user-data-dir=${profile.userData}`,
      `--extensions-dir=${profile.extensions}`,
    ],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  profile.remove();
  rmSync(workspace, { recursive: true, force: true });
}
