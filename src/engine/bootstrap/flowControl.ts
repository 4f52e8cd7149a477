// How kube-apiserver shares its attention out before anybody says otherwise.
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
  PolicyRulesWithSubjects,
  PriorityLevelConfigurationSpec,
  ResourcePolicyRule,
  Subject,
} from "../../api/types.ts";
import type { LocalClient } from "../localClient.ts";
import { ensure } from "./ensure.ts";

export function ensureFlowControl(client: LocalClient): void {
  for (const [name, spec] of Object.entries({ ...mandatoryPriorityLevels, ...suggestedLevels }))
    ensure(client, PriorityLevelConfiguration, {
      apiVersion: PriorityLevelConfiguration.apiVersion,
      kind: PriorityLevelConfiguration.gvk.kind,
      metadata: metadataOf(name),
      spec,
    });
  for (const [name, spec] of Object.entries({ ...mandatoryFlowSchemas, ...suggestedSchemas }))
    ensure(client, FlowSchema, {
      apiVersion: FlowSchema.apiVersion,
      kind: FlowSchema.gvk.kind,
      metadata: metadataOf(name),
      spec,
    });
}

/** The server brings these objects up to date with each of its releases. */
function metadataOf(name: string) {
  return { name, annotations: { "apf.kubernetes.io/autoupdate-spec": "true" } };
}

/** @param shares of the server's concurrency; `lendable` is how much of them others may use, in percent */
function queued(
  shares: number,
  queues: number,
  handSize: number,
  lendable: number,
): PriorityLevelConfigurationSpec {
  return {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: shares,
      lendablePercent: lendable,
      limitResponse: { type: "Queue", queuing: { queues, handSize, queueLengthLimit: 50 } },
    },
  };
}

const suggestedLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  system: queued(30, 64, 6, 33),
  "node-high": queued(40, 64, 6, 25),
  "leader-election": queued(10, 16, 4, 0),
  "workload-high": queued(40, 128, 6, 50),
  "workload-low": queued(100, 128, 6, 90),
  "global-default": queued(20, 128, 6, 50),
};

type Method = "ByUser" | "ByNamespace";

function schema(
  level: string,
  matchingPrecedence: number,
  method: Method | undefined,
  ...rules: readonly PolicyRulesWithSubjects[]
): FlowSchemaSpec {
  return {
    priorityLevelConfiguration: { name: level },
    matchingPrecedence,
    ...(method ? { distinguisherMethod: { type: method } } : {}),
    rules,
  };
}

const everywhere = { clusterScope: true, namespaces: ["*"] } as const;

function rule(
  verbs: readonly string[],
  apiGroup: string,
  resources: readonly string[],
  where: Pick<ResourcePolicyRule, "clusterScope" | "namespaces">,
): ResourcePolicyRule {
  return { verbs, apiGroups: [apiGroup], resources, ...where };
}

function user(name: string): Subject {
  return { kind: "User", user: { name } };
}

const leases = rule(["*"], "coordination.k8s.io", ["leases"], { namespaces: ["*"] });
const nodes = groupSubjects("system:nodes");
const systemAccounts: Subject = {
  kind: "ServiceAccount",
  serviceAccount: { namespace: "kube-system", name: "*" },
};
const controllers = [user("system:kube-controller-manager"), user("system:kube-scheduler")];

function component(name: string): FlowSchemaSpec {
  return schema("workload-high", 800, "ByNamespace", { subjects: [user(name)], ...everyRequest });
}

const suggestedSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  probes: schema("exempt", 2, undefined, {
    subjects: everyone,
    nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }],
  }),
  "system-leader-election": schema("leader-election", 100, "ByUser", {
    subjects: [...controllers, systemAccounts],
    resourceRules: [{ ...leases, verbs: ["get", "create", "update"] }],
  }),
  "system-node-high": schema("node-high", 400, "ByUser", {
    subjects: nodes,
    resourceRules: [rule(["*"], "", ["nodes", "nodes/status"], everywhere), leases],
  }),
  "system-nodes": schema("system", 500, "ByUser", { subjects: nodes, ...everyRequest }),
  "kube-controller-manager": component("system:kube-controller-manager"),
  "kube-scheduler": component("system:kube-scheduler"),
  "kube-system-service-accounts": schema("workload-high", 900, "ByNamespace", {
    subjects: [systemAccounts],
    ...everyRequest,
  }),
  "service-accounts": schema("workload-low", 9_000, "ByUser", {
    subjects: groupSubjects("system:serviceaccounts"),
    ...everyRequest,
  }),
  "global-default": schema("global-default", 9_900, "ByUser", {
    subjects: everyone,
    ...everyRequest,
  }),
};
