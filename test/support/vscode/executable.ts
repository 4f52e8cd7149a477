// Which VS Code runs the tests: a named one, a downloaded one, or code-server in its place.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { downloadAndUnzipVSCode, SilentReporter } from "@vscode/test-electron";
import { cacheFolder, root } from "./paths.ts";
import { progress, step } from "./report.ts";

const releasesAddress = "https://update.code.visualstudio.com/api/releases/stable?released=true";
const reachTimeoutMs = 5_000;
const downloadIdleTimeoutMs = 15_000;

/** Behaves like the desktop's executable towards @vscode/test-electron, without a desktop. */
const codeServerCommand = join(import.meta.dirname, "code.sh");

/**
 * Finds an executable for @vscode/test-electron's `runTests`: $VSCODE_EXECUTABLE, a download where
 * there is a screen to show it on and a network to fetch it from, else code-server's stand-in.
 */
export async function findVscode(): Promise<string> {
  const named = process.env.VSCODE_EXECUTABLE;
  if (named) return named;
  const downloaded = await downloadVscode();
  if ("executable" in downloaded) return downloaded.executable;
  step(`Testing with code-server, for ${downloaded.reason}.`);
  return codeServerCommand;
}

/** A downloaded VS Code, or why there is none. */
export type Download = { readonly executable: string } | { readonly reason: string };

/** Downloads VS Code into .vscode-test/ ($VSCODE_VERSION or the newest), unless it is there already. */
export async function downloadVscode(): Promise<Download> {
  if (!hasScreen()) return { reason: "there is no screen to show the desktop's VS Code on" };
  const unreachable = await whyUnreachable();
  if (unreachable) return { reason: `VS Code's download can't be reached (${unreachable})` };
  step("Fetching VS Code …");
  const stop = progress();
  try {
    const executable = await downloadAndUnzipVSCode({
      version: process.env.VSCODE_VERSION ?? "stable",
      cachePath: cacheFolder,
      extensionDevelopmentPath: root,
      timeout: downloadIdleTimeoutMs,
      reporter: new SilentReporter(),
    });
    return { executable };
  } catch (error) {
    return { reason: `VS Code's download failed (${message(error)})` };
  } finally {
    stop();
  }
}

/** Whether a desktop application could open a window. */
export function hasScreen(): boolean {
  if (process.platform !== "linux") return true;
  return Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/** The oldest version of VS Code that the extension's manifest admits, such as [1, 125]. */
export function oldestVscode(): readonly [major: number, minor: number] {
  const manifest: { engines: { vscode: string } } = JSON.parse(
    readFileSync(join(root, "package.json"), "utf8"),
  );
  const [major = 0, minor = 0] = (manifest.engines.vscode.match(/\d+/g) ?? []).map(Number);
  return [major, minor];
}

async function whyUnreachable(): Promise<string | undefined> {
  try {
    const { ok, status } = await fetch(releasesAddress, {
      signal: AbortSignal.timeout(reachTimeoutMs),
    });
    return ok ? undefined : `it answers ${status}`;
  } catch (error) {
    return message(error instanceof Error && error.cause ? error.cause : error);
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
