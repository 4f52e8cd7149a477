// Nobody switches seccomp off.
import {
  allContainers,
  badContainers,
  type CheckedPod,
  distinct,
  named,
  type PodSecurityCheck,
  quoted,
  setters,
  type Violation,
} from "../check.ts";

const reason = "seccompProfile";
const podAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
const containerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

export const seccompProfileBaseline: PodSecurityCheck = {
  id: "seccompProfile_baseline",
  level: "baseline",
  versions: [
    { since: 0, check: checkAnnotations },
    { since: 19, check: badSeccompProfiles },
  ],
};

/** Until 1.19 annotations said it. */
function checkAnnotations({ metadata, spec }: CheckedPod): Violation | undefined {
  const keys = [
    podAnnotation,
    ...allContainers(spec).map(({ name }) => containerAnnotation + name),
  ];
  const bad = keys.flatMap((key) => {
    const value = metadata?.annotations?.[key];
    return value === undefined || isAllowed(value) ? [] : [`${key}=${JSON.stringify(value)}`];
  });
  if (bad.length === 0) return undefined;
  const annotations = bad.length === 1 ? "annotation" : "annotations";
  return { reason, detail: `forbidden ${annotations} ${distinct(bad).join(", ")}` };
}

function isAllowed(profile: string): boolean {
  return (
    profile === "runtime/default" ||
    profile === "docker/default" ||
    profile.startsWith("localhost/")
  );
}

/** Profiles that are stated, and are no good. */
export function badSeccompProfiles(pod: CheckedPod): Violation | undefined {
  const badOf = (type: string | undefined): readonly string[] =>
    type === undefined || isGoodSeccompType(type) ? [] : [type];
  const isBad = (type: string | undefined): boolean => badOf(type).length > 0;
  const podType = pod.spec.securityContext?.seccompProfile?.type;
  const containers = badContainers(pod, (each) =>
    isBad(each.securityContext?.seccompProfile?.type),
  );
  const who = setters(isBad(podType), containers);
  if (who === "") return undefined;
  const types = allContainers(pod.spec).map((each) => each.securityContext?.seccompProfile?.type);
  const values = distinct([podType, ...types].flatMap(badOf));
  return {
    reason,
    detail: `${who} must not set securityContext.seccompProfile.type to ${quoted(values)}`,
  };
}

export function isGoodSeccompType(type: string): boolean {
  return type === "RuntimeDefault" || type === "Localhost";
}

/** What a Pod lacks whose containers have no profile. */
export function missingSeccompProfile(containers: readonly string[]): Violation {
  return {
    reason,
    detail: `pod or ${named("container", containers)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
}
