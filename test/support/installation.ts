// Installs a locked set of npm packages into .vscode-test/, once for each content of its lock file.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { cacheFolder } from "./vscode/paths.ts";
import { progress, step } from "./vscode/report.ts";

/** What of npm's output says why an installation failed. */
const outputLimitBytes = 16 * 1024 * 1024;

/** A set of packages. */
export interface Installation {
  /** Names the folder. */
  readonly name: string;
  /** Where its package.json and package-lock.json are. */
  readonly manifestFolder: string;
  /** What is told while it is installed. */
  readonly announcement: string;
  /** Goes on once the packages are there, in the folder that will be moved to its place. */
  complete(folder: string): Promise<void>;
}

/**
 * Returns the folder of an installation, making it first where it is missing. It is made in a folder
 * of its own and renamed when it is complete, so an interrupted or a simultaneous one does no harm.
 */
export async function ensureInstallation(installation: Installation): Promise<string> {
  const { name, manifestFolder } = installation;
  const folder = join(cacheFolder, `${name}-${lockDigest(manifestFolder)}`);
  if (!existsSync(folder)) await install(installation, folder);
  return folder;
}

function lockDigest(manifestFolder: string): string {
  const lock = readFileSync(join(manifestFolder, "package-lock.json"));
  return createHash("sha256").update(lock).digest("hex").slice(0, 12);
}

async function install(
  { manifestFolder, announcement, complete }: Installation,
  folder: string,
): Promise<void> {
  removeAbandoned();
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    cpSync(join(manifestFolder, file), join(partial, file));
  step(announcement);
  const stop = progress();
  try {
    await npm(partial, "ci", "--legacy-peer-deps");
    await complete(partial);
  } finally {
    stop();
  }
  moveIntoPlace(partial, folder);
}

/** Native modules stay unbuilt: nothing here needs them, and no compiler is needed. */
export function npm(folder: string, ...args: readonly string[]): Promise<void> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}`;
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
  return new Promise((resolve, reject) => {
    execFile(
      "npm",
      [...args, ...flags],
      { cwd: folder, env: { ...process.env, PATH: path }, maxBuffer: outputLimitBytes },
      (error, stdout, stderr) => {
        if (!error) resolve();
        else reject(new Error(`npm ${args.join(" ")} failed in ${folder}\n${stdout}${stderr}`));
      },
    );
  });
}

/** Moves a finished folder to its name, unless another process was faster. */
export function moveIntoPlace(partial: string, folder: string): void {
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Removes what installations left whose process is gone. */
function removeAbandoned(): void {
  if (!existsSync(cacheFolder)) return;
  for (const name of readdirSync(cacheFolder)) {
    const owner = /\.partial-(\d+)$/.exec(name)?.[1];
    if (owner && !isAlive(Number(owner)))
      rmSync(join(cacheFolder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
