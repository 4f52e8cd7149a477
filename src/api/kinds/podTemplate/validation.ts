// PodTemplates. Source: pkg/apis/core/validation ValidatePodTemplate, kubernetes v1.34.
import type { FieldError } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { PodTemplate } from "../../types.ts";
import { validatePodTemplate } from "../pod/validation/template.ts";

export function validatePodTemplateObject({ template }: PodTemplate): FieldError[] {
  return validatePodTemplate(template ?? {}, FieldPath.of("template"));
}
