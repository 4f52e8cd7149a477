// /proc stays masked.
import {
  type AnyContainer,
  allContainers,
  badContainers,
  distinct,
  named,
  type PodSecurityCheck,
  quoted,
} from "../check.ts";

export const procMount: PodSecurityCheck = {
  id: "procMount",
  level: "baseline",
  versions: [
    {
      since: 0,
      check(pod) {
        const badOf = ({ securityContext }: AnyContainer): readonly string[] => {
          const { procMount: type = "Default" } = securityContext ?? {};
          return type === "Default" ? [] : [type];
        };
        const containers = badContainers(pod, (container) => badOf(container).length > 0);
        if (containers.length === 0) return undefined;
        const types = distinct(allContainers(pod.spec).flatMap(badOf));
        return {
          reason: "procMount",
          detail: `${named("container", containers)} must not set securityContext.procMount to ${quoted(types)}`,
        };
      },
    },
  ],
};
