// Templates of Pods in workloads. Source: pkg/apis/core/validation ValidatePodTemplateSpec,
// kubernetes v1.34.
import {
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { Selector } from "../../../selector.ts";
import type { PodTemplateSpec } from "../../../types.ts";
import { validateAnnotations, validateLabels } from "../../../validation/labels.ts";
import { validatePodAnnotations, validateProfilesMatch } from "./annotations.ts";
import { validatePodSpec } from "./podSpec.ts";

export function validatePodTemplate(template: PodTemplateSpec, path: FieldPath): FieldError[] {
  const { labels, annotations } = template.metadata ?? {};
  const spec = template.spec ?? { containers: [] };
  const at = path.child("annotations");
  return [
    ...validateLabels(labels, path.child("labels")),
    ...validateAnnotations(annotations, at),
    ...validatePodAnnotations(annotations, spec, at),
    ...validatePodSpec(spec, path.child("spec"), undefined),
    ...validateProfilesMatch(annotations, spec, path.child("spec")),
    ...(spec.ephemeralContainers?.length
      ? [
          forbidden(
            path.child("spec", "ephemeralContainers"),
            "ephemeral containers not allowed in pod template",
          ),
        ]
      : []),
  ];
}

export interface WorkloadTemplate {
  readonly template: PodTemplateSpec | undefined;
  readonly selector: Selector;
  /** Named in the error about activeDeadlineSeconds, e.g. "ReplicaSet". */
  readonly kind: string;
}

/** The template of a workload that keeps its Pods running and finds them by a selector. */
export function validateWorkloadTemplate(
  { template, selector, kind }: WorkloadTemplate,
  path: FieldPath,
): FieldError[] {
  if (!template) return [required(path)];
  const { restartPolicy, activeDeadlineSeconds } = template.spec ?? {};
  return [
    ...validateSelected(template, selector, path),
    ...validatePodTemplate(template, path),
    ...(restartPolicy === "Always"
      ? []
      : [notSupported(path.child("spec", "restartPolicy"), restartPolicy ?? "", ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [
          forbidden(
            path.child("spec", "activeDeadlineSeconds"),
            `activeDeadlineSeconds in ${kind} is not Supported`,
          ),
        ]),
  ];
}

/** A workload must find the Pods that it makes. */
export function validateSelected(
  { metadata }: PodTemplateSpec,
  selector: Selector,
  path: FieldPath,
): FieldError[] {
  return selector.isEmpty || selector.matches(metadata?.labels)
    ? []
    : [
        invalid(
          path.child("metadata", "labels"),
          metadata?.labels,
          "`selector` does not match template `labels`",
        ),
      ];
}
