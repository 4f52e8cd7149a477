// What the server makes of workloads, autoscalers, budgets and networking objects.
import assert from "node:assert/strict";
import type { Kind } from "../../../src/api/kind.ts";
import { ControllerRevision } from "../../../src/api/kinds/controllerRevision.ts";
import { CronJob } from "../../../src/api/kinds/cronJob.ts";
import { DaemonSet } from "../../../src/api/kinds/daemonSet.ts";
import { Deployment } from "../../../src/api/kinds/deployment.ts";
import { HorizontalPodAutoscalerV1 } from "../../../src/api/kinds/horizontalPodAutoscaler/v1.ts";
import { HorizontalPodAutoscaler } from "../../../src/api/kinds/horizontalPodAutoscaler.ts";
import { Ingress } from "../../../src/api/kinds/ingress.ts";
import { IngressClass } from "../../../src/api/kinds/ingressClass.ts";
import { Job } from "../../../src/api/kinds/job.ts";
import { NetworkPolicy } from "../../../src/api/kinds/networkPolicy.ts";
import { PodDisruptionBudget } from "../../../src/api/kinds/podDisruptionBudget.ts";
import { RoleBinding } from "../../../src/api/kinds/rbac/roleBinding.ts";
import { ReplicaSet } from "../../../src/api/kinds/replicaSet.ts";
import { StatefulSet } from "../../../src/api/kinds/statefulSet.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type { Status } from "../../../src/api/status.ts";
import type {
  AutoscalingV1HorizontalPodAutoscaler,
  DaemonSet as DaemonSetObject,
  Job as JobObject,
  HorizontalPodAutoscaler as V2,
} from "../../../src/api/types.ts";
import { messageOf, TestServer } from "./testServer.ts";

const labels = { app: "x" };
const selector = { matchLabels: labels };
const podSpec = { containers: [{ name: "c", image: "nginx:1" }] };
const template = { metadata: { labels }, spec: podSpec };
const jobTemplate = { spec: { ...podSpec, restartPolicy: "Never" } };
const metadata = { name: "x" };

const deployment = { metadata, spec: { selector, template } };
const statefulSet = { metadata, spec: { serviceName: "x", selector, template } };
const daemonSet = { metadata, spec: { selector, template } };
const job = { metadata, spec: { template: jobTemplate } };
const cronJob = {
  metadata,
  spec: { schedule: "*/5 * * * *", jobTemplate: { spec: { template: jobTemplate } } },
};
const budget = { metadata, spec: { minAvailable: 1, selector } };
const autoscaler = {
  metadata,
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "x" },
    maxReplicas: 3,
  },
};
const ingress = {
  metadata,
  spec: { defaultBackend: { service: { name: "web", port: { number: 80 } } } },
};
const binding = {
  metadata,
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "a" },
};
const revision = { metadata, data: { spec: {} }, revision: 1 };

describe("creation of", () => {
  const cases: readonly (readonly [Kind, object, unknown, number | undefined])[] = [
    [Deployment as Kind, deployment, {}, 1],
    [ReplicaSet as Kind, deployment, { replicas: 0 }, 1],
    [StatefulSet as Kind, statefulSet, { availableReplicas: 0, replicas: 0 }, 1],
    [
      DaemonSet as Kind,
      daemonSet,
      {
        currentNumberScheduled: 0,
        desiredNumberScheduled: 0,
        numberMisscheduled: 0,
        numberReady: 0,
      },
      1,
    ],
    [Job as Kind, job, {}, 1],
    [CronJob as Kind, cronJob, {}, 1],
    [
      HorizontalPodAutoscaler as Kind,
      autoscaler,
      { currentMetrics: null, desiredReplicas: 0 },
      undefined,
    ],
    [
      PodDisruptionBudget as Kind,
      budget,
      { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
      1,
    ],
    [Ingress as Kind, ingress, { loadBalancer: {} }, 1],
    [NetworkPolicy as Kind, { metadata, spec: { podSelector: {} } }, undefined, 1],
    [IngressClass as Kind, { metadata, spec: { controller: "a.io/b" } }, undefined, 1],
    [ControllerRevision as Kind, revision, undefined, undefined],
  ];
  for (const [kind, object, status, generation] of cases)
    it(`a ${kind.gvk.kind} drops what is said of its status and counts its generation`, () => {
      const said = { ...object, status: { replicas: 7 } };
      const { code, body } = new TestServer().create(kind, said);
      const made = body as KubeObject & { readonly status?: unknown };
      assert.equal(code, 201, (body as Status).message);
      assert.deepEqual(kind.subresources.includes("status") ? made.status : undefined, status);
      assert.equal(made.metadata.generation, generation);
    });

  it("a Job marks its Pods with its own uid", () => {
    const made = new TestServer().create(Job, job).body as JobObject;
    const uid = made.metadata.uid ?? "";
    assert.deepEqual(made.spec.selector, {
      matchLabels: { "batch.kubernetes.io/controller-uid": uid },
    });
    const marks = {
      "batch.kubernetes.io/controller-uid": uid,
      "batch.kubernetes.io/job-name": "x",
      "controller-uid": uid,
      "job-name": "x",
    };
    assert.deepEqual(made.spec.template.metadata?.labels, marks);
    assert.deepEqual(made.metadata.labels, marks);
  });

  it("a Job with a selector of its author's keeps it", () => {
    const spec = {
      manualSelector: true,
      selector,
      template: { ...jobTemplate, metadata: { labels } },
    };
    const made = new TestServer().create(Job, { metadata, spec }).body as JobObject;
    assert.deepEqual(made.spec.selector, selector);
  });
});

describe("a refused change of", () => {
  const statefulSetRule =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  const otherSelector = { spec: { selector: { matchLabels: { app: "y" } } } };
  const cases: readonly (readonly [string, Kind, object, object, string])[] = [
    [
      "a Deployment's selector",
      Deployment as Kind,
      deployment,
      {
        spec: {
          selector: { matchLabels: { b: "c" } },
          template: { metadata: { labels: { b: "c" } } },
        },
      },
      'Deployment.apps "x" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"x","b":"c"}}: field is immutable',
    ],
    [
      "a DaemonSet's selector",
      DaemonSet as Kind,
      daemonSet,
      otherSelector,
      'DaemonSet.apps "x" is invalid: [spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`, spec.selector: Invalid value: {"matchLabels":{"app":"y"}}: field is immutable]',
    ],
    [
      "a StatefulSet's service",
      StatefulSet as Kind,
      statefulSet,
      { spec: { serviceName: "y" } },
      `StatefulSet.apps "x" is invalid: spec: Forbidden: ${statefulSetRule}`,
    ],
    [
      "a Job's completions",
      Job as Kind,
      job,
      { spec: { completions: 3 } },
      'Job.batch "x" is invalid: spec.completions: Invalid value: 3: field is immutable',
    ],
    [
      "an indexed Job's completions alone",
      Job as Kind,
      {
        metadata,
        spec: { completionMode: "Indexed", completions: 2, parallelism: 2, template: jobTemplate },
      },
      { spec: { completions: 3 } },
      'Job.batch "x" is invalid: spec.completions: Invalid value: 3: can only be modified in tandem with spec.parallelism',
    ],
    [
      "a binding's role",
      RoleBinding as Kind,
      binding,
      { roleRef: { name: "b" } },
      'RoleBinding.rbac.authorization.k8s.io "x" is invalid: roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"b"}: cannot change roleRef',
    ],
    [
      "a ControllerRevision's data",
      ControllerRevision as Kind,
      revision,
      { data: { spec: { a: 1 } } },
      'ControllerRevision.apps "x" is invalid: data: Invalid value: {"spec":{"a":1}}: field is immutable',
    ],
    [
      "an IngressClass's controller",
      IngressClass as Kind,
      { metadata, spec: { controller: "a.io/b" } },
      { spec: { controller: "a.io/c" } },
      'IngressClass.networking.k8s.io "x" is invalid: spec.controller: Invalid value: "a.io/c": field is immutable',
    ],
  ];
  for (const [what, kind, object, patch, message] of cases)
    it(`${what} says why`, () => {
      const server = new TestServer();
      server.create(kind, object);
      assert.equal(messageOf(server.patch(kind, "x", patch)), `422 ${message}`);
    });
});

describe("a refused report of", () => {
  const cases: readonly (readonly [string, Kind, object, object, string])[] = [
    [
      "more ready replicas than there are",
      Deployment as Kind,
      deployment,
      { replicas: 1, readyReplicas: 2 },
      'Deployment.apps "x" is invalid: status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
    ],
    [
      "fewer than no replicas",
      StatefulSet as Kind,
      statefulSet,
      { readyReplicas: -1, collisionCount: -2 },
      'StatefulSet.apps "x" is invalid: [status.readyReplicas: Invalid value: -1: must be greater than or equal to 0, status.collisionCount: Invalid value: -2: must be greater than or equal to 0, status.availableReplicas: Invalid value: 0: cannot be greater than status.readyReplicas]',
    ],
    [
      "a Job's end that was not announced",
      Job as Kind,
      job,
      {
        startTime: "2026-01-31T09:00:00Z",
        completionTime: "2026-01-31T09:00:01Z",
        conditions: [{ type: "Complete", status: "True" }],
      },
      'Job.batch "x" is invalid: status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
    ],
    [
      "indexes of a Job that has none",
      Job as Kind,
      job,
      { completedIndexes: "0" },
      'Job.batch "x" is invalid: status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
    ],
    [
      "a condition without a reason",
      PodDisruptionBudget as Kind,
      budget,
      {
        conditions: [
          { type: "A", status: "True", lastTransitionTime: "2026-01-31T09:00:00Z", message: "" },
        ],
      },
      'PodDisruptionBudget.policy "x" is invalid: status.conditions[0].reason: Required value: must be set',
    ],
    [
      "an address that is none",
      Ingress as Kind,
      ingress,
      { loadBalancer: { ingress: [{ ip: "1.2.3" }] } },
      'Ingress.networking.k8s.io "x" is invalid: status.loadBalancer.ingress[0].ip: Invalid value: "1.2.3": must be a valid IP address',
    ],
  ];
  for (const [what, kind, object, status, message] of cases)
    it(`${what} says why`, () => {
      const server = new TestServer();
      server.create(kind, object);
      const answer = server.patch(kind, "x", { status }, "status");
      assert.equal(messageOf(answer), `422 ${message}`);
    });
});

describe("warnings", () => {
  const cases: readonly (readonly [string, Kind, object, readonly string[]])[] = [
    [
      "a name that is no host name",
      Deployment as Kind,
      { ...deployment, metadata: { name: "a.b" } },
      [
        "metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      ],
    ],
    [
      "a variable that hides another",
      DaemonSet as Kind,
      {
        metadata,
        spec: {
          selector,
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: "c",
                  image: "x",
                  env: [
                    { name: "A", value: "1" },
                    { name: "A", value: "2" },
                    { name: "A", value: "$(A)3" },
                  ],
                },
              ],
            },
          },
        },
      },
      [
        'spec.template.spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
      ],
    ],
    [
      "an old label of Nodes, and memory in parts of bytes",
      CronJob as Kind,
      {
        metadata,
        spec: {
          schedule: "@hourly",
          jobTemplate: {
            spec: {
              template: {
                spec: {
                  restartPolicy: "Never",
                  nodeSelector: { "beta.kubernetes.io/os": "linux" },
                  containers: [
                    { name: "c", image: "x", resources: { requests: { memory: "100m" } } },
                  ],
                },
              },
            },
          },
        },
      },
      [
        'spec.jobTemplate.spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
        'spec.jobTemplate.spec.template.spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
      ],
    ],
    [
      "a range with bits beyond its prefix",
      NetworkPolicy as Kind,
      {
        metadata,
        spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: "10.1.2.3/16" } }] }] },
      },
      [
        'spec.ingress[0].from[0].ipBlock.cidr: CIDR value "10.1.2.3/16" is ambiguous in this context (should be "10.1.0.0/16" or "10.1.2.3/32"?)',
      ],
    ],
    [
      "an Ingress that names its class by annotation",
      Ingress as Kind,
      {
        ...ingress,
        metadata: { name: "x", annotations: { "kubernetes.io/ingress.class": "nginx" } },
      },
      [
        "annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead",
      ],
    ],
  ];
  for (const [what, kind, object, warnings] of cases)
    it(`tell of ${what}`, () => {
      const answer = new TestServer().create(kind, object);
      assert.equal(answer.code, 201, (answer.body as Status).message);
      assert.deepEqual(answer.warnings, warnings);
    });

  it("are silent about a template that did not change", () => {
    const server = new TestServer();
    server.create(Deployment, { ...deployment, metadata: { name: "a.b" } });
    assert.deepEqual(server.patch(Deployment, "a.b", { metadata: { labels } }).warnings, []);
  });
});

describe("the deletion of a Job", () => {
  const warning =
    "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning";

  it("keeps its Pods and says so, if nobody asks for more", () => {
    const server = new TestServer();
    server.create(Job, job);
    const { body, warnings } = server.send(Job, "delete", { name: "x" });
    assert.deepEqual((body as KubeObject).metadata.finalizers, ["orphan"]);
    assert.deepEqual(warnings, [warning]);
  });

  it("is silent about what was asked for", () => {
    const server = new TestServer();
    server.create(Job, job);
    const options = { propagationPolicy: "Background" } as const;
    const { body, warnings } = server.send(Job, "delete", { name: "x", options });
    assert.equal((body as Status).status, "Success");
    assert.deepEqual(warnings, []);
  });
});

describe("a DaemonSet's count of templates", () => {
  const generationOf = (body: unknown) =>
    (body as DaemonSetObject).metadata.annotations?.["deprecated.daemonset.template.generation"];

  it("begins at 1 and follows the template, not the client", () => {
    const server = new TestServer();
    assert.equal(generationOf(server.create(DaemonSet, daemonSet).body), "1");
    const slower = { spec: { minReadySeconds: 5 } };
    assert.equal(generationOf(server.patch(DaemonSet, "x", slower).body), "1");
    const other = { spec: { template: { metadata: { annotations: { a: "b" } } } } };
    assert.equal(generationOf(server.patch(DaemonSet, "x", other).body), "2");
  });
});

describe("a budget", () => {
  it("is replaced only by someone who has seen it", () => {
    const server = new TestServer();
    server.create(PodDisruptionBudget, budget);
    assert.equal(
      messageOf(server.send(PodDisruptionBudget, "update", { name: "x", body: budget })),
      '422 poddisruptionbudgets.policy "x" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });
});

describe("the two versions of an autoscaler", () => {
  const prefix = "autoscaling.alpha.kubernetes.io";
  const read = <T>(server: TestServer, kind: Kind): T =>
    server.send(kind, "get", { name: "x" }).body as T;

  it("show the same target", () => {
    const server = new TestServer();
    const spec = { ...autoscaler.spec, targetCPUUtilizationPercentage: 60 };
    server.create(HorizontalPodAutoscalerV1, { metadata, spec });
    assert.deepEqual(read<V2>(server, HorizontalPodAutoscaler).spec.metrics, [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
      },
    ]);
  });

  it("agree on the default", () => {
    const server = new TestServer();
    const made = server.create(HorizontalPodAutoscalerV1, autoscaler)
      .body as AutoscalingV1HorizontalPodAutoscaler;
    assert.equal(made.spec.targetCPUUtilizationPercentage, 80);
    assert.deepEqual(made.status, { currentReplicas: 0, desiredReplicas: 0 });
  });

  it("carry what the first does not know in annotations", () => {
    const server = new TestServer();
    server.create(HorizontalPodAutoscaler, {
      metadata,
      spec: {
        ...autoscaler.spec,
        metrics: [
          {
            type: "Pods",
            pods: { metric: { name: "q" }, target: { type: "AverageValue", averageValue: "10" } },
          },
        ],
        behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
      },
    });
    const rules = (window: number | null, policies: string) =>
      `{"StabilizationWindowSeconds":${window},"SelectPolicy":"Max","Policies":[${policies}],"Tolerance":null}`;
    const percent = '{"Type":"Percent","Value":100,"PeriodSeconds":15}';
    const v1 = read<AutoscalingV1HorizontalPodAutoscaler>(server, HorizontalPodAutoscalerV1);
    assert.deepEqual(v1.metadata.annotations, {
      [`${prefix}/metrics`]:
        '[{"type":"Pods","pods":{"metricName":"q","targetAverageValue":"10"}}]',
      [`${prefix}/behavior`]: `{"ScaleUp":${rules(0, `{"Type":"Pods","Value":4,"PeriodSeconds":15},${percent}`)},"ScaleDown":${rules(60, percent)}}`,
    });
    assert.equal(v1.spec.targetCPUUtilizationPercentage, undefined);
  });

  it("keep all of it when the first is written", () => {
    const server = new TestServer();
    server.create(HorizontalPodAutoscaler, {
      metadata,
      spec: { ...autoscaler.spec, behavior: { scaleDown: { selectPolicy: "Disabled" } } },
    });
    const before = read<V2>(server, HorizontalPodAutoscaler);
    server.patch(HorizontalPodAutoscalerV1, "x", { spec: { maxReplicas: 9 } });
    const after = read<V2>(server, HorizontalPodAutoscaler);
    assert.deepEqual(after.spec, { ...before.spec, maxReplicas: 9 });
    assert.equal(after.metadata.annotations, undefined);
  });
});
