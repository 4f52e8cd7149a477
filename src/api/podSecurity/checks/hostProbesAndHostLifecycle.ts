// Probes and hooks stay with their Pod: the kubelet sends no requests to others in their name.
import {
  type AnyContainer,
  allContainers,
  badContainers,
  distinct,
  named,
  type PodSecurityCheck,
  plural,
  quoted,
} from "../check.ts";

interface Handler {
  readonly httpGet?: { readonly host?: string };
  readonly tcpSocket?: { readonly host?: string };
}

export const hostProbesAndHostLifecycle: PodSecurityCheck = {
  id: "hostProbesAndHostLifecycle",
  level: "baseline",
  versions: [
    {
      since: 34,
      check(pod) {
        const containers = distinct(
          badContainers(pod, (container) => hostsOf(container).length > 0),
        );
        if (containers.length === 0) return undefined;
        const hosts = distinct(allContainers(pod.spec).flatMap(hostsOf));
        const use = containers.length === 1 ? "uses" : "use";
        const what = plural("probe or lifecycle host", hosts.length);
        return {
          reason: "probe or lifecycle host",
          detail: `${named("container", containers)} ${use} ${what} ${quoted(hosts)}`,
        };
      },
    },
  ],
};

function hostsOf(container: AnyContainer): readonly string[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const handlers: readonly (Handler | undefined)[] = [
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ];
  return handlers
    .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
    .filter((host) => host !== undefined && host !== "") as readonly string[];
}
