// Resource vectors as the scheduler counts them: whole millicores, bytes and units, as numbers.
// Source: framework.Resource, kubernetes v1.34 pkg/scheduler/framework/types.go
import { isHugePages, type ResourceList } from "../api/kinds/pod/requests.ts";

import { milliValueOf, wholeValueOf } from "../api/quantity.ts";
import { qualifiedName } from "../api/validation/texts.ts";

export interface Resources {
  readonly milliCpu: number;
  /** Bytes. */
  readonly memory: number;
  /** Bytes. */
  readonly ephemeralStorage: number;
  /** Extended resources, huge pages and attachable volumes, in units or bytes. */
  readonly scalars: ReadonlyMap<string, number>;
}

const noScalars: ReadonlyMap<string, number> = new Map();
export const noResources: Resources = {
  milliCpu: 0,
  memory: 0,
  ephemeralStorage: 0,
  scalars: noScalars,
};

/** Amounts rounded up to whole units. Names that are no resources of the scheduler are left out. */
export function resourcesOf(list: ResourceList): Resources {
  let { milliCpu, memory, ephemeralStorage, scalars } = noResources;
  for (const [name, amount] of list) {
    if (name === "cpu") milliCpu = milliValueOf(amount);
    else if (name === "memory") memory = wholeValueOf(amount);
    else if (name === "ephemeral-storage") ephemeralStorage = wholeValueOf(amount);
    else if (name !== "pods" && isScalarResource(name))
      scalars = new Map(scalars).set(name, wholeValueOf(amount));
  }
  return { milliCpu, memory, ephemeralStorage, scalars };
}

export function addResources(a: Resources, b: Resources): Resources {
  return combine(a, b, 1);
}

export function subtractResources(a: Resources, b: Resources): Resources {
  return combine(a, b, -1);
}

function combine(a: Resources, b: Resources, sign: 1 | -1): Resources {
  return {
    milliCpu: a.milliCpu + sign * b.milliCpu,
    memory: a.memory + sign * b.memory,
    ephemeralStorage: a.ephemeralStorage + sign * b.ephemeralStorage,
    scalars: b.scalars.size === 0 ? a.scalars : combineScalars(a.scalars, b.scalars, sign),
  };
}

function combineScalars(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
  sign: 1 | -1,
): ReadonlyMap<string, number> {
  const sum = new Map(a);
  for (const [name, value] of b) sum.set(name, (sum.get(name) ?? 0) + sign * value);
  return sum;
}

/** One resource of a vector by name; 0 if the vector does not have it. */
export function resourceValue(resources: Resources, name: string): number {
  if (name === "cpu") return resources.milliCpu;
  if (name === "memory") return resources.memory;
  if (name === "ephemeral-storage") return resources.ephemeralStorage;
  return resources.scalars.get(name) ?? 0;
}

const scalarNames = new Map<string, boolean>();

/** Source: schedutil.IsScalarResourceName. */
export function isScalarResource(name: string): boolean {
  let known = scalarNames.get(name);
  if (known === undefined) {
    known =
      isExtendedResource(name) ||
      isHugePages(name) ||
      name.includes("kubernetes.io/") ||
      name.startsWith("attachable-volumes-");
    scalarNames.set(name, known);
  }
  return known;
}

/** A resource of a vendor, like "example.com/gpu". Source: v1helper.IsExtendedResourceName. */
export function isExtendedResource(name: string): boolean {
  const isNative = !name.includes("/") || name.includes("kubernetes.io/");
  return (
    !isNative && !name.startsWith("requests.") && qualifiedName(`requests.${name}`).length === 0
  );
}
