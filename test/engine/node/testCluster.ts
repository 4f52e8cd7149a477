// A whole cluster with one worker, in virtual time, and short words for what tests ask of it.
import type { MachineSpec } from "../../../src/api/clusterSpec.ts";
import { Event as EventKind } from "../../../src/api/kinds/event.ts";
import { Pod as PodKind } from "../../../src/api/kinds/pod/kind.ts";
import { podStatusText } from "../../../src/api/kinds/pod/summary.ts";
import { hasReason } from "../../../src/api/status.ts";
import type { Container, Pod, PodSpec } from "../../../src/api/types.ts";
import { parseTime } from "../../../src/base/time.ts";
import { Engine } from "../../../src/engine/engine.ts";

const start = Date.UTC(2026, 0, 1);
const second = 1_000;

export const worker: MachineSpec = { name: "node-1", role: "worker", cpu: "4", memory: "8Gi" };

export class TestCluster {
  engine: Engine;
  /** When the cluster was ready for Pods: the zero of all times in tests. */
  readonly zero: number;

  constructor(machines: readonly MachineSpec[] = [worker], engine?: Engine) {
    this.engine = engine ?? new Engine({ now: start, seed: 7, spec: { machines } });
    this.engine.clock.run(10 * second);
    this.zero = this.engine.clock.now();
  }

  get client() {
    return this.engine.client("kubernetes-admin");
  }

  /** Seconds since the cluster was ready. */
  get now(): number {
    return (this.engine.clock.now() - this.zero) / second;
  }

  run(seconds: number): void {
    this.engine.clock.run(seconds * second);
  }

  create(name: string, container: Partial<Container>, spec: Partial<PodSpec> = {}): Pod {
    return this.client.create(PodKind, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      spec: { containers: [{ name: "app", image: "nginx:1.27", ...container }], ...spec },
    });
  }

  pod(name: string): Pod {
    return this.client.get(PodKind, { namespace: "default", name });
  }

  find(name: string): Pod | undefined {
    try {
      return this.pod(name);
    } catch (error) {
      if (hasReason(error, "NotFound")) return undefined;
      throw error;
    }
  }

  delete(name: string, gracePeriodSeconds?: number): void {
    const options = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
    this.client.delete(PodKind, { namespace: "default", name }, options);
  }

  /** What kubectl shows under STATUS; "gone" without the Pod. */
  status(name: string): string {
    const pod = this.find(name);
    return pod ? podStatusText(pod) : "gone";
  }

  /** The kubelet's events of a Pod: "Reason: message", with "(xN)" if it came more than once. */
  events(name: string): string[] {
    return this.client
      .list(EventKind, { namespace: "default" })
      .items.filter(({ involvedObject }) => involvedObject.name === name)
      .filter(({ source }) => source?.component === "kubelet")
      .sort(
        (a, b) =>
          time(a.firstTimestamp) - time(b.firstTimestamp) ||
          Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion),
      )
      .map(({ reason, message, count = 1 }) => {
        const times = count > 1 ? ` (x${count})` : "";
        return `${reason}: ${(message ?? "").replaceAll(/[0-9a-f-]{36}/g, "UID")}${times}`;
      });
  }

  /** The kubelet's steps with a Pod: "seconds step", from the trace. */
  steps(name: string): string[] {
    return this.engine.trace.since(1).flatMap((event) => {
      if (event.type !== "container" || event.pod.name !== name) return [];
      const at = (event.at - this.zero) / second;
      return [`${at} ${event.container ?? "pod"} ${event.step}`];
    });
  }

  /** Every STATUS that the Pod shows while `seconds` pass, with the time at which it is first seen. */
  watch(name: string, seconds: number, stepMs = 100): string[] {
    const seen: string[] = [];
    for (let passed = 0; passed <= seconds * second; passed += stepMs) {
      const pod = this.find(name);
      const restarts = pod?.status?.containerStatuses?.[0]?.restartCount ?? 0;
      const text = `${this.status(name)}${restarts > 0 ? ` ${restarts}` : ""}`;
      if (seen.at(-1)?.replace(/^\S+ /, "") !== text) seen.push(`${this.now} ${text}`);
      this.engine.clock.run(stepMs);
    }
    return seen;
  }
}

function time(text: string | undefined): number {
  return parseTime(text ?? "") ?? 0;
}
