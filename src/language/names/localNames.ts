// Names that mean something within one object only: containers, volumes, claims.
import type { Sort } from "./mention.ts";

interface LocalName {
  readonly sort: Sort;
  readonly role: "definition" | "use";
}

const definition = (sort: Sort): LocalName => ({ sort, role: "definition" });
const use = (sort: Sort): LocalName => ({ sort, role: "use" });

/** By the struct's definition and the field. */
export const localNames: Readonly<Record<string, LocalName>> = {
  "core.v1.Container.name": definition("container"),
  "core.v1.EphemeralContainer.name": definition("container"),
  "core.v1.EphemeralContainer.targetContainerName": use("container"),
  "core.v1.ResourceFieldSelector.containerName": use("container"),
  "batch.v1.PodFailurePolicyOnExitCodesRequirement.containerName": use("container"),
  "core.v1.Volume.name": definition("volume"),
  "core.v1.VolumeMount.name": use("volume"),
  "core.v1.VolumeDevice.name": use("volume"),
  "core.v1.FileKeySelector.volumeName": use("volume"),
  "core.v1.PodResourceClaim.name": definition("resourceClaim"),
  "core.v1.ResourceClaim.name": use("resourceClaim"),
  "core.v1.HTTPGetAction.port": use("containerPort"),
  "core.v1.TCPSocketAction.port": use("containerPort"),
  "core.v1.GRPCAction.port": use("containerPort"),
};
