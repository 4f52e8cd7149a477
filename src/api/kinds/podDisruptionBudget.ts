// PodDisruptionBudget: how many of a set of Pods may be away at a time by anyone's will.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { PodDisruptionBudget as PodDisruptionBudgetObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  validatePodDisruptionBudget,
  validatePodDisruptionBudgetStatusUpdate,
} from "./podDisruptionBudget/validation.ts";

export const PodDisruptionBudget = defineKind<PodDisruptionBudgetObject>({
  gvk: gvk("policy", "v1", "PodDisruptionBudget"),
  plural: "poddisruptionbudgets",
  shortNames: ["pdb"],
  namespaced: true,
  subresources: ["status"],
  nameRule: "pathSegment",
  checksMetadataLast: true,
  allowsUnconditionalUpdate: false,
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Min Available", "string", ({ spec }) => String(spec.minAvailable ?? "N/A"), {
      field: "policy.v1.PodDisruptionBudgetSpec.minAvailable",
    }),
    column("Max Unavailable", "string", ({ spec }) => String(spec.maxUnavailable ?? "N/A"), {
      field: "policy.v1.PodDisruptionBudgetSpec.maxUnavailable",
    }),
    column("Allowed Disruptions", "integer", ({ status }) => status?.disruptionsAllowed ?? 0, {
      description: "Calculated number of pods that may be disrupted at this time",
    }),
    ageColumn,
  ],
  prepareForCreate(budget) {
    budget.status = {
      currentHealthy: 0,
      desiredHealthy: 0,
      disruptionsAllowed: 0,
      expectedPods: 0,
    };
  },
  validate: validatePodDisruptionBudget,
  validateStatusUpdate: validatePodDisruptionBudgetStatusUpdate,
});
