// When a machine runs out of memory or disk, which Pods go first, and what they are told.
// Source: pkg/kubelet/eviction/helpers.go and eviction_manager.go, kubernetes v1.34.
import type { PressedResource } from "../../api/fault.ts";
import { qosClassOf } from "../../api/kinds/pod/qosClass.ts";
import { podRequests } from "../../api/kinds/pod/requests.ts";
import { amountOf, quantityText, wholeAmount, wholeValueOf } from "../../api/quantity.ts";
import { toleratesTaint } from "../../api/toleration.ts";
import type { Pod } from "../../api/types.ts";
import type { Verdict } from "./podStatus.ts";
import { isMirrorPod, isStaticPod } from "./static/staticPod.ts";

/** A Pod beside what it takes of the resource that is short. */
export interface PodUse {
  readonly pod: Pod;
  /** In bytes, by container. */
  readonly containers: ReadonlyMap<string, number>;
}

/** What a machine has of a resource, in bytes. */
export interface Signal {
  readonly available: number;
  readonly threshold: number;
}

/** As conditions and requests call it. */
const requestNames: Readonly<Record<PressedResource, string>> = {
  memory: "memory",
  disk: "ephemeral-storage",
};

export const pressureConditions: Readonly<Record<PressedResource, string>> = {
  memory: "MemoryPressure",
  disk: "DiskPressure",
};

/** Pods of this priority and above are critical. Source: pkg/apis/scheduling SystemCriticalPriority. */
const systemCriticalPriority = 2_000_000_000;

/** Static Pods, their mirrors and critical ones stay. Source: pkg/kubelet/types IsCriticalPod. */
export function isCriticalPod(pod: Pod): boolean {
  return isStaticPod(pod) || isMirrorPod(pod) || (pod.spec.priority ?? 0) >= systemCriticalPriority;
}

/**
 * The first to go first: Pods that take more than they asked for, then those of lower priority, then
 * those that exceed their requests by more.
 */
export function evictionOrder(
  uses: readonly PodUse[],
  resource: PressedResource,
): readonly PodUse[] {
  const excess = new Map(
    uses.map((use) => [use, usedBy(use) - requestOf(use.pod, resource)] as const),
  );
  const excessOf = (use: PodUse): number => excess.get(use) ?? 0;
  return [...uses].sort(
    (a, b) =>
      Number(excessOf(b) > 0) - Number(excessOf(a) > 0) ||
      (a.pod.spec.priority ?? 0) - (b.pod.spec.priority ?? 0) ||
      excessOf(b) - excessOf(a),
  );
}

/** Why a Pod is evicted, with the containers that took more than they asked for. */
export function evictionVerdict(
  { pod, containers }: PodUse,
  resource: PressedResource,
  { available, threshold }: Signal,
): Verdict {
  const name = requestNames[resource];
  const guilty = pod.spec.containers.flatMap((container) => {
    const used = containers.get(container.name) ?? 0;
    const request = wholeValueOf(amountOf(container.resources?.requests?.[name] ?? "0"));
    if (used <= request) return [];
    const [use, wanted] = [kibibytes(used), binaryText(request)];
    return [
      `Container ${container.name} was using ${use}, request is ${wanted}, has larger consumption of ${name}. `,
    ];
  });
  const numbers = `Threshold quantity: ${binaryText(threshold)}, available: ${kibibytes(available)}. `;
  const message = `The node was low on resource: ${name}. ${numbers}${guilty.join("")}`;
  return { reason: "Evicted", message };
}

/** @param conditions those that are true, e.g. "MemoryPressure". @returns undefined if the node takes the Pod */
export function pressureRejection(pod: Pod, conditions: readonly string[]): Verdict | undefined {
  if (conditions.length === 0 || isCriticalPod(pod)) return undefined;
  const isMemoryAlone = conditions.length === 1 && conditions[0] === pressureConditions.memory;
  if (isMemoryAlone && (qosClassOf(pod) !== "BestEffort" || toleratesMemoryPressure(pod)))
    return undefined;
  return { reason: "Evicted", message: `The node had condition: [${conditions.join(" ")}]. ` };
}

function toleratesMemoryPressure({ spec }: Pod): boolean {
  const taint = { key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" } as const;
  return (spec.tolerations ?? []).some((toleration) => toleratesTaint(toleration, taint));
}

function usedBy({ containers }: PodUse): number {
  return [...containers.values()].reduce((sum, used) => sum + used, 0);
}

function requestOf(pod: Pod, resource: PressedResource): number {
  const amount = podRequests(pod).get(requestNames[resource]);
  return amount ? wholeValueOf(amount) : 0;
}

function binaryText(bytes: number): string {
  return quantityText(wholeAmount(bytes, "BinarySI"));
}

/** As statistics are read: in whole kibibytes. */
function kibibytes(bytes: number): string {
  return binaryText(Math.round(bytes / 1024) * 1024);
}
