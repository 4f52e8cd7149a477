// What `kubectl get` shows of workloads, as kube-apiserver 1.34 prints it.
import assert from "node:assert/strict";
import type { Kind } from "../../../src/api/kind.ts";
import { ControllerRevision } from "../../../src/api/kinds/controllerRevision.ts";
import { CronJob } from "../../../src/api/kinds/cronJob.ts";
import { DaemonSet } from "../../../src/api/kinds/daemonSet.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { HorizontalPodAutoscaler } from "../../../src/api/kinds/horizontalPodAutoscaler.ts";
import { Ingress } from "../../../src/api/kinds/ingress.ts";
import { IngressClass } from "../../../src/api/kinds/ingressClass.ts";
import { Job } from "../../../src/api/kinds/job.ts";
import { NetworkPolicy } from "../../../src/api/kinds/networkPolicy.ts";
import { PodDisruptionBudget } from "../../../src/api/kinds/podDisruptionBudget.ts";
import { StatefulSet } from "../../../src/api/kinds/statefulSet.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import { parseTime } from "../../../src/base/time.ts";

const now = parseTime("2026-11-23T21:00:00Z") ?? 0;
const metadata = { name: "x", namespace: "default", creationTimestamp: "2026-11-23T20:50:00Z" };
const template = {
  spec: {
    containers: [
      { name: "c", image: "nginx:1" },
      { name: "side", image: "busybox" },
    ],
  },
};
const selector = { matchLabels: { app: "x" } };
const complete = { type: "Complete", status: "True" };

const cases: readonly (readonly [string, Kind, object, readonly unknown[]])[] = [
  [
    "a Deployment's replicas are counted by kind",
    Deployment as Kind,
    {
      spec: { replicas: 4, selector, template },
      status: { readyReplicas: 1, updatedReplicas: 3, availableReplicas: 1 },
    },
    ["x", "1/4", 3, 1, "10m", "c,side", "nginx:1,busybox", "app=x"],
  ],
  [
    "a StatefulSet",
    StatefulSet as Kind,
    { spec: { replicas: 2, selector, template }, status: { replicas: 2, readyReplicas: 1 } },
    ["x", "1/2", "10m", "c,side", "nginx:1,busybox"],
  ],
  [
    "a DaemonSet without a node selector",
    DaemonSet as Kind,
    { spec: { selector, template }, status: { desiredNumberScheduled: 3, numberReady: 2 } },
    ["x", 3, 0, 2, 0, 0, "<none>", "10m", "c,side", "nginx:1,busybox", "app=x"],
  ],
  [
    "a ControllerRevision names its controller by kind and group",
    ControllerRevision as Kind,
    {
      metadata: {
        ...metadata,
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "StatefulSet", name: "web", uid: "u", controller: true },
        ],
      },
      revision: 3,
    },
    ["x", "statefulset.apps/web", 3, "10m"],
  ],
  [
    "a Job that runs",
    Job as Kind,
    {
      spec: { completions: 3, selector, template },
      status: { startTime: "2026-11-23T20:58:00Z", succeeded: 1 },
    },
    ["x", "Running", "1/3", "2m", "10m", "c,side", "nginx:1,busybox", "app=x"],
  ],
  [
    "a Job that is done took as long as it took",
    Job as Kind,
    {
      spec: { completions: 1, template },
      status: {
        startTime: "2026-11-23T20:58:00Z",
        completionTime: "2026-11-23T20:58:05Z",
        succeeded: 1,
        conditions: [complete],
      },
    },
    ["x", "Complete", "1/1", "5s", "10m", "c,side", "nginx:1,busybox", "<none>"],
  ],
  [
    "a Job without completions",
    Job as Kind,
    { spec: { parallelism: 3, selector, template } },
    ["x", "Running", "0/1 of 3", "", "10m", "c,side", "nginx:1,busybox", "app=x"],
  ],
  [
    "a CronJob that never ran",
    CronJob as Kind,
    { spec: { schedule: "@hourly", suspend: false, jobTemplate: { spec: { template } } } },
    ["x", "@hourly", "<none>", "False", 0, "<none>", "10m", "c,side", "nginx:1,busybox", "<none>"],
  ],
  [
    "an autoscaler shows two metrics and counts the rest",
    HorizontalPodAutoscaler as Kind,
    {
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "web" },
        minReplicas: 1,
        maxReplicas: 3,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } },
          },
          {
            type: "Pods",
            pods: { metric: { name: "q" }, target: { type: "AverageValue", averageValue: "10" } },
          },
          {
            type: "External",
            external: { metric: { name: "e" }, target: { type: "Value", value: "5" } },
          },
        ],
      },
      status: {
        currentReplicas: 1,
        desiredReplicas: 1,
        currentMetrics: [
          { type: "Resource", resource: { name: "cpu", current: { averageUtilization: 12 } } },
        ],
      },
    },
    ["x", "Deployment/web", "cpu: 12%/80%, <unknown>/10 + 1 more...", "1", 3, 1, "10m"],
  ],
  [
    "an Ingress for any host",
    Ingress as Kind,
    { spec: { rules: [{ http: { paths: [] } }] }, status: { loadBalancer: {} } },
    ["x", "<none>", "*", "", "80", "10m"],
  ],
  [
    "an Ingress with many hosts, TLS and addresses",
    Ingress as Kind,
    {
      spec: {
        ingressClassName: "nginx",
        tls: [{}],
        rules: ["a", "b", "c", "d"].map((host) => ({ host })),
      },
      status: { loadBalancer: { ingress: [{ ip: "10.0.0.2" }, { hostname: "a.example" }] } },
    },
    ["x", "nginx", "a,b,c + 1 more...", "10.0.0.2,a.example", "80, 443", "10m"],
  ],
  [
    "an IngressClass with parameters",
    IngressClass as Kind,
    {
      spec: {
        controller: "example.com/c",
        parameters: { apiGroup: "k8s.example.com", kind: "IngressParameters", name: "p" },
      },
    },
    ["x", "example.com/c", "IngressParameters.k8s.example.com/p", "10m"],
  ],
  [
    "a NetworkPolicy for all Pods",
    NetworkPolicy as Kind,
    { spec: { podSelector: {} } },
    ["x", "<none>", "10m"],
  ],
  [
    "a budget that says how many may be away",
    PodDisruptionBudget as Kind,
    { spec: { maxUnavailable: "30%", selector }, status: { disruptionsAllowed: 2 } },
    ["x", "N/A", "30%", 2, "10m"],
  ],
];

describe("cells", () => {
  for (const [claim, kind, object, cells] of cases)
    it(claim, () =>
      assert.deepEqual(
        kind.columns.map((column) => column.value({ metadata, ...object } as KubeObject, now)),
        cells,
      ),
    );
});
