// FlowSchema: which requests belong together when the API server has too many.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { FlowSchema as FlowSchemaObject } from "../types.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import {
  setFlowSchemaDefaults,
  validateFlowSchema,
  validateFlowSchemaStatus,
} from "./flowControl/flowSchema.ts";
import { keepAllMetadata } from "./flowControl/keepAllMetadata.ts";

export const FlowSchema = defineKind<FlowSchemaObject>({
  gvk: gvk("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema"),
  plural: "flowschemas",
  namespaced: false,
  subresources: ["status"],
  desiredState: ({ spec }) => spec,
  columns: [
    nameColumn,
    column("PriorityLevel", "string", ({ spec }) => spec.priorityLevelConfiguration?.name ?? "", {
      field: "flowcontrol.v1.PriorityLevelConfigurationReference.name",
    }),
    column("MatchingPrecedence", "string", ({ spec }) => spec.matchingPrecedence ?? 0, {
      field: "flowcontrol.v1.FlowSchemaSpec.matchingPrecedence",
    }),
    column(
      "DistinguisherMethod",
      "string",
      ({ spec }) => spec.distinguisherMethod?.type ?? "<none>",
      {
        field: "flowcontrol.v1.FlowSchemaSpec.distinguisherMethod",
      },
    ),
    ageColumn,
    column(
      "MissingPL",
      "string",
      ({ status }) => status?.conditions?.find(({ type }) => type === "Dangling")?.status ?? "?",
      { description: "references a broken or non-existent PriorityLevelConfiguration" },
    ),
  ],
  /** In the order in which they are tried. Source: apihelpers.FlowSchemaSequence. */
  compareRows: (a, b) =>
    (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0) ||
    (a.metadata.name < b.metadata.name ? -1 : 1),
  prepareForCreate(schema) {
    schema.status = {};
  },
  prepareForSubresource: (_subresource, schema, old) => keepAllMetadata(schema, old),
  setDefaults: setFlowSchemaDefaults,
  validate: validateFlowSchema,
  validateStatusUpdate: validateFlowSchemaStatus,
});
