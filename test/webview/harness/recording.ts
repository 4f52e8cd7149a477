// A recording as a small cluster would make it: heartbeats, a Deployment of three, a Pod that fits
// nowhere, a node that loses power, evictions, and its return.
import type { ObjectRef } from "../../../src/api/object.ts";
import type { TraceEvent } from "../../../src/api/traceEvent.ts";
import { type Instant, minute, parseTime, second } from "../../../src/base/time.ts";
import type { TimelineNode } from "../../../src/protocol.ts";
import { type Moment, Recorder } from "./recorder.ts";

export interface Recording {
  readonly events: readonly TraceEvent[];
  readonly nodes: readonly TimelineNode[];
  /** When the Deployment is applied. */
  readonly deployedAt: Instant;
  readonly powerOffAt: Instant;
  readonly end: Instant;
}

const start = parseTime("2026-11-24T09:00:00Z") ?? 0;
const deployedAt = start + 95 * second;
const hugeAt = start + 140 * second;
const powerOffAt = start + 185 * second + 300;
const notReadyAt = powerOffAt + 50 * second + 700;
const evictedAt = notReadyAt + 5 * minute;
const powerOnAt = evictedAt + 40 * second;
const end = powerOnAt + 70 * second;

const workers = ["worker-1", "worker-2", "worker-3"];
const nodeNames = ["control-plane", ...workers];
const admin = "kubernetes-admin";
const account = (name: string): string => `system:serviceaccount:kube-system:${name}`;

export const noFit =
  "0/4 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, " +
  "3 Insufficient cpu. no new claims to deallocate, preemption: 0/4 nodes are available: " +
  "1 Preemption is not helpful for scheduling, 3 No preemption victims found for incoming pod.";

export function recordCluster(): Recording {
  const recorder = new Recorder();
  recordHeartbeats(recorder);
  const replicaSet = recordDeployment(recorder);
  recordHugePod(recorder);
  recordPowerLoss(recorder, replicaSet);
  const nodes = nodeNames.map((name) => ({
    name,
    isControlPlane: name === "control-plane",
    notReady:
      name === "worker-2"
        ? [
            {
              from: notReadyAt,
              to: powerOnAt + 9 * second,
              status: "Unknown",
              reason: "NodeStatusUnknown",
            },
          ]
        : [],
  }));
  return { events: recorder.events(), nodes, deployedAt, powerOffAt, end };
}

/** The same again and again, until there are at least as many events. */
export function repeated(recording: Recording, atLeast: number): Recording {
  const { events, end } = recording;
  const times = Math.ceil(atLeast / events.length);
  if (times <= 1) return recording;
  const span = end - (events[0]?.at ?? end);
  const all = Array.from({ length: times }, (_, i) =>
    events.map((event) => ({
      ...event,
      id: event.id + i * events.length,
      at: event.at + i * span,
      ...(event.cause === undefined ? {} : { cause: event.cause + i * events.length }),
    })),
  );
  return { ...recording, events: all.flat(), end: end + (times - 1) * span };
}

function recordHeartbeats(recorder: Recorder): void {
  nodeNames.forEach((node, i) => {
    const lease = { kind: "Lease", namespace: "kube-node-lease", name: node };
    const isOff = (at: Instant): boolean =>
      node === "worker-2" && at > powerOffAt && at < powerOnAt + 9 * second;
    for (let n = 0; start + n * 10 * second < end; n++) {
      const at = start + n * 10 * second + i * 1_730 + ((n * 37 + i * 11) % 9) * 40;
      if (isOff(at)) continue;
      const report = recorder.report(at, node, "lease");
      recorder.request(at + 2, report, `system:node:${node}`, "update", lease);
    }
    for (let at = start + 3 * second + i * 2_100; at < end; at += 5 * minute) {
      if (isOff(at)) continue;
      const report = recorder.report(at, node, "status", ["conditions[*].lastHeartbeatTime"]);
      recorder.request(at + 3, report, `system:node:${node}`, "patch", nodeRef(node), {
        subresource: "status",
      });
    }
  });
}

function recordDeployment(recorder: Recorder): ObjectRef {
  const deployment = { kind: "Deployment", namespace: "default", name: "web" };
  const replicaSet = { kind: "ReplicaSet", namespace: "default", name: "web-7c9f8d5b6" };
  const applied = recorder.request(deployedAt, undefined, admin, "patch", deployment, {
    code: 201,
  });
  recorder.request(deployedAt + 12, undefined, admin, "patch", service, { code: 201 });
  const rollout = recorder.reconcile(
    ...([deployedAt + 18, applied, "deployment-controller", "default/web", 2] as const),
  );
  const created = recorder.request(
    ...([
      deployedAt + 21,
      rollout,
      account("deployment-controller"),
      "create",
      replicaSet,
    ] as const),
  );
  const scaling = recorder.reconcile(
    ...([deployedAt + 34, created, "replicaset-controller", "default/web-7c9f8d5b6", 3] as const),
  );
  ["k2x7p", "m9d4q", "zt6wl"].forEach((suffix, i) => {
    const pod = { kind: "Pod", namespace: "default", name: `web-7c9f8d5b6-${suffix}` };
    const at = deployedAt + 37 + i * 4;
    const birth = recorder.request(at, scaling, account("replicaset-controller"), "create", pod);
    const pullMs = [2_140, 3_480, 1_930][i] ?? 2_000;
    recordPodStart(recorder, birth, pod, workers[i] ?? "worker-1", at + 14 + i * 9, pullMs);
  });
  return replicaSet;
}

const service = { kind: "Service", namespace: "default", name: "web" };

function recordPodStart(
  recorder: Recorder,
  cause: Moment,
  pod: ObjectRef,
  node: string,
  at: Instant,
  pullMs: number,
): void {
  const placed = recorder.schedule(at, cause, pod, { node });
  const bound = recorder.request(at + 3, placed, "system:kube-scheduler", "create", pod, {
    subresource: "binding",
  });
  const kubelet = `system:node:${node}`;
  const image = 'Pulling image "nginx:1.29"';
  let last = bound;
  let ready = at + 60;
  if (pullMs > 0) {
    const pulling = recorder.step(at + 60, bound, node, pod, "pulling", image);
    ready = at + 60 + pullMs;
    last = recorder.step(
      ...([
        ready,
        pulling,
        node,
        pod,
        "pulled",
        `Successfully pulled image "nginx:1.29" in ${pullMs}ms`,
      ] as const),
    );
  } else
    last = recorder.step(
      ...([
        ready,
        bound,
        node,
        pod,
        "pulled",
        'Container image "nginx:1.29" already present on machine',
      ] as const),
    );
  const made = recorder.step(ready + 35, last, node, pod, "created", "Created container: nginx");
  const started = recorder.step(ready + 140, made, node, pod, "started", "Started container nginx");
  const isReady = recorder.step(
    ready + 1_200,
    started,
    node,
    pod,
    "ready",
    "Container nginx is ready",
  );
  const status = recorder.request(ready + 1_210, isReady, kubelet, "patch", pod, {
    subresource: "status",
  });
  const endpoints = recorder.reconcile(
    ...([ready + 1_225, status, "endpointslice-controller", "default/web"] as const),
  );
  recorder.request(ready + 1_228, endpoints, account("endpointslice-controller"), "update", {
    kind: "EndpointSlice",
    namespace: "default",
    name: "web-l6xvk",
  });
  const counted = recorder.reconcile(
    ...([ready + 1_231, status, "replicaset-controller", "default/web-7c9f8d5b6"] as const),
  );
  recorder.request(
    ...([ready + 1_234, counted, account("replicaset-controller"), "update"] as const),
    { kind: "ReplicaSet", namespace: "default", name: "web-7c9f8d5b6" },
    { subresource: "status" },
  );
}

function recordHugePod(recorder: Recorder): void {
  const pod = { kind: "Pod", namespace: "default", name: "train-model" };
  const created = recorder.request(hugeAt, undefined, admin, "create", pod);
  let cause: Moment = created;
  [0, 5 * minute + 2_000].forEach((delay, i) => {
    const attempt = recorder.schedule(hugeAt + 9 + delay, cause, pod, {
      attempt: i + 1,
      outcome: "unschedulable",
      message: noFit,
      feasibleNodes: 0,
    });
    cause = attempt;
    const user = "system:kube-scheduler";
    recorder.request(hugeAt + 12 + delay, attempt, user, "patch", pod, { subresource: "status" });
    recorder.request(hugeAt + 13 + delay, attempt, user, i === 0 ? "create" : "patch", {
      kind: "Event",
      namespace: "default",
      name: "train-model.18f2a",
    });
  });
  recorder.request(hugeAt + 8_000, undefined, admin, "patch", pod, {
    code: 422,
    message:
      'Pod "train-model" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
  });
}

function recordPowerLoss(recorder: Recorder, replicaSet: ObjectRef): void {
  const fault = { type: "powerOff", node: "worker-2" } as const;
  recorder.fault(powerOffAt, fault);
  const lost = { kind: "Pod", namespace: "default", name: "web-7c9f8d5b6-m9d4q" };
  const lifecycle = "node-lifecycle-controller";
  const found = recorder.request(
    notReadyAt,
    undefined,
    account("node-controller"),
    "patch",
    nodeRef("worker-2"),
    {
      subresource: "status",
    },
  );
  const marked = recorder.reconcile(notReadyAt + 3, found, lifecycle, "worker-2", 3);
  const tainted = recorder.request(
    ...([
      notReadyAt + 6,
      marked,
      account("node-controller"),
      "patch",
      nodeRef("worker-2"),
    ] as const),
  );
  recorder.request(notReadyAt + 9, marked, account("node-controller"), "patch", lost, {
    subresource: "status",
  });
  const eviction = recorder.reconcile(
    ...([evictedAt, tainted, "taint-eviction-controller", "default/web-7c9f8d5b6-m9d4q"] as const),
  );
  const deleted = recorder.request(
    ...([evictedAt + 3, eviction, account("taint-eviction-controller"), "delete", lost] as const),
  );
  const scaling = recorder.reconcile(
    ...([evictedAt + 15, deleted, "replicaset-controller", `default/${replicaSet.name}`] as const),
  );
  const pod = { kind: "Pod", namespace: "default", name: "web-7c9f8d5b6-q8r5n" };
  const created = recorder.request(
    ...([evictedAt + 18, scaling, account("replicaset-controller"), "create", pod] as const),
  );
  recordPodStart(recorder, created, pod, "worker-3", evictedAt + 31, 0);
  recordReturn(recorder, lost);
}

function recordReturn(recorder: Recorder, lost: ObjectRef): void {
  recorder.fault(powerOnAt, { type: "powerOff", node: "worker-2" }, true);
  const back = recorder.report(powerOnAt + 9 * second, "worker-2", "status", [
    "conditions[Ready].status",
  ]);
  recorder.request(powerOnAt + 9_003, back, "system:node:worker-2", "patch", nodeRef("worker-2"), {
    subresource: "status",
  });
  const killing = recorder.step(
    ...([
      powerOnAt + 9_400,
      back,
      "worker-2",
      lost,
      "killing",
      "Stopping container nginx",
    ] as const),
  );
  const removed = recorder.step(
    ...([powerOnAt + 10_900, killing, "worker-2", lost, "removed", "Removed"] as const),
  );
  recorder.request(powerOnAt + 10_905, removed, "system:node:worker-2", "delete", lost);
}

function nodeRef(name: string): ObjectRef {
  return { kind: "Node", namespace: "", name };
}
