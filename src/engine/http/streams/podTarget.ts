// Which container a request means, and which kubelet has it.
// Source: pkg/registry/core/pod/strategy.go LogLocation, streamLocation, validateContainer, 1.34.
import { Pod as PodKind } from "../../../api/kinds/pod/kind.ts";
import type { ObjectKey } from "../../../api/object.ts";
import { badRequestError, internalError } from "../../../api/status.ts";
import type { Pod } from "../../../api/types.ts";
import type { LocalClient } from "../../localClient.ts";
import type { SocketAddress } from "../../network/containerNetwork.ts";
import type { PortConnection, PortOutput } from "../../node/portConnection.ts";
import type { ContainerTarget, KubeletStreams } from "./kubeletStreams.ts";

export interface StreamWorld {
  /** Reads what the server itself may read. */
  readonly client: LocalClient;
  kubelet(node: string): KubeletStreams | undefined;
  /** Connects to an address of the cluster from the API server's machine. */
  dial(to: SocketAddress, output: PortOutput): PortConnection;
}

/** @throws ApiError NotFound, BadRequest */
export function containerTarget(
  key: ObjectKey,
  container: string,
  { client }: StreamWorld,
): ContainerTarget {
  const pod = client.get(PodKind, key);
  return { pod, container: chosenContainer(pod, container) };
}

/** @throws ApiError BadRequest if the Pod is on no machine, InternalError if the machine does not answer */
export function kubeletOf({ metadata, spec }: Pod, { kubelet }: StreamWorld): KubeletStreams {
  const { nodeName } = spec;
  if (!nodeName) throw badRequestError(`pod ${metadata.name} does not have a host assigned`);
  const found = kubelet(nodeName);
  if (!found?.isOn) throw internalError(`error dialing backend: ${unreachable(found, nodeName)}`);
  return found;
}

/** How Go says that a machine does not answer. */
export function unreachable(kubelet: KubeletStreams | undefined, node: string): string {
  return kubelet
    ? `dial tcp ${kubelet.address}:10250: connect: no route to host`
    : `dial tcp: lookup ${node}: no such host`;
}

function chosenContainer({ metadata: { name }, spec }: Pod, asked: string): string {
  const names = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ].map((container) => container.name);
  if (asked !== "") {
    if (names.includes(asked)) return asked;
    throw badRequestError(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = spec.containers;
  if (only && spec.containers.length === 1) return only.name;
  const choice = only ? `, choose one of: [${names.join(" ")}]` : "";
  throw badRequestError(`a container name must be specified for pod ${name}${choice}`);
}
