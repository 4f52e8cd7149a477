// Projected volumes: several sources in one directory. Source: pkg/apis/core/validation
// validateProjectionSources, kubernetes v1.34.
import { type FieldError, forbidden, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type {
  ClusterTrustBundleProjection,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from "../../../types.ts";
import { each } from "../../../validation/fields.ts";
import { validateLabelSelector } from "../../../validation/labels.ts";
import { validateLocalNonReservedPath } from "../../../validation/paths.ts";
import { validateDownwardApiFile } from "./downwardApi.ts";
import { validateFileMode, validateKeyToPath } from "./volumeSources.ts";

export function validateProjected(
  { defaultMode, sources }: ProjectedVolumeSource,
  path: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  return [
    ...validateFileMode(defaultMode, path.child("defaultMode")),
    ...each(sources, path.child("sources"), (source, at) =>
      validateProjection(source, at, { volumePath: path, seen }),
    ),
  ];
}

interface Context {
  /** Some errors name the volume rather than the source. */
  readonly volumePath: FieldPath;
  /** File names that the sources before this one take. */
  readonly seen: Set<string>;
}

function validateProjection(
  source: VolumeProjection,
  path: FieldPath,
  context: Context,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["secret", "configMap"] as const)
    errors.push(...validateNamed(source[field], path.child(field), context));
  const { downwardAPI, serviceAccountToken, clusterTrustBundle } = source;
  for (const item of downwardAPI?.items ?? [])
    errors.push(
      ...validateDownwardApiFile(item, path.child("downwardAPI")),
      ...takePath(item.path, item.path, context),
    );
  if (serviceAccountToken)
    errors.push(...validateToken(serviceAccountToken, path.child("serviceAccountToken"), context));
  if (clusterTrustBundle)
    errors.push(
      ...validateTrustBundle(clusterTrustBundle, path.child("clusterTrustBundle")),
      ...takePath(clusterTrustBundle.path, clusterTrustBundle.path, context),
    );
  const count = Object.values(source).filter((part) => part !== undefined).length;
  if (count > 1) errors.push(forbidden(path, "may not specify more than 1 volume type per source"));
  return errors;
}

function validateNamed(
  source: VolumeProjection["secret"],
  path: FieldPath,
  context: Context,
): FieldError[] {
  if (!source) return [];
  return [
    ...(source.name ? [] : [required(path.child("name"))]),
    ...each(source.items, path.child("items"), (item, at) => [
      ...validateKeyToPath(item, at),
      ...takePath(item.path, source.name ?? "", context),
    ]),
  ];
}

/** Two files of one name cannot be told apart; the error shows `shown`. */
function takePath(
  file: string | undefined,
  shown: string,
  { volumePath, seen }: Context,
): FieldError[] {
  if (!file) return [];
  if (seen.has(file)) return [invalid(volumePath, shown, "conflicting duplicate paths")];
  seen.add(file);
  return [];
}

function validateToken(
  { expirationSeconds = 0, path: file }: ServiceAccountTokenProjection,
  path: FieldPath,
  { volumePath }: Context,
): FieldError[] {
  const errors: FieldError[] = [];
  const at = path.child("expirationSeconds");
  if (expirationSeconds < 600)
    errors.push(invalid(at, expirationSeconds, "may not specify a duration less than 10 minutes"));
  if (expirationSeconds > 2 ** 32)
    errors.push(
      invalid(at, expirationSeconds, "may not specify a duration larger than 2^32 seconds"),
    );
  errors.push(
    ...(file
      ? validateLocalNonReservedPath(file, volumePath.child("path"))
      : [required(volumePath.child("path"))]),
  );
  return errors;
}

function validateTrustBundle(bundle: ClusterTrustBundleProjection, path: FieldPath): FieldError[] {
  const { name, signerName, labelSelector, path: file } = bundle;
  const errors: FieldError[] = [];
  if (name !== undefined && signerName !== undefined)
    errors.push(invalid(path, bundle, "only one of name and signerName may be used"));
  else if (name !== undefined) {
    if (name === "") errors.push(required(path.child("name"), "must be a valid object name"));
    if (labelSelector)
      errors.push(
        invalid(
          path.child("labelSelector"),
          labelSelector,
          "labelSelector must be unset if name is specified",
        ),
      );
  } else if (signerName !== undefined) {
    if (signerName === "")
      errors.push(required(path.child("signerName"), "must be a valid signer name"));
    errors.push(...validateLabelSelector(labelSelector, path.child("labelSelector")));
  } else errors.push(required(path, "either name or signerName must be specified"));
  if (!file) errors.push(required(path.child("path")));
  return [...errors, ...validateLocalNonReservedPath(file ?? "", path.child("path"))];
}
