// What a Pod needs before its first container: its volumes, and a sandbox with an address.
// Source: kubelet.go SyncPod and kuberuntime_sandbox.go, kubernetes v1.34.
import type { Pod } from "../../api/types.ts";
import { type Millis, minute, second } from "../../base/time.ts";
import type { NodeServices } from "./nodeServices.ts";
import { recordPodEvent } from "./podEvents.ts";
import { pause, type Steps } from "./steps.ts";

/** Source: pkg/volume/util/nestedpendingoperations, 1.34. */
const firstMountRetry: Millis = second / 2;
const longestMountRetry: Millis = 2 * minute + 2 * second;

/** Waits until everything that the Pod's volumes show is there. */
export function* mountVolumes(services: NodeServices, pod: () => Pod): Steps {
  const { events, profile } = services;
  const why = `mount volumes of ${pod().metadata.name}`;
  yield pause(profile.delays.volumeSetupMs, why);
  for (let wait = firstMountRetry; ; wait = Math.min(wait * 2, longestMountRetry)) {
    const failures = services.volumesOf(pod()).setUp();
    if (failures.length === 0) return;
    for (const { message } of failures)
      recordPodEvent(events, pod(), { type: "Warning", reason: "FailedMount", message });
    yield pause(wait, why);
  }
}

/** @returns false if the Pod got no network */
export function* createSandbox(services: NodeServices, pod: Pod): Steps<boolean> {
  const { network, runtime, events, profile } = services;
  const uid = pod.metadata.uid ?? "";
  yield pause(profile.delays.sandboxCreateMs, `sandbox of ${pod.metadata.name}`);
  const ip = !pod.spec.hostNetwork && network.isReady ? network.allocate(uid) : undefined;
  if (pod.spec.hostNetwork || ip !== undefined) {
    runtime.createSandbox(uid, ip);
    return true;
  }
  const cause = network.isReady
    ? `plugin type="ptp" failed (add): failed to allocate for range 0: no IP addresses available in range set: ${network.rangeText()}`
    : "cni plugin not initialized";
  const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${runtime.newId()}": ${cause}`;
  recordPodEvent(events, pod, { type: "Warning", reason: "FailedCreatePodSandBox", message });
  services.observe(pod, "failed", message);
  return false;
}

/** The sandbox that the Pod had is gone, e.g. because its machine was. */
export function tellSandboxChanged({ events }: NodeServices, pod: Pod): void {
  const message = "Pod sandbox changed, it will be killed and re-created.";
  recordPodEvent(events, pod, { type: "Normal", reason: "SandboxChanged", message });
}
