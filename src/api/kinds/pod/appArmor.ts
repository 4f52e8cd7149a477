// AppArmor profiles stand in fields, and for older nodes in annotations: each is filled in from the other.
// Source: pkg/registry/core/pod/strategy.go applyAppArmorVersionSkew, 1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { AppArmorProfile, Container, EphemeralContainer, Pod } from "../../types.ts";
import { appArmorPrefix } from "./validation/annotations.ts";
import { validateAppArmorProfile } from "./validation/securityContext.ts";

const localhost = "localhost/";

export function matchAppArmorAnnotations(pod: Draft<Pod>, warn: (warning: string) => void): void {
  const { spec, metadata } = pod;
  if (spec.os?.name === "windows") return;
  const ofPod = spec.securityContext?.appArmorProfile as AppArmorProfile | undefined;
  for (const container of [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ]) {
    const key = appArmorPrefix + container.name;
    const annotation = metadata.annotations?.[key];
    const own = container.securityContext?.appArmorProfile as AppArmorProfile | undefined;
    if (annotation === undefined) {
      const text = annotationOf(own ?? ofPod);
      if (text !== "") metadata.annotations = { ...metadata.annotations, [key]: text };
    } else if (!own && setProfile(container, profileOf(annotation), ofPod)) {
      const path = FieldPath.of("metadata", "annotations").key(key);
      warn(`${path}: deprecated since v1.30; use the "appArmorProfile" field instead`);
    }
  }
}

/** @returns whether the annotation deserves a warning: it says something new, or nothing that is known */
function setProfile(
  container: Draft<Container> | Draft<EphemeralContainer>,
  profile: AppArmorProfile | undefined,
  ofPod: AppArmorProfile | undefined,
): boolean {
  if (!profile) return true;
  if (dequal(profile, ofPod)) return false;
  container.securityContext = { ...container.securityContext, appArmorProfile: { ...profile } };
  return true;
}

function annotationOf(profile: AppArmorProfile | undefined): string {
  switch (profile?.type) {
    case "Unconfined":
      return "unconfined";
    case "RuntimeDefault":
      return "runtime/default";
    case "Localhost":
      return profile.localhostProfile === undefined ? "" : localhost + profile.localhostProfile;
    default:
      return "";
  }
}

function profileOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === "unconfined") return { type: "Unconfined" };
  if (annotation === "runtime/default") return { type: "RuntimeDefault" };
  if (!annotation.startsWith(localhost)) return undefined;
  const profile = {
    type: "Localhost",
    localhostProfile: annotation.slice(localhost.length),
  } as const;
  return validateAppArmorProfile(profile, FieldPath.root).length === 0 ? profile : undefined;
}
