// What a Pod asks for as a whole: containers, init containers, sidecars, Pod-level resources,
// overhead, and resizes under way. Source: component-helpers resource/helpers.go, kubernetes v1.34.
import { type Amount, addAmounts, amountOf, compareAmounts } from "../../quantity.ts";
import type { Container, ContainerStatus, PodSpec, PodStatus, Quantity } from "../../types.ts";

/** Exact amounts by resource name. */
export type ResourceList = ReadonlyMap<string, Amount>;
type WrittenList = Readonly<Record<string, Quantity>> | undefined;

/** The parts of a Pod that say what it asks for: a draft will do. */
export interface RequestingPod {
  readonly spec: Pick<PodSpec, "containers" | "initContainers" | "overhead" | "resources">;
  readonly status?: Pick<PodStatus, "conditions" | "containerStatuses" | "initContainerStatuses">;
}

export interface RequestOptions {
  /** Counts what running containers hold: the larger of spec and status during a resize. */
  readonly useStatus?: boolean;
  /** Leaves the Pod's own requests out. */
  readonly containersOnly?: boolean;
  /** Stands in for requests that a container leaves out. */
  readonly missing?: ResourceList;
}

/** The Pod's effective requests, with Pod-level resources and overhead. */
export function podRequests(pod: RequestingPod, options: RequestOptions = {}): ResourceList {
  const total = containerRequests(pod, options);
  const own = options.containersOnly ? undefined : pod.spec.resources?.requests;
  for (const [name, quantity] of entries(own))
    if (isPodLevelResource(name)) total.set(name, amountOf(quantity));
  addAll(total, amountsOf(pod.spec.overhead));
  return total;
}

/** The containers' requests alone: the sum of those that run together, at least each start's need. */
export function containerRequests(
  pod: RequestingPod,
  { useStatus = false, missing }: RequestOptions = {},
): Map<string, Amount> {
  const statuses = useStatus ? statusesByName(pod.status) : undefined;
  const counted = pod.spec.containers.length;
  return aggregate(pod, (container, index) => {
    // The status of an init container counts only while it runs on, as a sidecar.
    const isRunning = index < counted || isSidecar(container);
    const status = isRunning ? statuses?.get(container.name) : undefined;
    const requests = requestsOf(pod, container, status);
    return missing ? withMissing(requests, missing) : requests;
  });
}

/** The containers' limits, combined as the requests are. */
export function containerLimits(pod: RequestingPod): ResourceList {
  return aggregate(pod, ({ resources }) => amountsOf(resources?.limits));
}

/** True if the Pod itself, not just its containers, requests something. */
export function hasPodLevelRequests({ spec }: RequestingPod): boolean {
  return Object.keys(spec.resources?.requests ?? {}).some(isPodLevelResource);
}

/** Resources that a Pod may ask for as a whole: cpu, memory and huge pages. */
export function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || isHugePages(name);
}

export function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** A sidecar: an init container that keeps running beside the containers. */
export function isSidecar({ restartPolicy }: Pick<Container, "restartPolicy">): boolean {
  return restartPolicy === "Always";
}

export function amountsOf(list: WrittenList): ResourceList {
  const amounts = new Map<string, Amount>();
  for (const [name, quantity] of entries(list)) amounts.set(name, amountOf(quantity));
  return amounts;
}

function entries(list: WrittenList): [string, Quantity][] {
  return list ? Object.entries(list) : [];
}

function aggregate(
  { spec }: RequestingPod,
  resourcesOf: (container: Container, index: number) => ResourceList,
): Map<string, Amount> {
  const total = new Map<string, Amount>();
  let index = 0;
  for (const container of spec.containers) addAll(total, resourcesOf(container, index++));
  if (!spec.initContainers) return total;
  const sidecars = new Map<string, Amount>();
  const starting = new Map<string, Amount>();
  for (const container of spec.initContainers) {
    const own = resourcesOf(container, index++);
    if (isSidecar(container)) {
      addAll(total, own);
      addAll(sidecars, own);
      raiseAll(starting, sidecars);
    } else {
      const together = new Map(own);
      addAll(together, sidecars);
      raiseAll(starting, together);
    }
  }
  raiseAll(total, starting);
  return total;
}

function requestsOf(
  pod: RequestingPod,
  container: Container,
  status: ContainerStatus | undefined,
): ResourceList {
  const wanted = amountsOf(container.resources?.requests);
  if (!status?.resources) return wanted;
  const held = new Map(amountsOf(status.resources.requests));
  raiseAll(held, amountsOf(status.allocatedResources));
  if (isResizeInfeasible(pod)) return held;
  raiseAll(held, wanted);
  return held;
}

/** The kubelet has refused the resize for good: what the spec asks for will never be held. */
function isResizeInfeasible({ status }: RequestingPod): boolean {
  const pending = status?.conditions?.find(({ type }) => type === "PodResizePending");
  return pending?.reason === "Infeasible";
}

function statusesByName(status: RequestingPod["status"]): Map<string, ContainerStatus> {
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return new Map(all.map((container) => [container.name, container]));
}

function withMissing(requests: ResourceList, missing: ResourceList): ResourceList {
  return new Map([...missing, ...requests]);
}

function addAll(total: Map<string, Amount>, list: ResourceList): void {
  for (const [name, amount] of list) {
    const sum = total.get(name);
    total.set(name, sum ? addAmounts(sum, amount) : amount);
  }
}

function raiseAll(total: Map<string, Amount>, list: ResourceList): void {
  for (const [name, amount] of list) {
    const most = total.get(name);
    if (!most || compareAmounts(amount, most) > 0) total.set(name, amount);
  }
}
