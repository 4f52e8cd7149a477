// The state of one probe of one container: what a result means after those before it. Pure.
// Source: pkg/kubelet/prober/worker.go doProbe, kubernetes v1.34.
import type { Container, Probe } from "../../api/types.ts";
import { type Instant, type Millis, second } from "../../base/time.ts";
import type { ProbeOutcome, ProbeType } from "./podView.ts";

export const probeTypes: readonly ProbeType[] = ["startup", "liveness", "readiness"];

export interface ProbeState {
  /** What counts until the thresholds are passed. */
  readonly settled: ProbeOutcome;
  readonly last?: "success" | "failure";
  /** How often `last` came in a row. */
  readonly run: number;
  /** A failed liveness or startup probe waits for a new container. */
  readonly isOnHold: boolean;
}

const initialOutcome: Readonly<Record<ProbeType, ProbeOutcome>> = {
  startup: "unknown",
  liveness: "success",
  readiness: "failure",
};

export function newProbeState(type: ProbeType): ProbeState {
  return { settled: initialOutcome[type], run: 0, isOnHold: false };
}

/** The state after one more result. */
export function afterResult(
  state: ProbeState,
  result: "success" | "failure",
  { type, probe }: { readonly type: ProbeType; readonly probe: Probe },
): ProbeState {
  const run = state.last === result ? state.run + 1 : 1;
  const threshold =
    result === "failure" ? (probe.failureThreshold ?? 3) : (probe.successThreshold ?? 1);
  if (run < threshold) return { ...state, last: result, run };
  const isOnHold = type !== "readiness" && result === "failure";
  return { settled: result, last: result, run: isOnHold ? 0 : run, isOnHold };
}

export function probeOf(container: Container, type: ProbeType): Probe | undefined {
  if (type === "startup") return container.startupProbe;
  return type === "liveness" ? container.livenessProbe : container.readinessProbe;
}

export function periodOf({ periodSeconds }: Probe): Millis {
  return (periodSeconds ?? 10) * second;
}

/** False while the probe waits for its initial delay, or for the startup probe. */
export function isDue(
  { type, probe }: { readonly type: ProbeType; readonly probe: Probe },
  { startedAt, hasStarted }: { readonly startedAt: Instant; readonly hasStarted: boolean },
  now: Instant,
): boolean {
  const age = Math.floor((now - startedAt) / second);
  if (age < (probe.initialDelaySeconds ?? 0)) return false;
  return hasStarted ? type !== "startup" : type === "startup";
}
