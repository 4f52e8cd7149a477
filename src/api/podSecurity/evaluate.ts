// All checks of a level and version on one Pod.
// Source: pod-security-admission policy/registry.go, 1.34.
import type { CheckedPod, CheckPod, PodSecurityCheck, Violation } from "./check.ts";
import { allowPrivilegeEscalation } from "./checks/allowPrivilegeEscalation.ts";
import { appArmorProfile } from "./checks/appArmorProfile.ts";
import { capabilitiesBaseline } from "./checks/capabilitiesBaseline.ts";
import { capabilitiesRestricted } from "./checks/capabilitiesRestricted.ts";
import { hostNamespaces } from "./checks/hostNamespaces.ts";
import { hostPathVolumes } from "./checks/hostPathVolumes.ts";
import { hostPorts } from "./checks/hostPorts.ts";
import { hostProbesAndHostLifecycle } from "./checks/hostProbesAndHostLifecycle.ts";
import { privileged } from "./checks/privileged.ts";
import { procMount } from "./checks/procMount.ts";
import { restrictedVolumes } from "./checks/restrictedVolumes.ts";
import { runAsNonRoot } from "./checks/runAsNonRoot.ts";
import { runAsUser } from "./checks/runAsUser.ts";
import { seccompProfileBaseline } from "./checks/seccompProfileBaseline.ts";
import { seccompProfileRestricted } from "./checks/seccompProfileRestricted.ts";
import { seLinuxOptions } from "./checks/seLinuxOptions.ts";
import { sysctls } from "./checks/sysctls.ts";
import { windowsHostProcess } from "./checks/windowsHostProcess.ts";
import { type LevelVersion, latest } from "./policy.ts";

/** Baseline before restricted, each by id. */
const checks: readonly PodSecurityCheck[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbesAndHostLifecycle,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfileBaseline,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompProfileRestricted,
];

export function evaluatePod(
  { level, version }: LevelVersion,
  pod: CheckedPod,
): readonly Violation[] {
  if (level === "privileged") return [];
  const minor = version === latest ? Number.POSITIVE_INFINITY : version;
  const chosen = checks
    .filter((each) => each.level === "baseline" || level === "restricted")
    .flatMap((each) => {
      const check = versionOf(each, minor);
      return check ? [{ id: each.id, replaces: each.replaces, check }] : [];
    });
  const replaced = new Set(chosen.map(({ replaces }) => replaces));
  return chosen.filter(({ id }) => !replaced.has(id)).flatMap(({ check }) => check(pod) ?? []);
}

function versionOf({ versions }: PodSecurityCheck, minor: number): CheckPod | undefined {
  return versions.findLast(({ since }) => since <= minor)?.check;
}

/** 'host namespaces (hostNetwork=true), privileged (container "c" must ...)' */
export function violationsText(violations: readonly Violation[]): string {
  return violations
    .map(({ reason, detail }) => (detail === "" ? reason : `${reason} (${detail})`))
    .join(", ");
}
