// The objects of flow control that must be there, and as they are.
// Source: apiserver pkg/apis/flowcontrol/bootstrap/default.go, kubernetes v1.34.
import type {
  FlowSchemaSpec,
  PolicyRulesWithSubjects,
  PriorityLevelConfigurationSpec,
  Subject,
} from "../../types.ts";

type Rules = Omit<PolicyRulesWithSubjects, "subjects">;

/** Every request there can be. */
export const everyRequest: Rules = {
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
  resourceRules: [
    { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] },
  ],
};

export function groupSubjects(...names: string[]): readonly Subject[] {
  return names.map((name) => ({ kind: "Group", group: { name } }));
}

/** Who has authenticated and who has not. */
export const everyone: readonly Subject[] = groupSubjects(
  "system:unauthenticated",
  "system:authenticated",
);

export const mandatoryPriorityLevels: Readonly<Record<string, PriorityLevelConfigurationSpec>> = {
  exempt: { type: "Exempt", exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } },
  "catch-all": {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: 5,
      lendablePercent: 0,
      limitResponse: { type: "Reject" },
    },
  },
};

export const mandatoryFlowSchemas: Readonly<Record<string, FlowSchemaSpec>> = {
  exempt: {
    priorityLevelConfiguration: { name: "exempt" },
    matchingPrecedence: 1,
    rules: [{ subjects: groupSubjects("system:masters"), ...everyRequest }],
  },
  "catch-all": {
    priorityLevelConfiguration: { name: "catch-all" },
    matchingPrecedence: 10_000,
    distinguisherMethod: { type: "ByUser" },
    rules: [{ subjects: everyone, ...everyRequest }],
  },
};
