// CSINodes. Source: pkg/apis/storage/validation ValidateCSINode, kubernetes v1.34.
import { dequal } from "dequal";
import { duplicate, type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { CSINode, CSINodeDriver } from "../../types.ts";
import { checkNonNegative, checkQualifiedName, each } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { byteLength } from "../../validation/texts.ts";
import { validateCsiDriverName } from "../pod/validation/volumeSources.ts";

const maxNodeIdBytes = 256;

export function validateCsiNode({ spec }: CSINode): FieldError[] {
  const seen = new Set<string>();
  return each(spec.drivers, FieldPath.of("spec", "drivers"), (driver, at) => {
    const { name = "", nodeID = "", allocatable, topologyKeys } = driver;
    const errors = [
      ...validateCsiDriverName(name, at.child("name")),
      ...(nodeID === "" ? [required(at.child("nodeID"))] : []),
      ...(byteLength(nodeID) > maxNodeIdBytes
        ? [invalid(at.child("nodeID"), nodeID, `must be ${maxNodeIdBytes} characters or less`)]
        : []),
      ...checkNonNegative(allocatable?.count, at.child("allocatable", "count")),
      ...(seen.has(name) ? [duplicate(at.child("name"), name)] : []),
    ];
    seen.add(name);
    return [...errors, ...validateTopologyKeys(topologyKeys ?? [], at)];
  });
}

const driverShape = goShape(
  ["Name", "name", ""],
  ["NodeID", "nodeID", ""],
  ["TopologyKeys", "topologyKeys", null],
  ["Allocatable", "allocatable", goShape(["Count", "count", null])],
);

/** Drivers come and go, but none changes. */
export function validateCsiNodeUpdate(node: CSINode, old: CSINode): FieldError[] {
  const changed = (old.spec.drivers ?? []).flatMap((before) =>
    (node.spec.drivers ?? []).filter(
      (driver) => driver.name === before.name && !isSame(driver, before),
    ),
  );
  return [
    ...validateCsiNode(node),
    ...changed.map((driver) =>
      invalid(FieldPath.of("CSINodeDriver"), goValue(driver, driverShape), "field is immutable"),
    ),
  ];
}

function isSame(driver: CSINodeDriver, other: CSINodeDriver): boolean {
  return dequal(goValue(driver, driverShape), goValue(other, driverShape));
}

function validateTopologyKeys(keys: readonly string[], at: FieldPath): FieldError[] {
  return keys.flatMap((key, i) => [
    ...(key === "" ? [required(at)] : []),
    ...(keys.indexOf(key) < i ? [duplicate(at, key)] : []),
    ...checkQualifiedName(key, at),
  ]);
}
