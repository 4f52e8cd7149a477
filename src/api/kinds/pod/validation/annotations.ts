// Annotations that mean something to Pods, and must agree with the fields that replaced them.
// Source: pkg/apis/core/validation ValidatePodSpecificAnnotations, kubernetes v1.34.
import { type FieldError, forbidden, invalid } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import { parseInt64 } from "../../../selector.ts";
import type { AppArmorProfile, PodSpec, SeccompProfile } from "../../../types.ts";
import { sortedEntries } from "../../../validation/fields.ts";
import { validateLocalDescendingPath } from "../../../validation/paths.ts";
import { visitContainers } from "./visitContainers.ts";

type Annotations = Readonly<Record<string, string>>;

export const mirrorPod = "kubernetes.io/config.mirror";
export const appArmorPrefix = "container.apparmor.security.beta.kubernetes.io/";
const deletionCost = "controller.kubernetes.io/pod-deletion-cost";
const seccompPod = "seccomp.security.alpha.kubernetes.io/pod";
const seccompPrefix = "container.seccomp.security.alpha.kubernetes.io/";
const localhost = "localhost/";

export function validatePodAnnotations(
  annotations: Annotations = {},
  spec: PodSpec,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const mirror = annotations[mirrorPod];
  if (mirror !== undefined && !spec.nodeName)
    errors.push(
      invalid(
        path.key(mirrorPod),
        mirror,
        "must set spec.nodeName if mirror pod annotation is set",
      ),
    );
  const cost = annotations[deletionCost];
  if (cost !== undefined && !isInt32(cost))
    errors.push(invalid(path.key(deletionCost), cost, "must be a 32bit integer"));
  return [
    ...errors,
    ...validateSeccomp(annotations, path),
    ...validateAppArmor(annotations, spec, path),
  ];
}

/** Signs and leading zeros are refused. Source: helper.GetDeletionCostFromPodAnnotations. */
function isInt32(text: string): boolean {
  if (!/^(0|-?[1-9]\d*)$/.test(text)) return false;
  const value = parseInt64(text);
  return value !== undefined && BigInt.asIntN(32, value) === value;
}

function validateSeccomp(annotations: Annotations, path: FieldPath): FieldError[] {
  return sortedEntries(annotations)
    .filter(([key]) => key === seccompPod || key.startsWith(seccompPrefix))
    .flatMap(([key, profile]) => validateSeccompText(profile, path.child(key)));
}

function validateSeccompText(profile: string, path: FieldPath): FieldError[] {
  if (["runtime/default", "docker/default", "unconfined"].includes(profile)) return [];
  return profile.startsWith(localhost)
    ? validateLocalDescendingPath(profile.slice(localhost.length), path)
    : [invalid(path, profile, "must be a valid seccomp profile")];
}

function validateAppArmor(annotations: Annotations, spec: PodSpec, path: FieldPath): FieldError[] {
  const names = new Set(
    [
      ...(spec.initContainers ?? []),
      ...(spec.containers ?? []),
      ...(spec.ephemeralContainers ?? []),
    ].map(({ name }) => name),
  );
  return sortedEntries(annotations)
    .filter(([key]) => key.startsWith(appArmorPrefix))
    .flatMap(([key, profile]) => {
      const container = key.slice(appArmorPrefix.length);
      const isKnown = ["", "runtime/default", "unconfined"].includes(profile);
      return [
        ...(names.has(container) ? [] : [invalid(path.key(key), container, "container not found")]),
        ...(isKnown || profile.startsWith(localhost)
          ? []
          : [
              invalid(
                path.key(key),
                profile,
                `invalid AppArmor profile name: ${JSON.stringify(profile)}`,
              ),
            ]),
      ];
    });
}

/** Where both an annotation and a field name a profile, they must name the same. */
export function validateProfilesMatch(
  annotations: Annotations = {},
  spec: PodSpec,
  path: FieldPath,
): FieldError[] {
  const pod = spec.securityContext;
  const ofPod = compare(
    annotations[seccompPod],
    pod?.seccompProfile,
    path.child("securityContext", "seccompProfile"),
    "seccomp",
  );
  const seccomp = visitContainers(spec, path, ({ name, securityContext }, at) =>
    compare(
      annotations[seccompPrefix + name],
      securityContext?.seccompProfile,
      at.child("securityContext", "seccompProfile"),
      "seccomp",
    ),
  );
  const appArmor =
    spec.os?.name === "windows"
      ? []
      : visitContainers(spec, path, ({ name, securityContext }, at) =>
          compare(
            annotations[appArmorPrefix + name],
            securityContext?.appArmorProfile ?? pod?.appArmorProfile,
            at.child("securityContext", "appArmorProfile"),
            "apparmor",
          ),
        );
  return [...ofPod, ...seccomp, ...appArmor];
}

function compare(
  annotation: string | undefined,
  profile: SeccompProfile | AppArmorProfile | undefined,
  path: FieldPath,
  what: "seccomp" | "apparmor",
): FieldError[] {
  if (annotation === undefined || !profile) return [];
  const differentType = forbidden(
    path.child("type"),
    `${what} type in annotation and field must match`,
  );
  switch (profile.type) {
    case "Unconfined":
      return annotation === "unconfined" ? [] : [differentType];
    case "RuntimeDefault": {
      const isDefault =
        annotation === "runtime/default" || (what === "seccomp" && annotation === "docker/default");
      return isDefault ? [] : [differentType];
    }
    case "Localhost":
      if (!annotation.startsWith(localhost)) return [differentType];
      return annotation.slice(localhost.length) === profile.localhostProfile
        ? []
        : [
            forbidden(
              path.child("localhostProfile"),
              `${what} profile in annotation and field must match`,
            ),
          ];
    default:
      return [];
  }
}
