// metrics-server's memory: every kubelet is asked each 15 s, and two answers make a rate. What a scrape
// would have found is worked out when somebody asks. Source: metrics-server pkg/storage, v0.8.
import type { Pod } from "../api/types.ts";
import { hash } from "../base/random.ts";
import type { Instant } from "../base/time.ts";
import type { Clock } from "./clock.ts";
import { metricsResolutionMs } from "./limits.ts";
import type { Kubelet } from "./node/kubelet.ts";
import { runningUid } from "./node/static/staticPod.ts";
import { addUsage, nodeOverhead, type Usage } from "./node/usage.ts";
import type { MeasuredUsage, MetricsSource } from "./registry/metricsSource.ts";

/** The most that a reading falls short. */
const sway = 0.08;

/** @param kubeletOf the kubelet of a machine; undefined for a Node without one */
export function metricsScraper(
  clock: Clock,
  kubeletOf: (node: string) => Kubelet | undefined,
): MetricsSource {
  const window = metricsResolutionMs;
  const scraped = (): Instant => Math.floor(clock.now() / window) * window;
  const running = (node: string): Kubelet | undefined => {
    const kubelet = kubeletOf(node);
    return kubelet?.isOn ? kubelet : undefined;
  };
  const usageOf = (pod: Pod, at: Instant): ReadonlyMap<string, Usage> | undefined =>
    running(pod.spec.nodeName ?? "")?.containerUsage(runningUid(pod), at - window, at);
  return {
    pod(pod) {
      const at = scraped();
      const now = usageOf(pod, at);
      // All containers have to have been seen twice.
      if (!now || now.size === 0 || now.size < runningContainers(pod)) return undefined;
      const { uid } = pod.metadata;
      const containers = [...now].map(([name, usage]) => ({
        name,
        usage: measured(usage, `${uid} ${name} ${at}`),
      }));
      return { at, window, containers };
    },
    node(name, pods) {
      if (!running(name)) return undefined;
      const at = scraped();
      let sum = nodeOverhead;
      for (const pod of pods)
        for (const used of usageOf(pod, at)?.values() ?? []) sum = addUsage(sum, used);
      return { at, window, usage: measured(sum, `${name} ${at}`) };
    },
  };
}

function runningContainers({ status }: Pod): number {
  return (status?.containerStatuses ?? []).filter(({ state }) => state?.running).length;
}

/** A reading: never twice quite the same, and the same for all who read it. */
function measured({ cpuMillis, memoryBytes }: Usage, reading: string): MeasuredUsage {
  const part = (hash(reading) % 10_000) / 10_000;
  const factor = 1 - sway * part;
  return {
    cpuNanos: Math.round(cpuMillis * 1_000_000 * factor),
    memoryBytes: Math.round((memoryBytes * (1 - (sway * part) / 4)) / 1024) * 1024,
  };
}
