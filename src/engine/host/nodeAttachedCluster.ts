// A cluster that another window of this user runs: this one is a client of its API.
import { dirname } from "node:path";
import { apiErrors } from "../../api/apiErrorCodec.ts";
import { Emitter } from "../../base/emitter.ts";
import type { Remote } from "../../base/rpc.ts";
import type { EmbeddedCluster, StopReason } from "../../client/embeddedCluster.ts";
import type { EngineContract } from "../../client/engineContract.ts";
import { HttpClient } from "../../client/httpClient.ts";
import { connectOverHttp } from "../../client/httpRemote.ts";
import { PortCluster } from "../../client/portCluster.ts";
import { findEndpoint } from "./nodeEndpoint.ts";
import { nodeFetch } from "./nodeFetch.ts";

export interface AttachOptions {
  readonly name: string;
  /** The store that the other window has open. */
  readonly storagePath: string;
}

/** @returns undefined if the other window lets nobody in, e.g. because it is about to close */
export async function attachToCluster({
  name,
  storagePath,
}: AttachOptions): Promise<EmbeddedCluster | undefined> {
  const endpoint = await findEndpoint(dirname(storagePath));
  if (!endpoint) return undefined;
  const server = { url: endpoint.url, fetch: nodeFetch(endpoint) };
  const remote = connectOverHttp(server, apiErrors);
  const cluster = await reached(name, remote);
  if (!cluster) return undefined;
  const stopped = new Emitter<StopReason>();
  let over = false;
  const leave = (): void => {
    over = true;
    cluster.dispose();
    remote.dispose();
  };
  void follow(remote).then(() => {
    if (over) return;
    leave();
    stopped.fire({ type: "left" });
  });
  return {
    name,
    client: new HttpClient(server),
    timeline: cluster.timeline,
    simulator: cluster.simulator,
    isOwn: false,
    onDidStop: stopped.event,
    onDidSetAside: new Emitter<{ path: string; reason: string }>().event,
    close: async () => leave(),
    dispose: leave,
  };
}

async function reached(
  name: string,
  remote: Remote<EngineContract>,
): Promise<PortCluster | undefined> {
  try {
    return await PortCluster.open(name, remote);
  } catch {
    // The door was shut in the moment in which it was found.
    remote.dispose();
    return undefined;
  }
}

/** Resolves when the other window is gone. */
async function follow(remote: Remote<EngineContract>): Promise<void> {
  try {
    for await (const _ of remote.stream("statuses", []));
  } catch {
    // However the connection ended, it is over.
  }
}
