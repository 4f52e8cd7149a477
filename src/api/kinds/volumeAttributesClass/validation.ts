// VolumeAttributesClasses. Source: pkg/apis/storage/validation, kubernetes v1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { VolumeAttributesClass } from "../../types.ts";
import { validateParameters, validateProvisioner } from "../storageClass/validation.ts";

const driverPath = FieldPath.of("driverName");
const parametersPath = FieldPath.of("parameters");

export function validateVolumeAttributesClass({
  driverName,
  parameters = {},
}: VolumeAttributesClass): FieldError[] {
  return [
    ...validateProvisioner(driverName, driverPath),
    ...(Object.keys(parameters).length === 0
      ? [required(parametersPath, "must contain at least one key/value pair")]
      : validateParameters(parameters, parametersPath)),
  ];
}

export function validateVolumeAttributesClassUpdate(
  { driverName, parameters }: VolumeAttributesClass,
  old: VolumeAttributesClass,
): FieldError[] {
  return [
    ...(driverName === old.driverName
      ? []
      : [forbidden(driverPath, "updates to driverName are forbidden.")]),
    ...(dequal(parameters, old.parameters)
      ? []
      : [forbidden(parametersPath, "updates to parameters are forbidden.")]),
  ];
}
