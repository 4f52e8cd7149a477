// Runs tests inside the extension host of a server, with a headless page as its window.
import { existsSync } from "node:fs";
import { format } from "node:util";
import type { Page } from "playwright-core";
import { openBrowser } from "./browser.ts";
import { isNoise } from "./noise.ts";
import type { Profile } from "./profile.ts";
import { startServer } from "./server.ts";

/** One run of tests in an extension host. */
export interface ExtensionTestRun {
  readonly profile: Profile;
  /** The folder of the extension under development, with its package.json. */
  readonly developmentPath: string;
  /** The module whose `run()` runs the tests; `.js` may be left out. */
  readonly testsPath: string;
  /** The workspace; without it, an empty window. */
  readonly folder?: string;
  /** "web" loads the extension's `browser` entry in a Web Worker. */
  readonly kind?: "web";
  readonly disableExtensions?: boolean;
  readonly workspaceTrust?: boolean;
  readonly locale?: string;
}

/** What the window's log is written to. */
type Write = (line: string) => void;

/** Runs the tests and resolves to their exit code: 0 if `run()` fulfilled, 1 if it was rejected. */
export async function runExtensionTests(run: ExtensionTestRun, write: Write): Promise<number> {
  const server = await startServer({
    profile: run.profile,
    forExtensionTests: true,
    workspaceTrust: run.workspaceTrust ?? false,
  });
  const browser = await openBrowser(run.locale ? { locale: run.locale } : {});
  try {
    return await exitCodeOf(browser.page, windowAddress(server.origin, run), write);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Opens the window and waits for what its test driver reports. */
async function exitCodeOf(page: Page, address: string, write: Write): Promise<number> {
  await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => {
    const line = format(...args);
    if (!isNoise(line)) write(line);
  });
  let report = (_exitCode: number) => {};
  const reported = new Promise<number>((resolve) => {
    report = resolve;
  });
  await page.exposeFunction("codeAutomationExit", report);
  page.on("crash", () => report(1));
  await page.goto(address);
  return reported;
}

/** The workbench takes its startup options as a list of pairs in the address. */
function windowAddress(origin: string, run: ExtensionTestRun): string {
  const remote = (path: string) => `vscode-remote://${new URL(origin).host}${path}`;
  const payload = [
    ["extensionDevelopmentPath", remote(run.developmentPath)],
    ["extensionTestsPath", remote(moduleFile(run.testsPath))],
    ["skipWelcome", "true"],
    ...(run.kind ? [["extensionDevelopmentKind", run.kind]] : []),
    ...(run.disableExtensions ? [["disableExtensions", "true"]] : []),
  ];
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  if (run.folder) query.set("folder", run.folder);
  return `${origin}/?${query}`;
}

function moduleFile(path: string): string {
  return existsSync(path) || !existsSync(`${path}.js`) ? path : `${path}.js`;
}
