// VS Code's server: the extension host, and the workbench for a browser.
import { execFile } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { withoutNoise } from "./noise.ts";
import { spawnGroup, stopGroup } from "./processGroup.ts";
import type { Profile } from "./profile.ts";
import { ensureToolchain } from "./toolchain.ts";

const startTimeoutMs = 60_000;
const pollMs = 50;

/** How to start a server. */
export interface ServerOptions {
  readonly profile: Profile;
  /** Lets pages ask for a development extension and its tests; also hides notification toasts. */
  readonly forExtensionTests?: boolean;
  /** A secret that the first request has to carry; without it, anyone on this machine may connect. */
  readonly connectionToken?: string;
  /** A fixed port; without it, a free one. */
  readonly port?: number;
  /** Asks before running a folder's content (restricted mode). */
  readonly workspaceTrust?: boolean;
  /** More environment for the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running server. */
export interface Server {
  readonly port: number;
  /** `http://localhost:PORT`: by this name, for webviews need a secure context. */
  readonly origin: string;
  /** Whether it serves the workbench right now. */
  isServing(): Promise<boolean>;
  /** Everything the server wrote to its log so far. */
  log(): string;
  stop(): Promise<void>;
}

/**
 * Starts a server and waits until it serves.
 * @throws Error with the server's log if it ends or stays silent for a minute.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { serverMain } = await ensureToolchain();
  const logFile = join(options.profile.folder, "server.log");
  const output = openSync(logFile, "w");
  const child = spawnGroup(process.execPath, [serverMain, ...serverArguments(options)], {
    cwd: options.profile.folder,
    env: { ...environment(options.profile), ...options.env },
    stdio: ["ignore", output, output],
  });
  closeSync(output);

  const log = () => withoutNoise(readFileSync(logFile, "utf8"));
  const deadline = Date.now() + startTimeoutMs;
  let port = listeningPort(log());
  while (port === undefined || !(await isServing(port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stopGroup(child);
      throw new Error(`VS Code's server doesn't start:\n${log()}`);
    }
    await delay(pollMs);
    port = listeningPort(log());
  }
  const served = port;
  return {
    port: served,
    origin: `http://localhost:${served}`,
    isServing: () => isServing(served),
    log,
    stop: () => stopGroup(child),
  };
}

/** Installs a packed extension into the profile. */
export async function installExtension(profile: Profile, vsix: string): Promise<void> {
  const { serverMain } = await ensureToolchain();
  const args = [serverMain, "--install-extension", vsix, "--force", ...folderArguments(profile)];
  const env = environment(profile);
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
      if (!error && stdout.includes("was successfully installed")) resolve();
      else reject(new Error(`${vsix} can't be installed:\n${withoutNoise(stdout + stderr)}`));
    });
  });
}

function serverArguments(options: ServerOptions): string[] {
  return [
    ...["--host", "127.0.0.1", "--port", String(options.port ?? 0)],
    ...(options.connectionToken
      ? ["--connection-token", options.connectionToken]
      : ["--without-connection-token"]),
    "--accept-server-license-terms",
    "--disable-telemetry",
    "--disable-experiments",
    ...(options.workspaceTrust ? [] : ["--disable-workspace-trust"]),
    ...(options.forExtensionTests ? ["--enable-smoke-test-driver"] : []),
    ...folderArguments(options.profile),
  ];
}

function folderArguments({ serverData, userData, extensions }: Profile): string[] {
  return [
    ...["--server-data-dir", serverData],
    ...["--user-data-dir", userData],
    ...["--extensions-dir", extensions],
  ];
}

/**
 * Our environment without what a surrounding VS Code, Electron or desktop session put into it: the
 * server would take it for its own, and hand it on to the extension host.
 */
function environment(profile: Profile): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|XDG_RUNTIME_DIR$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), TMPDIR: profile.temporary };
}

function listeningPort(log: string): number | undefined {
  const port = /Extension host agent listening on (\d+)/.exec(log)?.[1];
  return port === undefined ? undefined : Number(port);
}

async function isServing(port: number): Promise<boolean> {
  try {
    const { ok } = await fetch(`http://127.0.0.1:${port}/version`);
    return ok;
  } catch {
    return false;
  }
}
