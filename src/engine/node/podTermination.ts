// Stops all that runs of a Pod: hooks, signals, in order, within the grace period.
// Source: kuberuntime_container.go killContainer and kuberuntime_termination_order.go, kubernetes v1.34.
import type { Container, Pod } from "../../api/types.ts";
import { type Millis, second } from "../../base/time.ts";
import { minimumGraceMs } from "../limits.ts";
import { within } from "../network/within.ts";
import { runHook } from "./lifecycleHooks.ts";
import type { NodeServices } from "./nodeServices.ts";
import { recordPodEvent } from "./podEvents.ts";
import { type ContainerKill, terminationGroups } from "./podLifecycle.ts";
import { probeOf } from "./probes.ts";
import { isRunning } from "./runtimeState.ts";
import { pause, type Steps, together } from "./steps.ts";

/** The time that a Pod's containers have to stop. */
export function graceOf({ metadata, spec }: Pod): Millis {
  const seconds = metadata.deletionGracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30;
  return seconds * second;
}

/** Stops every container and the sandbox. Sidecars go after the others, the last one first. */
export function* stopPod(services: NodeServices, pod: Pod, grace = graceOf(pod)): Steps {
  const { clock, runtime, network, profile } = services;
  const uid = pod.metadata.uid ?? "";
  const began = clock.now();
  const runs = ({ name }: Container) => isRunning(runtime.state(uid), name);
  const groups = terminationGroups(pod).map((group) => group.filter(runs));
  for (const container of groups.flat())
    announce(services, pod, container, `Stopping container ${container.name}`);
  yield* together(
    clock,
    groups.flat().map((container) => preStop(services, pod, container, grace)),
  );
  for (const group of groups) {
    const left = Math.max(minimumGraceMs, grace - (clock.now() - began));
    const stops = group.map(({ name }) => runtime.stopContainer(uid, name, left));
    yield* together(clock, stops);
  }
  if (runtime.state(uid).sandbox?.isReady) {
    yield pause(profile.delays.sandboxStopMs, `stop the sandbox of ${pod.metadata.name}`);
    runtime.stopSandbox(uid);
  }
  network.release(uid);
}

/** Stops one container whose probe failed. */
export function* killContainer(services: NodeServices, pod: Pod, kill: ContainerKill): Steps {
  const { container, cause, message } = kill;
  const probe = probeOf(container, cause === "startupProbe" ? "startup" : "liveness");
  const own = probe?.terminationGracePeriodSeconds;
  const grace = own === undefined ? graceOf(pod) : own * second;
  announce(services, pod, container, message);
  const began = services.clock.now();
  yield* preStop(services, pod, container, grace);
  const left = Math.max(minimumGraceMs, grace - (services.clock.now() - began));
  yield* services.runtime.stopContainer(pod.metadata.uid ?? "", container.name, left);
}

function announce(services: NodeServices, pod: Pod, container: Container, message: string): void {
  recordPodEvent(services.events, pod, { type: "Normal", reason: "Killing", message, container });
  services.observe(pod, "killing", message, container.name);
}

function* preStop(services: NodeServices, pod: Pod, container: Container, grace: Millis): Steps {
  const handler = container.lifecycle?.preStop;
  if (!handler || grace <= 0) return;
  const hook = runHook(services, pod, { container, handler });
  const ended = yield* within(services.clock, grace, hook);
  if (ended === "late" || ended.value === undefined) return;
  // The failure's words are kept from the event: they may hold what is secret.
  const message = "PreStopHook failed";
  const event = { type: "Warning", reason: "FailedPreStopHook", message, container } as const;
  recordPodEvent(services.events, pod, event);
}
