// Opens the packed extension in a VS Code with a throw-away profile and workspace: the desktop's
// VS Code if there is one or one can be fetched, else VS Code in the browser.
// Options: --browser skips the desktop; --check verifies and ends at once; --port N for the browser.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { findDesktop } from "../test/support/vscode/desktop.ts";
import { root, temporaryFolder, vsixFile } from "../test/support/vscode/paths.ts";
import { createProfile } from "../test/support/vscode/profile.ts";
import { step } from "../test/support/vscode/report.ts";
import { checkBrowser, openInBrowser } from "./openInBrowser.ts";
import { openOnDesktop } from "./openOnDesktop.ts";

const { values: options } = parseArgs({
  options: {
    browser: { type: "boolean", default: false },
    check: { type: "boolean", default: process.env.START_CHECK === "1" },
    port: { type: "string" },
  },
});

const temporary = temporaryFolder("start");
const workspace = join(temporary, "examples");
cpSync(join(root, "examples"), workspace, { recursive: true });
const profile = createProfile({ "workbench.startupEditor": "readme", "git.enabled": true });
step(
  "Your own settings, extensions and files stay untouched: profile and workspace are temporary.",
);

const interrupted = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
});

try {
  const desktop = options.browser
    ? { reason: "the browser was asked for" }
    : await findDesktop(profile);
  if ("command" in desktop) {
    const window = { desktop, profile, workspace, vsix: vsixFile, checkOnly: options.check };
    await openOnDesktop(window, interrupted);
  } else {
    step(`VS Code opens in the browser, for ${desktop.reason}.`);
    const port = options.port === undefined ? {} : { port: Number(options.port) };
    const session = await openInBrowser({ profile, workspace, vsix: vsixFile, ...port });
    try {
      if (options.check) await checkBrowser(session, profile);
      else await interrupted;
    } finally {
      await session.server.stop();
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  profile.remove();
  rmSync(temporary, { recursive: true, force: true });
}
