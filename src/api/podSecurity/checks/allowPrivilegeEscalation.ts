// Processes gain no rights that their parents don't have.
import {
  badContainers,
  type CheckedPod,
  isWindows,
  named,
  type PodSecurityCheck,
  type Violation,
} from "../check.ts";

export const allowPrivilegeEscalation: PodSecurityCheck = {
  id: "allowPrivilegeEscalation",
  level: "restricted",
  versions: [
    { since: 8, check },
    { since: 25, check: (pod) => (isWindows(pod) ? undefined : check(pod)) },
  ],
};

function check(pod: CheckedPod): Violation | undefined {
  const bad = badContainers(
    pod,
    ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false,
  );
  if (bad.length === 0) return undefined;
  return {
    reason: "allowPrivilegeEscalation != false",
    detail: `${named("container", bad)} must set securityContext.allowPrivilegeEscalation=false`,
  };
}
