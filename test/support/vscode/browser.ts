// A headless browser for the workbench.
import process from "node:process";
import { type Browser, chromium, type Page } from "playwright-core";
import { findChromium } from "./chromium.ts";
import { isNoise } from "./noise.ts";

/** Runs as root and in containers, with little shared memory and no graphics card, and offline. */
const launchArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

const viewport = { width: 1280, height: 800 };

/** A page with a browser of its own. */
export interface BrowserPage {
  readonly page: Page;
  /** What the page wrote to its console so far, without the noise of the workbench. */
  readonly consoleLines: readonly string[];
  close(): Promise<void>;
}

/** How to open a page. */
export interface BrowserOptions {
  /** BCP 47, such as "ko"; the workbench takes its language from it. */
  readonly locale?: string;
}

/** Starts a browser with one empty page. */
export async function openBrowser(options: BrowserOptions = {}): Promise<BrowserPage> {
  const { executablePath, env } = await findChromium();
  const browser = await chromium.launch({
    executablePath,
    args: launchArguments,
    env: { ...definedEnvironment(), ...env },
  });
  try {
    const page = await browser.newPage({
      viewport,
      locale: options.locale ?? "en-US",
      reducedMotion: "reduce",
    });
    return { page, consoleLines: collectConsole(page), close: () => browser.close() };
  } catch (error) {
    await closeQuietly(browser, error);
    throw error;
  }
}

function collectConsole(page: Page): readonly string[] {
  const lines: string[] = [];
  page.on("console", (message) => {
    if (!isNoise(message.text())) lines.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => lines.push(`uncaught: ${error.stack ?? error.message}`));
  return lines;
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => !!entry[1]));
}

async function closeQuietly(browser: Browser, cause: unknown): Promise<void> {
  await browser.close().catch((error: unknown) => {
    throw new AggregateError([cause, error], "The browser neither opens a page nor closes.");
  });
}
