// Ports that a Pod names twice. Source: pkg/api/pod/warnings.go, kubernetes v1.34.
import type { FieldPath } from "../../../fieldPath.ts";
import type { ContainerPort, PodSpec } from "../../../types.ts";
import { visitContainers } from "../validation/visitContainers.ts";

interface PlacedPort extends ContainerPort {
  readonly path: FieldPath;
}

export function portWarnings(spec: PodSpec, specPath: FieldPath): readonly string[] {
  const known = new Map<string, PlacedPort[]>();
  return visitContainers(spec, specPath, ({ ports = [] }, path) =>
    ports.flatMap((port, i) => {
      const placed = { ...port, path: path.child("ports").index(i) };
      const key = `${port.containerPort},${port.protocol}`;
      const others = known.get(key) ?? [];
      known.set(key, [...others, placed]);
      return [
        ...(port.hostIP && !port.hostPort
          ? [`${placed.path}: hostIP set without hostPort: ${goText(port)}`]
          : []),
        ...others.flatMap((other) => conflict(placed, other)),
      ];
    }),
  );
}

/** What selects a port by its name finds the first one. */
export function portNameWarnings(spec: PodSpec, specPath: FieldPath): readonly string[] {
  const first = new Map<string, FieldPath>();
  return visitContainers(spec, specPath, ({ ports = [] }, path) =>
    ports.flatMap(({ name = "" }, i) => {
      const place = path.child("ports").index(i);
      const other = first.get(name);
      if (name === "") return [];
      if (!other) first.set(name, place);
      return other
        ? [
            `${place}: duplicate port name ${JSON.stringify(name)} with ${other}, services and probes that select ports by name will use ${other}`,
          ]
        : [];
    }),
  );
}

/** Go's %+v of a ContainerPort. */
function goText({
  name = "",
  hostPort = 0,
  containerPort,
  protocol,
  hostIP,
}: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

function conflict(port: PlacedPort, other: PlacedPort): string[] {
  const [ip, otherIp] = [port.hostIP ?? "", other.hostIP ?? ""];
  const [hostPort, otherHostPort] = [port.hostPort ?? 0, other.hostPort ?? 0];
  if (ip === otherIp && hostPort === otherHostPort)
    return [`${port.path}: duplicate port definition with ${other.path}`];
  if (hostPort === 0 || otherHostPort === 0)
    return [`${port.path}: overlapping port definition with ${other.path}`];
  if (hostPort === otherHostPort && (ip === "") !== (otherIp === ""))
    return [`${port.path}: dangerously ambiguous port definition with ${other.path}`];
  return [];
}
