// Namespaces. Source: pkg/apis/core/validation ValidateNamespace, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { Namespace } from "../../types.ts";
import { checkQualifiedName, each } from "../../validation/fields.ts";
import { validateKubernetesFinalizer } from "../../validation/objectMeta.ts";

/** Every Namespace carries its own name as a label. Source: SetDefaults_Namespace. */
export function setNamespaceDefaults({ metadata }: Draft<Namespace>): void {
  if (metadata.name)
    metadata.labels = { ...metadata.labels, "kubernetes.io/metadata.name": metadata.name };
}

export function validateNamespace({ spec }: Namespace): FieldError[] {
  const path = FieldPath.of("spec", "finalizers");
  return (spec?.finalizers ?? []).flatMap((finalizer) => [
    ...checkQualifiedName(finalizer, path),
    ...validateKubernetesFinalizer(finalizer, path),
  ]);
}

/** Of the subresource "finalize". Source: ValidateNamespaceFinalizeUpdate. */
export function validateNamespaceFinalizers({ spec }: Namespace): FieldError[] {
  return each(spec?.finalizers, FieldPath.of("spec", "finalizers"), (finalizer, at) => [
    ...checkQualifiedName(finalizer, at),
    ...validateKubernetesFinalizer(finalizer, at),
  ]);
}

/** Nothing but metadata is checked when a Namespace changes. */
export function validateNamespaceUpdate(): FieldError[] {
  return [];
}

export function validateNamespaceStatusUpdate({ metadata, status }: Namespace): FieldError[] {
  const [wanted, when] = metadata.deletionTimestamp
    ? ["Terminating", "not empty"]
    : ["Active", "empty"];
  return status?.phase === wanted
    ? []
    : [
        invalid(
          FieldPath.of("status", "Phase"),
          status?.phase ?? "",
          `may only be '${wanted}' if \`deletionTimestamp\` is ${when}`,
        ),
      ];
}
