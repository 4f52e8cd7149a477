// Installs code-server (VS Code's workbench and extension host as an npm package) and a packed
// Chromium into .vscode-test/, once for each content of toolchain/package-lock.json.
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
import { cacheFolder } from "./paths.ts";
import { progress, step } from "./report.ts";

const manifestFolder = join(import.meta.dirname, "toolchain");

/** What of code-server's output says why an installation failed. */
const outputLimitBytes = 16 * 1024 * 1024;

/** The installed parts, by path. */
export interface Toolchain {
  /** code-server's VS Code server; start it with Node 24. */
  readonly serverMain: string;
  /** The unpacked npm package @sparticuz/chromium. */
  readonly chromiumPackage: string;
  /** A folder beside them for what is made of them. */
  readonly folder: string;
}

/**
 * Returns the toolchain, installing it first where it is missing: 1 GB, under a minute. An
 * installation is made in a folder of its own and renamed when it is complete, so an interrupted
 * or a simultaneous one does no harm.
 */
export async function ensureToolchain(): Promise<Toolchain> {
  const folder = join(cacheFolder, `toolchain-${lockDigest()}`);
  if (!existsSync(folder)) await install(folder);
  return {
    serverMain: join(codeServer(folder), "out/server-main.js"),
    chromiumPackage: join(folder, "node_modules/@sparticuz/chromium"),
    folder,
  };
}

function lockDigest(): string {
  const lock = readFileSync(join(manifestFolder, "package-lock.json"));
  return createHash("sha256").update(lock).digest("hex").slice(0, 12);
}

function codeServer(folder: string): string {
  return join(folder, "node_modules/code-server/lib/vscode");
}

async function install(folder: string): Promise<void> {
  removeAbandoned();
  const partial = `${folder}.partial-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    cpSync(join(manifestFolder, file), join(partial, file));

  step("Installing VS Code from npm (code-server, 1 GB, once) …");
  const stop = progress();
  try {
    await npm(partial, "ci");
    await npm(codeServer(partial), "install", "--omit=dev");
    await npm(join(codeServer(partial), "extensions"), "install", "--omit=dev");
  } finally {
    stop();
  }
  moveIntoPlace(partial, folder);
}

/** Native modules stay unbuilt: the server does without them, and no compiler is needed. */
function npm(folder: string, ...args: readonly string[]): Promise<void> {
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
