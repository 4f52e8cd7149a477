// Every container has a seccomp profile.
import {
  badContainers,
  type CheckedPod,
  isWindows,
  type PodSecurityCheck,
  type Violation,
} from "../check.ts";
import {
  badSeccompProfiles,
  isGoodSeccompType,
  missingSeccompProfile,
} from "./seccompProfileBaseline.ts";

export const seccompProfileRestricted: PodSecurityCheck = {
  id: "seccompProfile_restricted",
  level: "restricted",
  replaces: "seccompProfile_baseline",
  versions: [
    { since: 19, check },
    { since: 25, check: (pod) => (isWindows(pod) ? undefined : check(pod)) },
  ],
};

function check(pod: CheckedPod): Violation | undefined {
  const bad = badSeccompProfiles(pod);
  if (bad) return bad;
  const ofPod = pod.spec.securityContext?.seccompProfile?.type;
  if (ofPod !== undefined && isGoodSeccompType(ofPod)) return undefined;
  const silent = badContainers(pod, ({ securityContext }) => !securityContext?.seccompProfile);
  return silent.length === 0 ? undefined : missingSeccompProfile(silent);
}
