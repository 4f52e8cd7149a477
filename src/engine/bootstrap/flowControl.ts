// The groups of requests and their shares that every API server begins with.
// Source: apiserver pkg/apis/flowcontrol/bootstrap/default.go, 1.34.
import {
  everyone,
  everyRequest,
  groupSubjects,
  mandatoryFlowSchemas,
  mandatoryPriorityLevels,
} from "../../api/kinds/flowControl/mandatory.ts";
import { FlowSchema } from "../../api/kinds/flowSchema.ts";
import { PriorityLevelConfiguration } from "../../api/kinds/priorityLevelConfiguration.ts";
import type {
  FlowSchemaSpec,
  PriorityLevelConfigurationSpec,
  ResourcePolicyRule,
  Subject,
} from "../../api/types.ts";
import type { LocalClient } from "../localClient.ts";
import { ensure } from "./ensure.ts";

const readAndWrite = ["get", "create", "update"];
const anyNamespace = ["*"];
const kubeSystemAccounts: readonly Subject[] = [
  { kind: "ServiceAccount", serviceAccount: { namespace: "kube-system", name: "*" } },
];

const priorityLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  ...mandatoryPriorityLevels,
  system: queued({ shares: 30, lendable: 33, queues: 64, handSize: 6 }),
  "node-high": queued({ shares: 40, lendable: 25, queues: 64, handSize: 6 }),
  "leader-election": queued({ shares: 10, lendable: 0, queues: 16, handSize: 4 }),
  "workload-high": queued({ shares: 40, lendable: 50, queues: 128, handSize: 6 }),
  "workload-low": queued({ shares: 100, lendable: 90, queues: 128, handSize: 6 }),
  "global-default": queued({ shares: 20, lendable: 50, queues: 128, handSize: 6 }),
};

const flowSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  ...mandatoryFlowSchemas,
  probes: {
    priorityLevelConfiguration: { name: "exempt" },
    matchingPrecedence: 2,
    rules: [
      {
        subjects: everyone,
        nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }],
      },
    ],
  },
  "system-leader-election": schema("leader-election", 100, "ByUser", {
    subjects: [
      ...userSubjects("system:kube-controller-manager", "system:kube-scheduler"),
      ...kubeSystemAccounts,
    ],
    resourceRules: [leases(anyNamespace)],
  }),
  "endpoint-controller": schema("workload-high", 150, "ByUser", {
    subjects: [
      ...userSubjects("system:kube-controller-manager"),
      ...["endpoint-controller", "endpointslicemirroring-controller"].map((name) => ({
        kind: "ServiceAccount",
        serviceAccount: { namespace: "kube-system", name },
      })),
    ],
    resourceRules: [
      rule({
        verbs: readAndWrite,
        apiGroups: [""],
        resources: ["endpoints"],
        namespaces: anyNamespace,
      }),
    ],
  }),
  "workload-leader-election": schema("leader-election", 200, "ByUser", {
    subjects: kubeSystemAccounts,
    resourceRules: [leases(anyNamespace)],
  }),
  "system-node-high": schema("node-high", 400, "ByUser", {
    subjects: groupSubjects("system:nodes"),
    resourceRules: [
      {
        verbs: ["*"],
        apiGroups: [""],
        resources: ["nodes", "nodes/status"],
        clusterScope: true,
        namespaces: anyNamespace,
      },
      rule({
        verbs: ["*"],
        apiGroups: ["coordination.k8s.io"],
        resources: ["leases"],
        namespaces: ["kube-node-lease"],
      }),
    ],
  }),
  "system-nodes": everything("system", 500, "ByUser", groupSubjects("system:nodes")),
  "kube-controller-manager": everything(
    "workload-high",
    800,
    "ByNamespace",
    userSubjects("system:kube-controller-manager"),
  ),
  "kube-scheduler": everything(
    "workload-high",
    800,
    "ByNamespace",
    userSubjects("system:kube-scheduler"),
  ),
  "kube-system-service-accounts": everything(
    "workload-high",
    900,
    "ByNamespace",
    kubeSystemAccounts,
  ),
  "service-accounts": everything(
    "workload-low",
    9_000,
    "ByUser",
    groupSubjects("system:serviceaccounts"),
  ),
  "global-default": everything("global-default", 9_900, "ByUser", everyone),
};

interface Queued {
  readonly shares: number;
  readonly lendable: number;
  readonly queues: number;
  readonly handSize: number;
}

function queued({ shares, lendable, queues, handSize }: Queued): PriorityLevelConfigurationSpec {
  return {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: shares,
      lendablePercent: lendable,
      limitResponse: { type: "Queue", queuing: { queues, handSize, queueLengthLimit: 50 } },
    },
  };
}

type Rules = NonNullable<FlowSchemaSpec["rules"]>[number];

function schema(level: string, precedence: number, method: string, rules: Rules): FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence: precedence,
    distinguisherMethod: { type: method },
    rules: [rules],
  };
}

function everything(
  level: string,
  precedence: number,
  method: string,
  subjects: readonly Subject[],
): FlowSchemaSpec {
  return schema(level, precedence, method, { subjects, ...everyRequest });
}

function userSubjects(...names: string[]): readonly Subject[] {
  return names.map((name) => ({ kind: "User", user: { name } }));
}

function leases(namespaces: readonly string[]): ResourcePolicyRule {
  return rule({
    verbs: readAndWrite,
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    namespaces,
  });
}

function rule(given: ResourcePolicyRule): ResourcePolicyRule {
  return { ...given, clusterScope: false };
}

/** Makes those that are missing; they follow the server's own version of them. */
export function bootstrapFlowControl(client: LocalClient): void {
  const annotations = { "apf.kubernetes.io/autoupdate-spec": "true" };
  for (const [name, spec] of Object.entries(priorityLevels))
    ensure(client, PriorityLevelConfiguration, {
      apiVersion: PriorityLevelConfiguration.apiVersion,
      kind: PriorityLevelConfiguration.gvk.kind,
      metadata: { name, annotations },
      spec,
    });
  for (const [name, spec] of Object.entries(flowSchemas)) {
    ensure(client, FlowSchema, {
      apiVersion: FlowSchema.apiVersion,
      kind: FlowSchema.gvk.kind,
      metadata: { name, annotations },
      spec,
    });
    sayItsLevelExists(client, name);
  }
}

/** Source: apiserver pkg/util/flowcontrol/apf_controller.go syncFlowSchemaStatus. */
function sayItsLevelExists(client: LocalClient, name: string): void {
  const schema = client.get(FlowSchema, { namespace: "", name });
  if (schema.status?.conditions) return;
  const level = JSON.stringify(schema.spec.priorityLevelConfiguration.name);
  const condition = {
    type: "Dangling",
    status: "False",
    reason: "Found",
    message: `This FlowSchema references the PriorityLevelConfiguration object named ${level} and it exists`,
    ...(schema.metadata.creationTimestamp
      ? { lastTransitionTime: schema.metadata.creationTimestamp }
      : {}),
  };
  client.updateStatus(FlowSchema, { ...schema, status: { conditions: [condition] } });
}
