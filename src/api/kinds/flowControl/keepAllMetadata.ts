// A status of flow control carries nothing of the writer's metadata but who manages which field.
// Source: pkg/registry/flowcontrol/flowschema strategy flowSchemaStatusStrategy, kubernetes v1.34.
import { type Draft, draft } from "../../../base/draft.ts";
import type { KubeObject } from "../../object.ts";

export function keepAllMetadata(object: Draft<KubeObject>, old: KubeObject): void {
  const { managedFields } = object.metadata;
  object.metadata = draft(old.metadata);
  if (managedFields) object.metadata.managedFields = managedFields;
}
