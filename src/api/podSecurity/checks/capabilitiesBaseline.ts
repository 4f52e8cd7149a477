// Containers add no capabilities beyond those that container runtimes give anyway.
import {
  allContainers,
  badContainers,
  distinct,
  named,
  type PodSecurityCheck,
  quoted,
} from "../check.ts";

const allowed = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

export const capabilitiesBaseline: PodSecurityCheck = {
  id: "capabilities_baseline",
  level: "baseline",
  versions: [
    {
      since: 0,
      check(pod) {
        const added = ({ securityContext }: ReturnType<typeof allContainers>[number]) =>
          (securityContext?.capabilities?.add ?? []).filter((name) => !allowed.has(name));
        const containers = badContainers(pod, (container) => added(container).length > 0);
        if (containers.length === 0) return undefined;
        const names = distinct(allContainers(pod.spec).flatMap(added));
        return {
          reason: "non-default capabilities",
          detail: `${named("container", containers)} must not include ${quoted(names)} in securityContext.capabilities.add`,
        };
      },
    },
  ],
};
