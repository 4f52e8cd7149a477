// Facts of clusters as a test wants them: nodes and Pods by a few words.
import { keyOf, keyText, type ObjectKey } from "../../src/api/object.ts";
import type { Node, Pod } from "../../src/api/types.ts";
import type { SimulatorStatus } from "../../src/client/cluster.ts";
import type { ClusterFacts } from "../../src/vscode/clusterFacts.ts";
import type { EtcdFacts } from "../../src/vscode/etcdElements.ts";

export const noon = Date.UTC(2026, 0, 31, 12);

export const idleStatus: SimulatorStatus = {
  now: noon,
  paused: false,
  speed: 1,
  behind: false,
  faults: [],
  setUp: "services",
  unregistered: [],
  components: [
    { name: "etcd", isRunning: true },
    { name: "kube-apiserver", isRunning: true },
    { name: "kube-controller-manager", isRunning: true },
    { name: "kube-scheduler", isRunning: true },
  ],
  etcd: {
    revision: 42,
    compactRevision: 1,
    keys: 20,
    members: [
      {
        name: "etcd-0",
        role: "leader",
        isCutOff: false,
        term: 2,
        raftIndex: 50,
        appliedIndex: 50,
        revision: 42,
      },
    ],
  },
  apiServer: { reads: 10, writes: 5, failures: 0, watches: 7 },
  scheduler: {
    running: true,
    active: 0,
    backoff: 0,
    unschedulable: 0,
    gated: 0,
    queue: [],
    attempts: 3,
    bound: 3,
  },
  controllers: [
    {
      name: "replicaset-controller",
      running: true,
      queued: 0,
      reconciles: 4,
      writes: 2,
      recent: [],
    },
  ],
};

export interface FactsOptions {
  readonly nodes?: readonly Node[];
  readonly pods?: readonly Pod[];
  /** `undefined` for a remote cluster. */
  readonly status?: SimulatorStatus | undefined;
  readonly etcd?: EtcdFacts;
}

export function factsOf(options: FactsOptions = {}): ClusterFacts {
  const { nodes = [], pods = [] } = options;
  const byKey = new Map(pods.map((pod) => [keyText(keyOf(pod)), pod]));
  const podsOn = (node: string): Pod[] => pods.filter(({ spec }) => (spec.nodeName ?? "") === node);
  return {
    nodes: new Map(nodes.map((node) => [node.metadata.name, node])),
    pod: (key: ObjectKey) => byKey.get(keyText(key)),
    podsOn,
    podCountOn: (node) => podsOn(node).length,
    status: "status" in options ? options.status : idleStatus,
    etcd: options.etcd,
  };
}

export interface NodeOptions {
  readonly ready?: "True" | "False" | "Unknown";
  readonly zone?: string;
  readonly controlPlane?: boolean;
  readonly cordoned?: boolean;
}

export function node(name: string, options: NodeOptions = {}): Node {
  const { ready = "True", zone, controlPlane = false, cordoned = false } = options;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        ...(zone === undefined ? {} : { "topology.kubernetes.io/zone": zone }),
        ...(controlPlane ? { "node-role.kubernetes.io/control-plane": "" } : {}),
      },
    },
    spec: {
      ...(cordoned ? { unschedulable: true } : {}),
      ...(controlPlane
        ? { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] }
        : {}),
    },
    status: {
      capacity: { cpu: "2", memory: "4Gi", pods: "110" },
      allocatable: { cpu: "2", memory: "4Gi", pods: "110" },
      conditions: [
        {
          type: "Ready",
          status: ready,
          reason: "KubeletReady",
          lastTransitionTime: "2026-01-31T11:59:00Z",
        },
      ],
    },
  };
}

export interface PodOptions {
  readonly on?: string;
  readonly namespace?: string;
  readonly phase?: "Pending" | "Running" | "Succeeded" | "Failed";
  readonly waiting?: string;
  readonly restarts?: number;
  readonly deleted?: boolean;
  readonly unschedulable?: string;
}

export function pod(name: string, options: PodOptions = {}): Pod {
  const { on, namespace = "default", phase = on ? "Running" : "Pending", waiting } = options;
  const isReady = phase === "Running" && waiting === undefined;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      ...(options.deleted ? { deletionTimestamp: "2026-01-31T12:00:00Z" } : {}),
    },
    spec: {
      ...(on === undefined ? {} : { nodeName: on }),
      containers: [{ name: "web", image: "nginx:1.27", resources: { requests: { cpu: "500m" } } }],
    },
    status: {
      phase,
      conditions: [
        { type: "Ready", status: isReady ? "True" : "False" },
        ...(options.unschedulable === undefined
          ? []
          : [
              {
                type: "PodScheduled",
                status: "False" as const,
                reason: "Unschedulable",
                message: options.unschedulable,
              },
            ]),
      ],
      ...(on === undefined
        ? {}
        : {
            containerStatuses: [
              {
                name: "web",
                image: "nginx:1.27",
                imageID: "",
                ready: isReady,
                restartCount: options.restarts ?? 0,
                state:
                  waiting === undefined
                    ? { running: { startedAt: "2026-01-31T11:59:30Z" } }
                    : { waiting: { reason: waiting } },
              },
            ],
          }),
    },
  };
}
