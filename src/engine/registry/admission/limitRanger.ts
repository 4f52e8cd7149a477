// LimitRanger: containers that don't say what they need get a namespace's defaults, and what is said
// must lie between its bounds. Source: plugin/pkg/admission/limitranger, 1.34.
import { LimitRange } from "../../../api/kinds/limitRange.ts";
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import {
  amountsOf,
  containerLimits,
  containerRequests,
  isPodLevelResource,
  type ResourceList,
} from "../../../api/kinds/pod/requests.ts";
import type {
  PersistentVolumeClaim as ClaimObject,
  Container,
  LimitRangeItem,
  LimitRange as LimitRangeObject,
  Pod as PodObject,
} from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { type AdmissionPlugin, type AdmissionRequest, admissionError } from "./admission.ts";
import { boundErrors, maxRequestError, minError } from "./limitBounds.ts";

const annotation = "kubernetes.io/limit-ranger";

export const limitRanger: AdmissionPlugin = {
  name: "LimitRanger",
  admit(request, { list }) {
    if (!isLimited(request) || request.kind.resource !== Pod.resource) return;
    const pod = request.object as unknown as Draft<PodObject>;
    for (const range of list(LimitRange, request.key.namespace)) setDefaults(pod, range);
  },
  validate(request, { list }) {
    if (!isLimited(request)) return;
    for (const { spec } of list(LimitRange, request.key.namespace)) {
      const errors = spec.limits.flatMap((limit) =>
        request.kind.resource === Pod.resource
          ? podErrors(limit, request.object as unknown as PodObject)
          : claimErrors(limit, request.object as unknown as ClaimObject),
      );
      if (errors.length > 0) throw admissionError(request, aggregate(errors));
    }
  },
};

/** Containers can't be changed but by a resize: updates of Pods have nothing to say here. */
function isLimited({ kind, operation, subresource, old }: AdmissionRequest): boolean {
  if (old?.metadata.deletionTimestamp !== undefined) return false;
  if (kind.resource === Pod.resource)
    return subresource === "resize" || (operation === "CREATE" && subresource === undefined);
  const writes = operation === "CREATE" || operation === "UPDATE";
  return kind.resource === PersistentVolumeClaim.resource && subresource === undefined && writes;
}

function setDefaults(pod: Draft<PodObject>, { spec }: LimitRangeObject): void {
  const limits = spec.limits.filter(({ type }) => type === "Container");
  const defaults = {
    limits: Object.assign({}, ...limits.map((limit) => limit.default)) as Defaults,
    requests: Object.assign({}, ...limits.map((limit) => limit.defaultRequest)) as Defaults,
  };
  const told = [
    ...pod.spec.containers.flatMap((each) => fillIn(each, defaults, "container")),
    ...(pod.spec.initContainers ?? []).flatMap((each) => fillIn(each, defaults, "init container")),
  ];
  if (told.length === 0) return;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    [annotation]: `LimitRanger plugin set: ${told.join("; ")}`,
  };
}

type Defaults = Readonly<Record<string, string>>;

/** @returns what was filled in: "cpu, memory request for container c" */
function fillIn(
  container: Draft<Container>,
  defaults: { readonly limits: Defaults; readonly requests: Defaults },
  what: string,
): readonly string[] {
  const filled = (field: "limits" | "requests"): readonly string[] => {
    const stated = container.resources?.[field] ?? {};
    const missing = Object.keys(defaults[field]).filter((name) => !Object.hasOwn(stated, name));
    if (missing.length === 0) return [];
    const added = Object.fromEntries(missing.map((name) => [name, defaults[field][name] ?? ""]));
    container.resources = { ...container.resources, [field]: { ...stated, ...added } };
    const list = missing.sort().join(", ");
    return [`${list} ${field.slice(0, -1)} for ${what} ${container.name}`];
  };
  const limits = filled("limits");
  return [...filled("requests"), ...limits];
}

function podErrors(limit: LimitRangeItem, pod: PodObject): readonly string[] {
  const { containers, initContainers = [] } = pod.spec;
  switch (limit.type) {
    case "Container":
      return [...containers, ...initContainers].flatMap(({ resources }) =>
        boundErrors(limit, {
          requests: amountsOf(resources?.requests),
          limits: amountsOf(resources?.limits),
        }),
      );
    case "Pod":
      return boundErrors(limit, {
        requests: podLevel(containerRequests(pod), pod.spec.resources?.requests),
        limits: podLevel(containerLimits(pod), pod.spec.resources?.limits),
      });
    default:
      return [];
  }
}

/** What the Pod says as a whole stands for what its containers say. */
function podLevel(ofContainers: ResourceList, own: Parameters<typeof amountsOf>[0]): ResourceList {
  const stated = [...amountsOf(own)].filter(([name]) => isPodLevelResource(name));
  return new Map([...ofContainers, ...stated]);
}

function claimErrors(limit: LimitRangeItem, { spec }: ClaimObject): readonly string[] {
  if (limit.type !== "PersistentVolumeClaim") return [];
  const requests: ResourceList = amountsOf(spec.resources?.requests);
  return [...minError(limit, { requests, limits: new Map() }), ...maxRequestError(limit, requests)];
}

function aggregate(errors: readonly string[]): string {
  const texts = [...new Set(errors)];
  return texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(", ")}]`;
}
