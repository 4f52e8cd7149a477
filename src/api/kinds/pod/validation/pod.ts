// Pods as they are created. Source: pkg/apis/core/validation ValidatePodCreate, kubernetes v1.34.
import { type FieldError, forbidden } from "../../../fieldError.ts";
import { FieldPath } from "../../../fieldPath.ts";
import type { Pod } from "../../../types.ts";
import { each } from "../../../validation/fields.ts";
import { validatePodAnnotations, validateProfilesMatch } from "./annotations.ts";
import { validateImageSpaces } from "./containers.ts";
import { validatePodSpec } from "./podSpec.ts";

const path = FieldPath.of("spec");

/** Checks a Pod whose defaults are set, beside its metadata, in the server's words and order. */
export function validatePod(pod: Pod): FieldError[] {
  const { metadata, spec } = pod;
  const errors = validatePodState(pod);
  if (spec.ephemeralContainers?.length)
    errors.push(forbidden(path.child("ephemeralContainers"), "cannot be set on create"));
  if (spec.nodeName && spec.schedulingGates?.length)
    errors.push(
      forbidden(
        path.child("nodeName"),
        "cannot be set until all schedulingGates have been cleared",
      ),
    );
  return [...errors, ...validateProfilesMatch(metadata.annotations, spec, path)];
}

/** What must hold whenever a Pod is written, beside its metadata. Source: validatePodMetadataAndSpec. */
export function validatePodState({ metadata, spec }: Pod): FieldError[] {
  return [
    ...validatePodAnnotations(metadata.annotations, spec, FieldPath.of("metadata", "annotations")),
    ...validatePodSpec(spec, path, metadata),
    ...(spec.serviceAccountName ? [] : validateNoTokens(spec)),
    ...each(spec.containers, path.child("containers"), ({ image }, at) =>
      validateImageSpaces(image, at),
    ),
    ...each(spec.initContainers, path.child("initContainers"), ({ image }, at) =>
      validateImageSpaces(image, at),
    ),
  ];
}

function validateNoTokens({ volumes }: Pod["spec"]): FieldError[] {
  return each(volumes, path.child("volumes"), ({ projected }, at) =>
    each(projected?.sources, at.child("projected", "sources"), (source, sourcePath) =>
      source.serviceAccountToken
        ? [
            forbidden(
              sourcePath.child("serviceAccountToken"),
              "must not be specified when serviceAccountName is not set",
            ),
          ]
        : [],
    ),
  );
}
