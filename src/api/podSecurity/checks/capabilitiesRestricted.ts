// Containers drop all capabilities, and take back one at most.
import {
  type AnyContainer,
  allContainers,
  badContainers,
  type CheckedPod,
  distinct,
  isWindows,
  named,
  type PodSecurityCheck,
  quoted,
  type Violation,
} from "../check.ts";

export const capabilitiesRestricted: PodSecurityCheck = {
  id: "capabilities_restricted",
  level: "restricted",
  replaces: "capabilities_baseline",
  versions: [
    { since: 22, check },
    { since: 25, check: (pod) => (isWindows(pod) ? undefined : check(pod)) },
  ],
};

function check(pod: CheckedPod): Violation | undefined {
  const keeping = badContainers(
    pod,
    ({ securityContext }) => !securityContext?.capabilities?.drop?.includes("ALL"),
  );
  const adding = badContainers(pod, (container) => added(container).length > 0);
  const names = distinct(allContainers(pod.spec).flatMap(added));
  const details = [
    ...(keeping.length > 0
      ? [`${named("container", keeping)} must set securityContext.capabilities.drop=["ALL"]`]
      : []),
    ...(adding.length > 0
      ? [
          `${named("container", adding)} must not include ${quoted(names)} in securityContext.capabilities.add`,
        ]
      : []),
  ];
  if (details.length === 0) return undefined;
  return { reason: "unrestricted capabilities", detail: details.join("; ") };
}

function added({ securityContext }: AnyContainer): readonly string[] {
  const { add = [] } = securityContext?.capabilities ?? {};
  return add.filter((name) => name !== "NET_BIND_SERVICE");
}
