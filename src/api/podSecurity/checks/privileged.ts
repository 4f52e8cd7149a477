// Containers are not as mighty as their node.
import { badContainers, named, type PodSecurityCheck } from "../check.ts";

export const privileged: PodSecurityCheck = {
  id: "privileged",
  level: "baseline",
  versions: [
    {
      since: 0,
      check(pod) {
        const bad = badContainers(
          pod,
          ({ securityContext }) => securityContext?.privileged === true,
        );
        if (bad.length === 0) return undefined;
        const detail = `${named("container", bad)} must not set securityContext.privileged=true`;
        return { reason: "privileged", detail };
      },
    },
  ],
};
