// Connects to a Pod, or to one of those behind a Service, for a port of the user's machine.
// Source: kubectl port-forward, pkg/cmd/portforward, 1.34.
import type { ForwardTarget } from "../../../api/forwardTarget.ts";
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import { ApiError } from "../../../api/status.ts";
import type { PortConnection, PortOutput } from "../../node/portConnection.ts";
import { kubeletOf, type StreamWorld } from "./podTarget.ts";
import { serviceTarget } from "./proxyTarget.ts";

/** @returns undefined if there is no such target, or its machine does not answer */
export function forwardConnection(
  { type, namespace, name, port }: ForwardTarget,
  output: PortOutput,
  world: StreamWorld,
): PortConnection | undefined {
  try {
    const target =
      type === "service"
        ? serviceTarget({ namespace, name, port: String(port) }, world)
        : { pod: world.client.get(PodKind, { namespace, name }), port };
    return kubeletOf(target.pod, world).connect(target.pod, target.port, output);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
