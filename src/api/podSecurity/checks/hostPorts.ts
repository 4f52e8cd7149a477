// Containers take no ports of their node.
import {
  allContainers,
  badContainers,
  distinct,
  named,
  type PodSecurityCheck,
  plural,
} from "../check.ts";

export const hostPorts: PodSecurityCheck = {
  id: "hostPorts",
  level: "baseline",
  versions: [
    {
      since: 0,
      check(pod) {
        const taken = ({ ports = [] }: ReturnType<typeof allContainers>[number]) =>
          ports.flatMap(({ hostPort }) => (hostPort ? [String(hostPort)] : []));
        const containers = badContainers(pod, (container) => taken(container).length > 0);
        if (containers.length === 0) return undefined;
        const ports = distinct(allContainers(pod.spec).flatMap(taken));
        const use = containers.length === 1 ? "uses" : "use";
        return {
          reason: "hostPort",
          detail: `${named("container", containers)} ${use} ${plural("hostPort", ports.length)} ${ports.join(", ")}`,
        };
      },
    },
  ],
};
