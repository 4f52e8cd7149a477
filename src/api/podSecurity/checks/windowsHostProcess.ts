// Windows containers are not processes of their node.
import { badContainers, type PodSecurityCheck, setters } from "../check.ts";

export const windowsHostProcess: PodSecurityCheck = {
  id: "windowsHostProcess",
  level: "baseline",
  versions: [
    {
      since: 0,
      check(pod) {
        const containers = badContainers(
          pod,
          ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true,
        );
        const isPodBad = pod.spec.securityContext?.windowsOptions?.hostProcess === true;
        const who = setters(isPodBad, containers);
        if (who === "") return undefined;
        const detail = `${who} must not set securityContext.windowsOptions.hostProcess=true`;
        return { reason: "hostProcess", detail };
      },
    },
  ],
};
