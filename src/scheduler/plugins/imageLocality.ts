// Prefers nodes that have pulled the Pod's images, in proportion to their size and spread.
// Source: kubernetes v1.34 pkg/scheduler/framework/plugins/imagelocality/image_locality.go
import { maxNodeScore, type Plugin } from "../framework.ts";
import type { NodeInfo } from "../nodeInfo.ts";
import type { PodInfo } from "../podInfo.ts";
import type { Snapshot } from "../snapshot.ts";

const mebibyte = 1024 * 1024;
const smallestBytes = 23 * mebibyte;
const largestBytesPerContainer = 1000 * mebibyte;

export const imageLocality: Plugin = {
  name: "ImageLocality",
  preScore: ({ snapshot }) =>
    snapshot.images.size > 0 ? { state: undefined } : { state: undefined, same: 0 },
  score({ pod, snapshot }, node) {
    const { containers, initContainers = [] } = pod.pod.spec;
    const largest = largestBytesPerContainer * (containers.length + initContainers.length);
    const bytes = Math.min(Math.max(localBytes(pod, node, snapshot), smallestBytes), largest);
    return Math.trunc((maxNodeScore * (bytes - smallestBytes)) / (largest - smallestBytes));
  },
};

/** The sizes of the images that the node has, each scaled by the share of nodes that have it. */
function localBytes(
  { pod }: PodInfo,
  { images }: NodeInfo,
  { images: all, nodes }: Snapshot,
): number {
  let sum = 0;
  for (const { image } of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    const name = withTag(image ?? "");
    const state = images.has(name) ? all.get(name) : undefined;
    if (state) sum += Math.trunc(state.sizeBytes * (state.nodes / nodes.length));
  }
  return sum;
}

function withTag(image: string): string {
  return image.lastIndexOf(":") <= image.lastIndexOf("/") ? `${image}:latest` : image;
}
