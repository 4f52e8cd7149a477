// What looks odd in a container. Source: pkg/api/pod/warnings.go, kubernetes v1.34.
import type { FieldPath } from "../../../fieldPath.ts";
import type { Container, EnvVar, EphemeralContainer, PodSpec } from "../../../types.ts";
import { appArmorPrefix } from "../validation/annotations.ts";
import { fractionalByteWarnings } from "./quantities.ts";

export interface ContainerContext {
  readonly spec: PodSpec;
  readonly annotations: Readonly<Record<string, string>>;
  readonly annotationsPath: FieldPath;
  readonly isTemplate: boolean;
}

const seccompPrefix = "container.seccomp.security.alpha.kubernetes.io/";

export function containerWarnings(
  container: Container | EphemeralContainer,
  path: FieldPath,
  context: ContainerContext,
): string[] {
  const { limits, requests } = container.resources ?? {};
  const limitsPath = path.child("resources", "limits");
  const requestsPath = path.child("resources", "requests");
  return [
    ...annotationWarnings(container, context),
    ...fractionalByteWarnings(limits, limitsPath, ["memory"]),
    ...fractionalByteWarnings(requests, requestsPath, ["memory"]),
    ...fractionalByteWarnings(limits, limitsPath, ["ephemeral-storage"]),
    ...fractionalByteWarnings(requests, requestsPath, ["ephemeral-storage"]),
    ...envWarnings(container.env ?? [], path.child("env")),
  ];
}

function annotationWarnings(
  { name, securityContext }: Container | EphemeralContainer,
  { spec, annotations, annotationsPath, isTemplate }: ContainerContext,
): string[] {
  const seccomp = seccompPrefix + name;
  const appArmor = appArmorPrefix + name;
  const hasAppArmor = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
  const warnings: string[] = [];
  if (!securityContext?.seccompProfile && annotations[seccomp] !== undefined)
    warnings.push(
      `${annotationsPath.key(seccomp)}: non-functional in v1.27+; use the "seccompProfile" field instead`,
    );
  if (isTemplate && !hasAppArmor && annotations[appArmor] !== undefined)
    warnings.push(
      `${annotationsPath.key(appArmor)}: deprecated since v1.30; use the "appArmorProfile" field instead`,
    );
  return warnings;
}

/** A variable may build on what it was before; anything else hides it. */
function envWarnings(env: readonly EnvVar[], path: FieldPath): string[] {
  const names = new Set<string>();
  return env.flatMap(({ name, value = "", valueFrom }, i) => {
    if (!names.has(name)) {
      names.add(name);
      return [];
    }
    const reference = `$(${name})`;
    const buildsOn = !valueFrom && value !== reference && value.includes(reference);
    return buildsOn
      ? []
      : [
          `${path.index(i)}: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
        ];
  });
}
