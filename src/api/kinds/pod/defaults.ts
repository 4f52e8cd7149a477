// What the API server fills in where a Pod is silent. Source: SetObjectDefaults_Pod of
// pkg/apis/core/v1/{defaults,zz_generated.defaults}.go, kubernetes v1.34, default feature gates.
import type { Draft } from "../../../base/draft.ts";
import { isQuantityError, parseQuantity, quantityText, roundedToMilli } from "../../quantity.ts";
import type {
  Container,
  EphemeralContainer,
  LifecycleHandler,
  Pod,
  PodSpec,
  Probe,
  Quantity,
  ResourceRequirements,
  Volume,
} from "../../types.ts";
import { imageTag } from "./imageReference.ts";
import { containerLimits, containerRequests, isHugePages, isPodLevelResource } from "./requests.ts";
import { setVolumeDefaults } from "./volumeDefaults.ts";

type MutableList = Record<string, Quantity>;

/** Sets every default of a Pod, in place. */
export function setPodDefaults(pod: Draft<Pod>): void {
  const { spec } = pod;
  for (const container of allContainers(spec)) requestLimits(container.resources);
  defaultHugePagesLimits(pod);
  defaultPodRequests(pod);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork) for (const container of allContainers(spec)) exposeOnHost(container);
  setPodSpecDefaults(spec);
  for (const status of [
    ...(pod.status?.containerStatuses ?? []),
    ...(pod.status?.initContainerStatuses ?? []),
    ...(pod.status?.ephemeralContainerStatuses ?? []),
  ]) {
    roundUp(status.allocatedResources);
    roundUpAll(status.resources);
  }
}

/** Sets the defaults that a Pod's spec has wherever it stands, e.g. in a Deployment's template. */
export function setPodSpecDefaults(spec: Draft<PodSpec>): void {
  spec.dnsPolicy ||= "ClusterFirst";
  spec.restartPolicy ||= "Always";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ||= "default-scheduler";
  roundUp(spec.overhead);
  roundUpAll(spec.resources);
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume as Draft<Volume>);
  for (const container of allContainers(spec)) setContainerDefaults(container);
  for (const container of spec.ephemeralContainers ?? []) setContainerDefaults(container);
}

type AnyContainer = Draft<Container> | Draft<EphemeralContainer>;

function setContainerDefaults(container: AnyContainer): void {
  container.imagePullPolicy ||= imageTag(container.image) === "latest" ? "Always" : "IfNotPresent";
  container.terminationMessagePath ||= "/dev/termination-log";
  container.terminationMessagePolicy ||= "File";
  for (const port of container.ports ?? []) port.protocol ||= "TCP";
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef) valueFrom.fieldRef.apiVersion ||= "v1";
    if (valueFrom?.fileKeyRef) valueFrom.fileKeyRef.optional ??= false;
  }
  roundUpAll(container.resources);
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe])
    setProbeDefaults(probe);
  setHandlerDefaults(container.lifecycle?.postStart);
  setHandlerDefaults(container.lifecycle?.preStop);
}

function setProbeDefaults(probe: Draft<Probe> | undefined): void {
  if (!probe) return;
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  setHandlerDefaults(probe);
  if (probe.grpc) probe.grpc.service ??= "";
}

function setHandlerDefaults(handler: Draft<Pick<LifecycleHandler, "httpGet">> | undefined): void {
  if (!handler?.httpGet) return;
  handler.httpGet.path ||= "/";
  handler.httpGet.scheme ||= "HTTP";
}

function allContainers(spec: Draft<PodSpec>): Draft<Container>[] {
  return [...spec.containers, ...(spec.initContainers ?? [])];
}

/** A limit without a request is a request of the same amount. */
function requestLimits(resources: Draft<ResourceRequirements> | undefined): void {
  if (!resources?.limits) return;
  resources.requests = { ...resources.limits, ...resources.requests };
}

/** With host networking a container's ports are the host's. */
function exposeOnHost({ ports }: Draft<Container>): void {
  for (const port of ports ?? []) port.hostPort ||= port.containerPort;
}

/** Where the Pod names resources of its own, the containers' huge pages become its limits. */
function defaultHugePagesLimits(pod: Draft<Pod>): void {
  const { resources } = pod.spec;
  if (!resources || !(isFilled(resources.limits) || isFilled(resources.requests))) return;
  const limits: MutableList = { ...resources.limits };
  for (const [name, amount] of containerLimits(pod)) {
    if (!isHugePages(name) || resources.requests?.[name] !== undefined) continue;
    limits[name] ??= quantityText(amount);
  }
  if (isFilled(limits)) resources.limits = limits;
}

/** Where the Pod has limits of its own, its requests follow the containers', then its limits. */
function defaultPodRequests(pod: Draft<Pod>): void {
  const { resources } = pod.spec;
  if (!resources || !isFilled(resources.limits)) return;
  const requests: MutableList = { ...resources.requests };
  for (const [name, amount] of containerRequests(pod))
    if (isPodLevelResource(name) && !isHugePages(name)) requests[name] ??= quantityText(amount);
  for (const [name, quantity] of Object.entries(resources.limits ?? {}))
    if (isPodLevelResource(name)) requests[name] ??= quantity;
  if (isFilled(requests)) resources.requests = requests;
}

function isFilled(list: MutableList | undefined): boolean {
  return list !== undefined && Object.keys(list).length > 0;
}

function roundUpAll(resources: Draft<ResourceRequirements> | undefined): void {
  roundUp(resources?.limits);
  roundUp(resources?.requests);
}

/** Quantities hold thousandths at most, and are written as Kubernetes writes them. */
function roundUp(list: MutableList | undefined): void {
  for (const [name, quantity] of Object.entries(list ?? {})) {
    const amount = parseQuantity(quantity);
    if (list && !isQuantityError(amount)) list[name] = quantityText(roundedToMilli(amount));
  }
}
