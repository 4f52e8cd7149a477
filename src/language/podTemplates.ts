// The Pods that a manifest describes: itself, or by a template of a workload.
import { FieldPath } from "../api/fieldPath.ts";
import type { Pod } from "../api/types.ts";
import { effectiveObject, valueAt } from "./effective.ts";
import { objectsOf } from "./fields.ts";
import type { ManifestDocument } from "./manifest.ts";

export interface PodTemplate {
  /** The object that has it. */
  readonly document: ManifestDocument;
  readonly kind: string;
  readonly name: string;
  /** Where the Pod's metadata and spec are: "" for a Pod, "spec.template" for a workload. */
  readonly path: FieldPath;
  /** As the server would make it, in the author's namespace. */
  readonly pod: Pod;
}

const template = FieldPath.of("spec", "template");

/** Where each kind keeps its Pods' shape. */
const places: Readonly<Record<string, FieldPath>> = {
  "v1/Pod": FieldPath.root,
  "v1/ReplicationController": template,
  "apps/v1/Deployment": template,
  "apps/v1/ReplicaSet": template,
  "apps/v1/StatefulSet": template,
  "apps/v1/DaemonSet": template,
  "batch/v1/Job": template,
  "batch/v1/CronJob": FieldPath.of("spec", "jobTemplate", "spec", "template"),
};

/** Where an object's Pods have their metadata and spec; undefined for kinds that make no Pods. */
export function podPath(apiVersion: unknown, kind: unknown): FieldPath | undefined {
  return places[`${apiVersion}/${kind}`];
}

export function podTemplatesOf(document: ManifestDocument): readonly PodTemplate[] {
  return objectsOf(document).flatMap((each): readonly PodTemplate[] => {
    const { apiVersion, kind } = each.fields ?? {};
    const path = podPath(apiVersion, kind);
    const object = path && effectiveObject(each);
    const shape = object && (valueAt(object, path) as Partial<Pod> | undefined);
    if (!path || !object || !shape?.spec?.containers?.length) return [];
    const { name, namespace = "default" } = object.metadata;
    const pod: Pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...shape.metadata, name, namespace },
      spec: shape.spec,
    };
    return [{ document: each, kind: String(kind), name, path, pod }];
  });
}
