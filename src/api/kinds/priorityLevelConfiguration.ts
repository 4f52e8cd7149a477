// PriorityLevelConfiguration: how much of the API server a group of requests may keep busy.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type {
  PriorityLevelConfiguration as PriorityLevelObject,
  QueuingConfiguration,
} from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { keepAllMetadata } from "./flowControl/keepAllMetadata.ts";
import {
  setPriorityLevelDefaults,
  validatePriorityLevel,
  validatePriorityLevelStatus,
} from "./flowControl/priorityLevel.ts";

export const PriorityLevelConfiguration = defineKind<PriorityLevelObject>({
  gvk: gvk("flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration"),
  plural: "prioritylevelconfigurations",
  namespaced: false,
  subresources: ["status"],
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("Type", "string", ({ spec }) => spec.type, {
      field: "flowcontrol.v1.PriorityLevelConfigurationSpec.type",
    }),
    column(
      "NominalConcurrencyShares",
      "string",
      ({ spec }) => spec.limited?.nominalConcurrencyShares ?? "<none>",
      { field: "flowcontrol.v1.LimitedPriorityLevelConfiguration.nominalConcurrencyShares" },
    ),
    ...(["queues", "handSize", "queueLengthLimit"] as const).map((field) => queuingColumn(field)),
    ageColumn,
  ],
  prepareForCreate(level) {
    level.status = {};
  },
  prepareForSubresource: (_subresource, level, old) => keepAllMetadata(level, old),
  setDefaults: setPriorityLevelDefaults,
  validate: validatePriorityLevel,
  validateStatusUpdate: validatePriorityLevelStatus,
});

function queuingColumn(field: keyof QueuingConfiguration) {
  const name = field.charAt(0).toUpperCase() + field.slice(1);
  return column<PriorityLevelObject>(
    name,
    "string",
    ({ spec }) => spec.limited?.limitResponse?.queuing?.[field] ?? "<none>",
    { field: `flowcontrol.v1.QueuingConfiguration.${field}` },
  );
}
