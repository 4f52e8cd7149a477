// Ports of containers. Source: pkg/apis/core/validation validateContainerPorts, kubernetes v1.34.
import { duplicate, type FieldError, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { Container, ContainerPort, PodSpec } from "../../../types.ts";
import { checkPortNumber, checkRequiredChoice, each } from "../../../validation/fields.ts";
import { portName } from "../../../validation/texts.ts";

export const protocols = ["SCTP", "TCP", "UDP"];

export function validateContainerPorts(
  ports: readonly ContainerPort[] | undefined,
  path: FieldPath,
): FieldError[] {
  const names = new Set<string>();
  return each(ports, path, ({ name, containerPort, hostPort, protocol }, at) => [
    ...(name ? validatePortName(name, names, at.child("name")) : []),
    ...(containerPort
      ? checkPortNumber(containerPort, at.child("containerPort"))
      : [required(at.child("containerPort"))]),
    ...(hostPort ? checkPortNumber(hostPort, at.child("hostPort")) : []),
    ...checkRequiredChoice(protocol, protocols, at.child("protocol")),
  ]);
}

function validatePortName(name: string, names: Set<string>, path: FieldPath): FieldError[] {
  const errors = portName(name);
  if (errors.length > 0) return errors.map((words) => invalid(path, name, words));
  if (names.has(name)) return [duplicate(path, name)];
  names.add(name);
  return [];
}

/** Containers that run side by side may not ask for the same port of the node. */
export function validateHostPorts(
  containers: readonly Pick<Container, "ports">[],
  path: FieldPath,
): FieldError[] {
  const taken = new Set<string>();
  return each(containers, path, ({ ports }, at) =>
    each(ports, at.child("ports"), ({ protocol, hostIP, hostPort }, portPath) => {
      if (!hostPort) return [];
      const text = `${protocol ?? ""}/${hostIP ?? ""}/${hostPort}`;
      if (taken.has(text)) return [duplicate(portPath.child("hostPort"), text)];
      taken.add(text);
      return [];
    }),
  );
}

/** With host networking a port is the node's: templates may leave the host's number out. */
export function validateHostNetworkPorts(
  { hostNetwork, containers }: PodSpec,
  path: FieldPath,
  isPod: boolean,
): FieldError[] {
  if (!hostNetwork) return [];
  return each(containers, path.child("containers"), ({ ports }, at) =>
    each(ports, at.child("ports"), ({ hostPort = 0, containerPort = 0 }, portPath) =>
      (isPod || hostPort !== 0) && hostPort !== containerPort
        ? [
            invalid(
              portPath.child("hostPort"),
              hostPort,
              "must match `containerPort` when `hostNetwork` is true",
            ),
          ]
        : [],
    ),
  );
}
