// Where containers see the Pod's volumes. Source: pkg/apis/core/validation ValidateVolumeMounts and
// ValidateVolumeDevices, kubernetes v1.34. Some errors name the list rather than the item.
import {
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { Container, VolumeDevice, VolumeMount } from "../../../types.ts";
import { each } from "../../../validation/fields.ts";
import { validateLocalDescendingPath, validateNoBacksteps } from "../../../validation/paths.ts";
import type { VolumesByName } from "./volumes.ts";

type Mounting = Pick<Container, "volumeMounts" | "volumeDevices" | "securityContext">;

export function validateVolumeMounts(
  container: Mounting,
  volumes: VolumesByName,
  path: FieldPath,
): FieldError[] {
  const devices = container.volumeDevices ?? [];
  const paths = new Set<string>();
  return each(container.volumeMounts, path, (mount, at) => {
    const { name = "", mountPath = "" } = mount;
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(at.child("name")));
    if (!volumes.has(name)) errors.push(notFound(at.child("name"), name));
    if (mountPath === "") errors.push(required(at.child("mountPath")));
    if (paths.has(mountPath))
      errors.push(invalid(at.child("mountPath"), mountPath, "must be unique"));
    paths.add(mountPath);
    if (devices.some((device) => device.name === name))
      errors.push(invalid(at.child("name"), name, "must not already exist in volumeDevices"));
    if (lastPaths(devices, "devicePath").includes(mountPath))
      errors.push(
        invalid(
          at.child("mountPath"),
          mountPath,
          "must not already exist as a path in volumeDevices",
        ),
      );
    return [...errors, ...validateMountOptions(mount, container, path, at)];
  });
}

/** The paths by volume; of two uses of a volume the later one counts, as in Go's map. */
function lastPaths<Path extends string>(
  uses: readonly ({ readonly name: string } & Readonly<Record<Path, string>>)[],
  field: Path,
): string[] {
  return [...new Map(uses.map((use) => [use.name, use[field]])).values()];
}

function validateMountOptions(
  mount: VolumeMount,
  container: Mounting,
  path: FieldPath,
  at: FieldPath,
): FieldError[] {
  const { subPath, subPathExpr, mountPropagation } = mount;
  const errors: FieldError[] = [];
  if (subPath) errors.push(...validateLocalDescendingPath(subPath, path.child("subPath")));
  if (subPathExpr) {
    if (subPath)
      errors.push(
        invalid(
          at.child("subPathExpr"),
          subPathExpr,
          "subPathExpr and subPath are mutually exclusive",
        ),
      );
    errors.push(...validateLocalDescendingPath(subPathExpr, path.child("subPathExpr")));
  }
  if (mountPropagation !== undefined)
    errors.push(
      ...validatePropagation(mountPropagation, container, path.child("mountPropagation")),
    );
  return [...errors, ...validateRecursiveReadOnly(mount, path.child("recursiveReadOnly"))];
}

const propagations = ["Bidirectional", "HostToContainer", "None"];

function validatePropagation(
  propagation: string,
  { securityContext }: Mounting,
  path: FieldPath,
): FieldError[] {
  if (!propagations.includes(propagation)) return [notSupported(path, propagation, propagations)];
  return propagation === "Bidirectional" && !securityContext?.privileged
    ? [
        forbidden(
          path,
          "Bidirectional mount propagation is available only to privileged containers",
        ),
      ]
    : [];
}

const recursiveReadOnlyModes = ["Disabled", "Enabled", "IfPossible"];

function validateRecursiveReadOnly(
  { recursiveReadOnly: mode, readOnly, mountPropagation }: VolumeMount,
  path: FieldPath,
): FieldError[] {
  if (mode === undefined || mode === "Disabled") return [];
  if (!recursiveReadOnlyModes.includes(mode))
    return [notSupported(path, mode, recursiveReadOnlyModes)];
  const errors: FieldError[] = [];
  if (!readOnly) errors.push(forbidden(path, "may only be specified when readOnly is true"));
  if (mountPropagation !== undefined && mountPropagation !== "None")
    errors.push(
      forbidden(path, "may only be specified when mountPropagation is None or not specified"),
    );
  return errors;
}

export function validateVolumeDevices(
  { volumeMounts = [], volumeDevices }: Mounting,
  volumes: VolumesByName,
  path: FieldPath,
): FieldError[] {
  const names = new Set<string>();
  const paths = new Set<string>();
  return each(volumeDevices, path, (device, at) => {
    const errors = validateDevice(device, volumes, { names, paths }, at);
    const { name = "", devicePath = "" } = device;
    if (volumeMounts.some((mount) => mount.name === name))
      errors.push(invalid(at.child("name"), name, "must not already exist in volumeMounts"));
    if (lastPaths(volumeMounts, "mountPath").includes(devicePath))
      errors.push(
        invalid(
          at.child("devicePath"),
          devicePath,
          "must not already exist as a path in volumeMounts",
        ),
      );
    if (name) names.add(name);
    return errors;
  });
}

function validateDevice(
  { name = "", devicePath = "" }: VolumeDevice,
  volumes: VolumesByName,
  { names, paths }: { readonly names: Set<string>; readonly paths: Set<string> },
  at: FieldPath,
): FieldError[] {
  const volume = volumes.get(name);
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(at.child("name")));
  if (names.has(name)) errors.push(invalid(at.child("name"), name, "must be unique"));
  if (volume && !volume.persistentVolumeClaim && !volume.ephemeral)
    errors.push(
      invalid(
        at.child("name"),
        name,
        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode",
      ),
    );
  if (!volume) errors.push(notFound(at.child("name"), name));
  const pathAt = at.child("devicePath");
  if (devicePath === "") errors.push(required(pathAt));
  if (paths.has(devicePath)) errors.push(invalid(pathAt, devicePath, "must be unique"));
  if (validateNoBacksteps(devicePath, pathAt).length > 0)
    errors.push(invalid(pathAt, devicePath, "can not contain backsteps ('..')"));
  else paths.add(devicePath);
  return errors;
}
