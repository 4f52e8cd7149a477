// How a second window finds the first one's door: a small file beside the store that only its owner may
// read, written while the door is open. Who finds none asks for it with another.
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
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

/** A folder of its own, beside the store: watching the store's would mean to hear of every write. */
const folderName = "door";
const endpointName = "endpoint.json";
const wantedName = "wanted";

const patienceMs: Millis = 2 * second;
const pollMs: Millis = 50;

/** Where the endpoint of the cluster in `data` is written while its door is open. */
export function endpointPath(data: string): string {
  return join(data, folderName, endpointName);
}

function wantedPath(data: string): string {
  return join(data, folderName, wantedName);
}

export function publishEndpoint(data: string, endpoint: Endpoint): void {
  const path = endpointPath(data);
  writeFileSync(`${path}.partial`, JSON.stringify(endpoint), { mode: 0o600 });
  renameSync(`${path}.partial`, path);
  rmSync(wantedPath(data), { force: true });
}

/** Removes what a window that died, or this one, has left. */
export function withdrawEndpoint(data: string): void {
  for (const path of [endpointPath(data), wantedPath(data)]) rmSync(path, { force: true });
}

/** Calls `open` when another window looks for the door. */
export function onEndpointWanted(data: string, open: () => void): Disposable {
  const folder = join(data, folderName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const look = (): void => {
    if (existsSync(wantedPath(data))) open();
  };
  const watcher = watch(folder, { persistent: false }, look);
  // A folder that can no longer be watched only costs a second window its view.
  watcher.on("error", () => watcher.close());
  look();
  return disposable(() => watcher.close());
}

/** Asks for the door and waits until it is open. @returns undefined if nobody opens it */
export async function findEndpoint(data: string): Promise<Endpoint | undefined> {
  const wanted = wantedPath(data);
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const found = readEndpoint(data);
    if (found) return found;
    if (existsSync(join(data, folderName)) && !existsSync(wanted))
      writeFileSync(wanted, "", { mode: 0o600 });
    await sleep(pollMs);
  }
  return undefined;
}

function readEndpoint(data: string): Endpoint | undefined {
  try {
    return JSON.parse(readFileSync(endpointPath(data), "utf8")) as Endpoint;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
