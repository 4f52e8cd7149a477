// Installs the development dependencies where they are missing or differ from package-lock.json.
// Everything here runs on Node 20 with nothing installed: only Node's own modules are imported.
// Usage: node scripts/install.mjs
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

const windows = process.platform === "win32";

/** The Node 24 of the `node` development dependency: the version that VS Code runs extensions on. */
export const node24 = join(root, "node_modules/node/bin", windows ? "node.exe" : "node");

const oldestNode = 20;

/**
 * Makes `node_modules` complete. Packages don't get to run scripts of their own at installation;
 * only `node` does, whose script fetches the binary for this platform.
 */
export async function ensureInstalled() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < oldestNode)
    throw new Error(`Node ${oldestNode} or newer is needed, this is ${process.versions.node}.`);
  if (!isCurrent()) {
    console.log("▸ Installing the development dependencies (npm ci, about half a minute) …");
    await runNpm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]);
  }
  if (!answersVersion(node24)) {
    console.log("▸ Fetching Node 24, the version that VS Code runs extensions on …");
    await runNpm(["rebuild", "node", "--foreground-scripts", "--loglevel", "error"]);
    if (!answersVersion(node24)) throw new Error(`${node24} still doesn't run.`);
  }
}

/**
 * Compares what the lock file asks for with npm's own record of what is in node_modules, which it
 * writes last: an interrupted installation isn't taken for a whole one. Packages for other
 * platforms are optional and may be missing.
 */
function isCurrent() {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const installed = packagesIn(record);
  return Object.entries(packagesIn(join(root, "package-lock.json"))).every(
    ([path, { version, optional }]) =>
      path === "" || optional || installed[path]?.version === version,
  );
}

function packagesIn(lockFile) {
  return JSON.parse(readFileSync(lockFile, "utf8")).packages;
}

function answersVersion(executable) {
  return existsSync(executable) && spawnSync(executable, ["--version"]).status === 0;
}

/**
 * Runs a command in the project's root and resolves to its exit code. Ctrl+C reaches the child from
 * the terminal; the parent only waits for it to end.
 */
export function exitCodeOf(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      ...options,
      env: { ...environment(), ...options.env },
    });
    const forward = (signal) => child.kill(signal);
    const wait = () => {};
    process.on("SIGTERM", forward);
    process.on("SIGINT", wait);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      process.off("SIGTERM", forward);
      process.off("SIGINT", wait);
      resolve(code ?? (signal === "SIGINT" ? 130 : 1));
    });
  });
}

/** The environment with Node 24 and the installed commands first on PATH. */
function environment() {
  const first = join(root, "node_modules/.bin");
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return { ...process.env, [key]: `${first}${delimiter}${process.env[key] ?? ""}` };
}

async function runNpm(args) {
  const code = await exitCodeOf(windows ? "npm.cmd" : "npm", args, { shell: windows });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} ended with ${code}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await ensureInstalled();
