// How a second window finds the first one's door: a small file beside the store that only its owner may
// read, written while the door is open. Who finds none asks for it with another.
import { existsSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Disposable, disposable } from "../../base/disposable.ts";
import { type Millis, second } from "../../base/time.ts";
import type { TlsIdentity } from "./nodeFetch.ts";

/** How to reach the cluster as its administrator. */
export interface Endpoint extends TlsIdentity {
  /** "https://127.0.0.1:6443". */
  readonly url: string;
}

const endpointName = "endpoint.json";
const wantedName = "endpoint.wanted";

const patienceMs: Millis = 2 * second;
const pollMs: Millis = 50;

export function publishEndpoint(folder: string, endpoint: Endpoint): void {
  const path = join(folder, endpointName);
  writeFileSync(`${path}.partial`, JSON.stringify(endpoint), { mode: 0o600 });
  renameSync(`${path}.partial`, path);
  rmSync(join(folder, wantedName), { force: true });
}

/** Removes what a window that died, or this one, has left. */
export function withdrawEndpoint(folder: string): void {
  for (const name of [endpointName, wantedName]) rmSync(join(folder, name), { force: true });
}

/** Calls `open` when another window looks for the door. */
export function onEndpointWanted(folder: string, open: () => void): Disposable {
  const look = (): void => {
    if (existsSync(join(folder, wantedName))) open();
  };
  const watcher = watch(folder, { persistent: false }, look);
  // A folder that can no longer be watched only costs a second window its view.
  watcher.on("error", () => watcher.close());
  look();
  return disposable(() => watcher.close());
}

/** Asks for the door and waits until it is open. @returns undefined if nobody opens it */
export async function findEndpoint(folder: string): Promise<Endpoint | undefined> {
  const wanted = join(folder, wantedName);
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const found = readEndpoint(folder);
    if (found) return found;
    if (!existsSync(wanted)) writeFileSync(wanted, "", { mode: 0o600 });
    await sleep(pollMs);
  }
  return undefined;
}

function readEndpoint(folder: string): Endpoint | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, endpointName), "utf8")) as Endpoint;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
