// A Pod as the scheduler reads it: compiled once per Pod object, kept as long as the object lives.
// Source: framework.PodInfo, kubernetes v1.34 pkg/scheduler/framework/types.go
import {
  hasPodLevelRequests,
  isSidecar,
  podRequests,
  type ResourceList,
} from "../api/kinds/pod/requests.ts";
import {
  type Amount,
  milliAmount,
  milliValueOf,
  wholeAmount,
  wholeValueOf,
} from "../api/quantity.ts";
import type { Labels } from "../api/selector.ts";
import type { Pod, Volume } from "../api/types.ts";
import { parseTime } from "../base/time.ts";
import { type AffinityTerm, noTerms, preferredTerms, requiredTerms } from "./affinityTerm.ts";
import { type Resources, resourcesOf } from "./resources.ts";

/** Counted for a container that requests none. Source: pkg/scheduler/util/pod_resources.go */
const assumed = new Map<string, Amount>([
  ["cpu", milliAmount(100)],
  ["memory", wholeAmount(200 * 1024 * 1024)],
]);
const noLabels: Labels = {};
const noPorts: readonly HostPort[] = [];
const noClaims: readonly string[] = [];

export interface HostPort {
  /** "0.0.0.0" for all addresses. */
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

export class PodInfo {
  readonly namespace: string;
  readonly name: string;
  /** What tells it from all other Pods: its uid, else its namespace and name. */
  readonly id: string;
  readonly labels: Labels;
  readonly priority: number;
  readonly isTerminating: boolean;
  /** What it holds of a node, a resize under way included. */
  readonly requested: Resources;
  /** As `requested`, where containers without a request count with an assumed one. */
  readonly nonZeroMilliCpu: number;
  readonly nonZeroMemory: number;
  readonly hostPorts: readonly HostPort[];
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
  /** Keys ("namespace/name") of the claims that its volumes use. */
  readonly claims: readonly string[];

  constructor(readonly pod: Pod) {
    const { metadata, spec } = pod;
    this.namespace = metadata.namespace ?? "";
    this.name = metadata.name;
    this.id = metadata.uid ?? this.key;
    this.labels = metadata.labels ?? noLabels;
    this.priority = spec.priority ?? 0;
    this.isTerminating = metadata.deletionTimestamp !== undefined;
    const requests = podRequests(pod, { useStatus: true });
    this.requested = resourcesOf(requests);
    const nonZero = nonZeroRequests(pod, requests);
    this.nonZeroMilliCpu = milliValueOf(nonZero.get("cpu") ?? wholeAmount(0));
    this.nonZeroMemory = wholeValueOf(nonZero.get("memory") ?? wholeAmount(0));
    this.hostPorts = hostPortsOf(pod);
    const affinity = spec.affinity?.podAffinity;
    const antiAffinity = spec.affinity?.podAntiAffinity;
    this.requiredAffinity = affinity
      ? requiredTerms(affinity.requiredDuringSchedulingIgnoredDuringExecution, this.namespace)
      : noTerms;
    this.requiredAntiAffinity = antiAffinity
      ? requiredTerms(antiAffinity.requiredDuringSchedulingIgnoredDuringExecution, this.namespace)
      : noTerms;
    this.preferredAffinity = affinity
      ? preferredTerms(affinity.preferredDuringSchedulingIgnoredDuringExecution, this.namespace)
      : noTerms;
    this.preferredAntiAffinity = antiAffinity
      ? preferredTerms(antiAffinity.preferredDuringSchedulingIgnoredDuringExecution, this.namespace)
      : noTerms;
    this.claims = claimsOf(pod);
  }

  /** "namespace/name". */
  get key(): string {
    return `${this.namespace}/${this.name}`;
  }

  get hasAffinity(): boolean {
    return (
      this.requiredAffinity.length > 0 ||
      this.requiredAntiAffinity.length > 0 ||
      this.preferredAffinity.length > 0 ||
      this.preferredAntiAffinity.length > 0
    );
  }

  /** What a node must have free: the spec alone. */
  get wanted(): Resources {
    this.wantedMemo ??= resourcesOf(podRequests(this.pod));
    return this.wantedMemo;
  }
  private wantedMemo: Resources | undefined;

  /** Its labels and namespace as one text: Pods with equal texts match the same selectors. */
  get signature(): string {
    this.signatureMemo ??= `${this.namespace} ${JSON.stringify(Object.entries(this.labels).sort())}`;
    return this.signatureMemo;
  }
  private signatureMemo: string | undefined;

  /** When the kubelet took it over, in milliseconds; later than all others if it has not. */
  get startTime(): number {
    const started = this.pod.status?.startTime;
    return (started === undefined ? undefined : parseTime(started)) ?? Number.POSITIVE_INFINITY;
  }
}

const compiled = new WeakMap<Pod, PodInfo>();

/** The compiled Pod; the same one for the same object, which must not change any more. */
export function podInfoOf(pod: Pod): PodInfo {
  let info = compiled.get(pod);
  if (!info) {
    info = new PodInfo(pod);
    compiled.set(pod, info);
  }
  return info;
}

/**
 * What NodeResourcesFit scores a Pod by: its containers, with assumed requests where they have none.
 * The original leaves Pod-level requests out here, though it filters by them.
 */
export function scoredRequests(pod: Pod): Resources {
  return resourcesOf(podRequests(pod, { missing: assumed, containersOnly: true }));
}

function nonZeroRequests(pod: Pod, requests: ResourceList): ResourceList {
  const isPodLevel = hasPodLevelRequests(pod);
  // The Pod's own requests stand for those that its containers leave out.
  const missing = isPodLevel
    ? new Map([...assumed].filter(([name]) => !requests.has(name)))
    : assumed;
  return missing.size === 0 ? requests : podRequests(pod, { useStatus: true, missing });
}

function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const running = spec.initContainers
    ? [...spec.containers, ...spec.initContainers.filter(isSidecar)]
    : spec.containers;
  let ports = noPorts;
  for (const container of running)
    for (const { hostPort, hostIP, protocol } of container.ports ?? [])
      if (hostPort)
        ports = [
          ...ports,
          { ip: hostIP || "0.0.0.0", protocol: protocol || "TCP", port: hostPort },
        ];
  return ports;
}

/** The name of the claim behind a volume, if there is one. */
export function claimNameOf(podName: string, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral ? `${podName}-${volume.name}` : undefined;
}

function claimsOf({ metadata, spec }: Pod): readonly string[] {
  let claims = noClaims;
  for (const volume of spec.volumes ?? []) {
    const name = claimNameOf(metadata.name, volume);
    if (name !== undefined) claims = [...claims, `${metadata.namespace ?? ""}/${name}`];
  }
  return claims;
}
