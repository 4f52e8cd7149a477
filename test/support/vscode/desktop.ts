// A VS Code for the desktop: the `code` command on PATH, or a downloaded one.
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { resolveCliPathFromVSCodeExecutablePath } from "@vscode/test-electron";
import { downloadVscode, hasScreen, oldestVscode } from "./executable.ts";
import type { Profile } from "./profile.ts";
import { step } from "./report.ts";

const answerTimeoutMs = 60_000;

/** A `code` command that opens windows. */
export interface Desktop {
  readonly command: string;
  readonly version: string;
  /** Arguments that keep it away from the user's own settings and extensions. */
  profileArguments(profile: Profile): readonly string[];
}

/** Finds a desktop VS Code that is new enough, or says why there is none. */
export async function findDesktop(
  profile: Profile,
): Promise<Desktop | { readonly reason: string }> {
  if (!hasScreen()) return { reason: "there is no screen to show the desktop's VS Code on" };
  const installed = await installedDesktop(profile);
  if ("command" in installed) return installed;
  step(`A VS Code of our own is needed, for ${installed.reason}.`);
  const download = await downloadVscode();
  if ("reason" in download) return download;
  return asDesktop(resolveCliPathFromVSCodeExecutablePath(download.executable), profile);
}

/** Runs the command line of VS Code and returns its output. */
export async function runCode(
  desktop: Desktop,
  profile: Profile,
  args: readonly string[],
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    desktop.command,
    [...desktop.profileArguments(profile), ...args],
    { timeout: answerTimeoutMs, shell: process.platform === "win32" },
  );
  return stdout;
}

async function installedDesktop(profile: Profile): Promise<Desktop | { readonly reason: string }> {
  if (process.env.VSCODE_IPC_HOOK_CLI)
    return { reason: "the `code` of a remote window installs into that window" };
  const command = onPath(process.platform === "win32" ? "code.cmd" : "code");
  if (!command) return { reason: "there is no `code` on PATH" };
  if (command.startsWith("/mnt/"))
    return { reason: "the `code` on PATH belongs to Windows, which doesn't see our folders" };
  return asDesktop(command, profile);
}

async function asDesktop(
  command: string,
  profile: Profile,
): Promise<Desktop | { readonly reason: string }> {
  const desktop = { command, profileArguments };
  try {
    const output = await runCode({ ...desktop, version: "" }, profile, ["--version"]);
    const version = output.split("\n")[0]?.trim() ?? "";
    return isNewEnough(version)
      ? { ...desktop, version }
      : { reason: `${command} is version ${version}, and ${oldestVscode().join(".")} is needed` };
  } catch {
    return { reason: `${command} doesn't answer` };
  }
}

function profileArguments({ userData, extensions }: Profile): readonly string[] {
  const asRoot = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return ["--user-data-dir", userData, "--extensions-dir", extensions, ...asRoot];
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor, oldestMinor] = oldestVscode();
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
