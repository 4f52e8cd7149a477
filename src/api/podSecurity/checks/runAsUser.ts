// Containers must not ask to be root.
import { badContainers, type PodSecurityCheck, setters } from "../check.ts";

export const runAsUser: PodSecurityCheck = {
  id: "runAsUser",
  level: "restricted",
  versions: [
    {
      since: 23,
      check(pod) {
        const containers = badContainers(
          pod,
          ({ securityContext }) => securityContext?.runAsUser === 0,
        );
        const who = setters(pod.spec.securityContext?.runAsUser === 0, containers);
        if (who === "") return undefined;
        return { reason: "runAsUser=0", detail: `${who} must not set runAsUser=0` };
      },
    },
  ],
};
