// Random small clusters for property tests: crowded enough that every plugin has something to say.
import fc from "fast-check";
import type { Node, Pod } from "../../src/api/types.ts";
import { freeze } from "../../src/base/draft.ts";

const zones = ["a", "b", "c"];
const apps = ["web", "db", "cache"];
const zoneLabel = "topology.kubernetes.io/zone";
const hostLabel = "kubernetes.io/hostname";

interface NodeDraw {
  readonly zone: string | undefined;
  readonly cpu: number;
  readonly pods: number;
  readonly isTainted: boolean;
  readonly isCordoned: boolean;
}

const nodeDraw: fc.Arbitrary<NodeDraw> = fc.record({
  zone: fc.option(fc.constantFrom(...zones), { nil: undefined }),
  cpu: fc.integer({ min: 1, max: 4 }),
  pods: fc.integer({ min: 1, max: 6 }),
  isTainted: fc.boolean(),
  isCordoned: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});

function nodeOf({ zone, cpu, pods, isTainted, isCordoned }: NodeDraw, index: number): Node {
  const name = `node-${index}`;
  const allocatable = { cpu: String(cpu), memory: "8Gi", pods: String(pods) };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { [hostLabel]: name, ...(zone ? { [zoneLabel]: zone } : {}) } },
    spec: {
      ...(isCordoned ? { unschedulable: true } : {}),
      ...(isTainted ? { taints: [{ key: "gpu", effect: "NoSchedule" }] } : {}),
    },
    status: { allocatable },
  };
}

interface PodDraw {
  readonly app: string;
  readonly milliCpu: number;
  readonly priority: number;
  readonly tolerates: boolean;
  readonly hostPort: number | undefined;
  readonly avoids: string | undefined;
  readonly prefers: string | undefined;
  readonly spreadSkew: number | undefined;
  readonly nodeIndex: number;
}

const podDraw: fc.Arbitrary<PodDraw> = fc.record({
  app: fc.constantFrom(...apps),
  milliCpu: fc.integer({ min: 0, max: 15 }).map((n) => n * 100),
  priority: fc.constantFrom(0, 10, 100),
  tolerates: fc.boolean(),
  hostPort: fc.option(fc.constantFrom(80, 443), { nil: undefined, freq: 4 }),
  avoids: fc.option(fc.constantFrom(...apps), { nil: undefined }),
  prefers: fc.option(fc.constantFrom(...apps), { nil: undefined }),
  spreadSkew: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  nodeIndex: fc.nat(),
});

function podOf(draw: PodDraw, name: string, nodeName?: string): Pod {
  const { app, milliCpu, priority, tolerates, hostPort, avoids, prefers, spreadSkew } = draw;
  const term = (label: string, topologyKey: string) => ({
    labelSelector: { matchLabels: { app: label } },
    topologyKey,
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", uid: `uid-${name}`, labels: { app } },
    spec: {
      priority,
      ...(nodeName === undefined ? {} : { nodeName }),
      ...(tolerates ? { tolerations: [{ operator: "Exists" as const }] } : {}),
      containers: [
        {
          name: "main",
          image: "app",
          resources: { requests: { cpu: `${milliCpu}m`, memory: "100Mi" } },
          ...(hostPort ? { ports: [{ containerPort: hostPort, hostPort }] } : {}),
        },
      ],
      affinity: {
        ...(avoids
          ? {
              podAntiAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: [term(avoids, hostLabel)],
              },
            }
          : {}),
        ...(prefers
          ? {
              podAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [
                  { weight: 10, podAffinityTerm: term(prefers, zoneLabel) },
                ],
              },
            }
          : {}),
      },
      ...(spreadSkew
        ? {
            topologySpreadConstraints: [
              {
                labelSelector: { matchLabels: { app } },
                maxSkew: spreadSkew,
                topologyKey: zoneLabel,
                whenUnsatisfiable: "DoNotSchedule" as const,
              },
            ],
          }
        : {}),
    },
  };
}

export interface RandomCluster {
  readonly nodes: readonly Node[];
  /** Bound to the nodes, whether they fit there or not, but without host ports. */
  readonly pods: readonly Pod[];
  /** To be placed. */
  readonly pending: readonly Pod[];
  readonly seed: number;
}

/** Pods don't require to be near others: that is the one wish that an emptier node can disappoint. */
export const randomClusters: fc.Arbitrary<RandomCluster> = fc
  .record({
    nodes: fc.array(nodeDraw, { minLength: 1, maxLength: 8 }),
    pods: fc.array(podDraw, { maxLength: 16 }),
    pending: fc.array(podDraw, { minLength: 1, maxLength: 4 }),
    seed: fc.integer(),
  })
  .map(({ nodes, pods, pending, seed }) =>
    freeze({
      nodes: nodes.map(nodeOf),
      pods: pods.map((draw, i) =>
        podOf(
          { ...draw, hostPort: undefined },
          `bound-${i}`,
          `node-${draw.nodeIndex % nodes.length}`,
        ),
      ),
      pending: pending.map((draw, i) => podOf(draw, `pending-${i}`)),
      seed,
    }),
  );
