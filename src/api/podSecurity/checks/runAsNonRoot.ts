// Containers must not run as root.
import { badContainers, named, type PodSecurityCheck, setters } from "../check.ts";

const reason = "runAsNonRoot != true";

export const runAsNonRoot: PodSecurityCheck = {
  id: "runAsNonRoot",
  level: "restricted",
  versions: [
    {
      since: 0,
      check(pod) {
        const ofPod = pod.spec.securityContext?.runAsNonRoot;
        const saying = (said: boolean | undefined) =>
          badContainers(pod, ({ securityContext }) => securityContext?.runAsNonRoot === said);
        const who = setters(ofPod === false, saying(false));
        if (who !== "")
          return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
        const silent = ofPod === true ? [] : saying(undefined);
        if (silent.length === 0) return undefined;
        const all = named("container", silent);
        return { reason, detail: `pod or ${all} must set securityContext.runAsNonRoot=true` };
      },
    },
  ],
};
