// Packs endpoints into slices of at most a hundred, changing as few slices as possible. Pure.
// Source: staging/src/k8s.io/endpointslice/reconciler.go reconcileByPortMapping, kubernetes v1.34.
import { dequal } from "dequal";
import type { DiscoveryV1EndpointPort, Endpoint, EndpointSlice } from "../../../api/types.ts";

export interface Packing {
  /** Endpoints of slices still to be made. */
  readonly create: readonly (readonly Endpoint[])[];
  readonly update: readonly {
    readonly slice: EndpointSlice;
    readonly endpoints: readonly Endpoint[];
  }[];
  readonly delete: readonly EndpointSlice[];
}

interface Box {
  readonly slice: EndpointSlice;
  endpoints: Endpoint[];
  hasChanged: boolean;
}

/**
 * Distributes `wanted` over the existing slices of one set of ports: first what is there already is
 * kept or updated in place; new endpoints go to slices that change anyway, then into the fullest
 * slice with room for what is left, then into new slices.
 */
export function packEndpoints(
  existing: readonly EndpointSlice[],
  wanted: readonly Endpoint[],
  capacity: number,
): Packing {
  const missing = new Map(wanted.map((endpoint) => [identity(endpoint), endpoint]));
  const boxes = existing.map((slice) => keepWanted(slice, missing));
  const rest = [...missing.values()];
  const isInUse = ({ endpoints }: Box): boolean => endpoints.length > 0;
  const fullestFirst = (a: Box, b: Box): number => b.endpoints.length - a.endpoints.length;
  const [changed, unchanged] = [true, false].map((is) =>
    boxes.filter((box) => isInUse(box) && box.hasChanged === is).sort(fullestFirst),
  );
  for (const box of changed ?? []) fill(box, rest, capacity);
  const create: Endpoint[][] = [];
  while (rest.length > 0) {
    const fits = ({ endpoints }: Box): boolean => endpoints.length + rest.length <= capacity;
    const room = rest.length < capacity ? unchanged?.find(fits) : undefined;
    if (room) fill(room, rest, capacity);
    else create.push(rest.splice(0, capacity));
  }
  return {
    create,
    update: boxes.filter(({ hasChanged, endpoints }) => hasChanged && endpoints.length > 0),
    delete: boxes.filter(({ endpoints }) => endpoints.length === 0).map(({ slice }) => slice),
  };
}

/** Slices and endpoints with the same ports belong together; the order of ports doesn't matter. */
export function portsKey(ports: readonly DiscoveryV1EndpointPort[] | undefined): string {
  return JSON.stringify(
    (ports ?? [])
      .map(({ name = "", port, protocol = "TCP", appProtocol = "" }) =>
        JSON.stringify([name, port, protocol, appProtocol]),
      )
      .sort(),
  );
}

/** What stays of a slice: endpoints that are still wanted, in their newest form. */
function keepWanted(slice: EndpointSlice, missing: Map<string, Endpoint>): Box {
  const endpoints = slice.endpoints.flatMap((endpoint) => {
    const now = missing.get(identity(endpoint));
    if (!now) return [];
    missing.delete(identity(endpoint));
    return [now];
  });
  return { slice, endpoints, hasChanged: !dequal(endpoints, slice.endpoints) };
}

function fill(box: Box, rest: Endpoint[], capacity: number): void {
  const added = rest.splice(0, capacity - box.endpoints.length);
  if (added.length === 0) return;
  box.endpoints.push(...added);
  box.hasChanged = true;
}

function identity({ targetRef, addresses }: Endpoint): string {
  return JSON.stringify([targetRef?.uid ?? targetRef?.name ?? "", [...addresses].sort()]);
}
