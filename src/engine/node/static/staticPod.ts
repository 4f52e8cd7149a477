// What a kubelet makes of a manifest on its machine, and how it shows that in the API.
// Source: pkg/kubelet/config/common.go applyDefaults, pkg/kubelet/pod/mirror_client.go, kubernetes v1.34.
import { setPodDefaults } from "../../../api/kinds/pod/defaults.ts";
import { mirrorPod } from "../../../api/kinds/pod/validation/annotations.ts";
import type { Pod } from "../../../api/types.ts";
import { type Draft, draft, freeze } from "../../../base/draft.ts";
import { formatMicroTime, type Instant } from "../../../base/time.ts";
import { digestOf } from "../imageStore.ts";
import { manifestPath } from "./manifestFolder.ts";

const sourceAnnotation = "kubernetes.io/config.source";
const hashAnnotation = "kubernetes.io/config.hash";
const seenAnnotation = "kubernetes.io/config.seen";

export interface ManifestPlace {
  readonly file: string;
  readonly node: string;
  /** When the kubelet saw it first. */
  readonly seenAt: Instant;
}

/** The Pod that the kubelet runs: named after its node, with a UID that its content decides. */
export function staticPodOf(manifest: Pod, { file, node, seenAt }: ManifestPlace): Pod {
  const pod = draft(manifest) as Draft<Pod>;
  const path = `${manifestPath}/${file}`;
  const hash = digestOf(`${JSON.stringify(manifest)}host:${node}file:${path}`).slice(0, 32);
  pod.metadata.uid = manifest.metadata.uid ?? hash;
  pod.metadata.name = `${manifest.metadata.name}-${node}`;
  pod.metadata.namespace ??= "default";
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [hashAnnotation]: pod.metadata.uid,
    [seenAnnotation]: formatMicroTime(seenAt),
    [sourceAnnotation]: "file",
  };
  pod.spec.nodeName = node;
  // Nothing evicts what the node runs by itself.
  const tolerations = pod.spec.tolerations ?? [];
  pod.spec.tolerations = [...tolerations, { operator: "Exists", effect: "NoExecute" }];
  pod.status = { phase: "Pending" };
  setPodDefaults(pod);
  return freeze(pod) as Pod;
}

/** The Pod that stands for `pod` in the API. @param nodeUid of the Node that owns it */
export function mirrorOf(pod: Pod, nodeUid: string): Pod {
  const { uid: _, ...metadata } = pod.metadata;
  const { status: __, ...rest } = pod;
  return {
    ...rest,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, [mirrorPod]: hashOf(pod) },
      ownerReferences: [
        {
          apiVersion: "v1",
          kind: "Node",
          name: pod.spec.nodeName ?? "",
          uid: nodeUid,
          controller: true,
        },
      ],
    },
  };
}

export function isStaticPod(pod: Pod): boolean {
  return pod.metadata.annotations?.[sourceAnnotation] === "file" && !isMirrorPod(pod);
}

export function isMirrorPod({ metadata }: Pod): boolean {
  return metadata.annotations?.[mirrorPod] !== undefined;
}

/** Whether `mirror` shows just this static Pod, and not one that had its name before. */
export function isMirrorOf(mirror: Pod, pod: Pod): boolean {
  return mirror.metadata.annotations?.[mirrorPod] === hashOf(pod);
}

/** The UID under which a node runs a Pod of the API: a mirror's is not that of what it shows. */
export function runningUid({ metadata }: Pod): string {
  return metadata.annotations?.[mirrorPod] ?? metadata.uid ?? "";
}

function hashOf({ metadata }: Pod): string {
  return metadata.annotations?.[hashAnnotation] ?? "";
}
