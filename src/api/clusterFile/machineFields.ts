// A machine as people describe it, in a cluster file or by a command, and what may be wrong with it.
import type { MachineSpec, NewCluster } from "../clusterSpec.ts";
import { type FieldError, invalid } from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import { validateTaintEffect } from "../kinds/pod/validation/scheduling.ts";
import { isQuantityError, parseQuantity, signOf } from "../quantity.ts";
import type { Quantity, Taint } from "../types.ts";
import { checkDnsSubdomain, each } from "../validation/fields.ts";
import { validateLabelName, validateLabels } from "../validation/labels.ts";

/** A node of a cluster file. */
export interface NodeFields {
  readonly role?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly kubeadmConfigPatches?: readonly string[];
  readonly kubernetesTutor?: Partial<
    Pick<
      MachineSpec,
      "name" | "cpu" | "memory" | "ephemeralStorage" | "pods" | "zone" | "region" | "taints"
    >
  >;
}

/** Of a cluster that is described as data rather than by a file. */
export function validateCluster({ machines }: NewCluster): readonly FieldError[] {
  if (!machines) return [];
  const path = FieldPath.of("machines");
  const controlPlanes = machines.filter(({ role }) => role === "control-plane").length;
  return [
    ...(controlPlanes === 1 ? [] : [invalid(path, controlPlanes, "one runs the control plane")]),
    ...machines.flatMap((machine, i) => validateMachine(machine, path.index(i))),
  ];
}

/** @param path of the node that describes it */
export function validateMachine(
  machine: MachineSpec,
  path: FieldPath = FieldPath.root,
): readonly FieldError[] {
  const { name, labels, taints, zone, region, pods } = machine;
  const own = path.child("kubernetesTutor");
  return [
    ...checkDnsSubdomain(name, own.child("name")),
    ...(["cpu", "memory", "ephemeralStorage"] as const).flatMap((resource) =>
      quantityErrors(machine[resource], own.child(resource)),
    ),
    ...(pods !== undefined && pods < 1
      ? [invalid(own.child("pods"), pods, "must be greater than 0")]
      : []),
    ...validateLabels(labels, path.child("labels")),
    ...validateLabels(zone === undefined ? {} : { zone }, own.child("zone")),
    ...validateLabels(region === undefined ? {} : { region }, own.child("region")),
    ...each(taints, own.child("taints"), taintErrors),
  ];
}

function quantityErrors(quantity: Quantity | undefined, path: FieldPath): readonly FieldError[] {
  if (quantity === undefined) return [];
  const amount = parseQuantity(quantity);
  if (isQuantityError(amount))
    return [invalid(path, quantity, "must be a quantity, e.g. 4, 500m or 8Gi")];
  return signOf(amount) > 0 ? [] : [invalid(path, quantity, "must be greater than 0")];
}

function taintErrors({ key, effect }: Taint, path: FieldPath): FieldError[] {
  return [
    ...validateLabelName(key ?? "", path.child("key")),
    ...validateTaintEffect(effect ?? "", path.child("effect")),
  ];
}
