// The count of a DaemonSet's templates: a field of the old API that lives on as an annotation.
// Source: pkg/apis/apps/v1/conversion.go and pkg/registry/apps/daemonset/strategy.go, kubernetes v1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import type { DaemonSet } from "../../types.ts";

const annotation = "deprecated.daemonset.template.generation";

/** The count as it was sent; 0 if nobody sent one. */
export function templateGenerationOf({ metadata }: { metadata: DaemonSet["metadata"] }): number {
  return Number(metadata.annotations?.[annotation] ?? 0) || 0;
}

export function setTemplateGeneration({ metadata }: Draft<DaemonSet>, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [annotation]: String(generation) };
}

/** A new template is the next generation, whatever the client says. */
export function carryTemplateGeneration(set: Draft<DaemonSet>, old: DaemonSet): void {
  const isNew = !dequal(set.spec.template, old.spec.template);
  setTemplateGeneration(set, templateGenerationOf(old) + (isNew ? 1 : 0));
}
