// Objects as scenarios write them: what a line does not say is as usual.
import { parse } from "yaml";
import type { KubeObject } from "../../../src/api/object.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Fields that are said apart from the spec, for they would be deep within it. */
const apart = ["meta", "labels", "annotations", "pod", "container", "sh", "top"];

/**
 * An object of a kind: `words` is a YAML flow mapping of its spec, with a few shorthands:
 * `meta`, `labels`, `annotations` (of the object), `pod` (of the Pods' spec), `container` (of their only
 * one), `sh` (a script that busybox runs in it), `top` (fields beside the spec).
 */
export function usualObject(kind: string, key: string, words: string): KubeObject {
  const given = (words === "" ? {} : parse(words)) as Record<string, unknown>;
  const [namespace, name] = key.includes("/") ? key.split("/") : ["default", key];
  const usual = usualSpecs[kind];
  const rest = Object.fromEntries(
    Object.entries(given).filter(([field]) => !apart.includes(field)),
  );
  const spec = merged(usual?.spec(name ?? "", given) ?? {}, rest);
  const object = {
    apiVersion: usual?.apiVersion ?? "v1",
    kind: usual?.kind ?? "",
    metadata: {
      name,
      ...(usual?.isClusterWide ? {} : { namespace }),
      ...fieldsOf(given.meta),
      ...(usual?.isLabelled || given.labels
        ? { labels: { ...(usual?.isLabelled ? { app: name } : {}), ...fieldsOf(given.labels) } }
        : {}),
      ...(given.annotations ? { annotations: given.annotations } : {}),
    },
    ...(usual?.hasNoSpec ? rest : { spec }),
    ...fieldsOf(given.top),
  };
  return object as unknown as KubeObject;
}

/** How a merge patch of the usual fields changes a base: RFC 7386 without deletions. */
function merged(base: Fields, patch: Fields): Fields {
  const result: Record<string, unknown> = { ...base };
  for (const [field, value] of Object.entries(patch)) {
    const before = result[field];
    result[field] = isFields(before) && isFields(value) ? merged(before, value) : value;
  }
  return result;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function podSpec(given: Fields): Fields {
  const script = typeof given.sh === "string" ? given.sh : undefined;
  const container = {
    name: "main",
    ...(script === undefined
      ? { image: "nginx:1.27" }
      : { image: "busybox:1.36", command: ["sh", "-c", script] }),
    ...fieldsOf(given.container),
  };
  return { containers: [container], ...fieldsOf(given.pod) };
}

const selected = (name: string, given: Fields): Fields => ({
  selector: { matchLabels: { app: name } },
  template: { metadata: { labels: { app: name } }, spec: podSpec(given) },
});

const jobSpec = (given: Fields): Fields => ({
  template: { spec: { restartPolicy: "Never", ...podSpec({ sh: "sleep 5", ...given }) } },
});

interface Usual {
  readonly apiVersion?: string;
  readonly kind: string;
  /** Carries the label app with its name. */
  readonly isLabelled?: true;
  readonly isClusterWide?: true;
  readonly hasNoSpec?: true;
  spec(name: string, given: Fields): Fields;
}

const nothing = (): Fields => ({});

const usualSpecs: Readonly<Record<string, Usual>> = {
  pod: { kind: "Pod", isLabelled: true, spec: (_, given) => podSpec(given) },
  deployment: { apiVersion: "apps/v1", kind: "Deployment", spec: selected },
  replicaset: { apiVersion: "apps/v1", kind: "ReplicaSet", spec: selected },
  daemonset: { apiVersion: "apps/v1", kind: "DaemonSet", spec: selected },
  statefulset: {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    spec: (name, given) => ({ serviceName: name, ...selected(name, given) }),
  },
  replicationcontroller: {
    kind: "ReplicationController",
    spec: (name, given) => ({ ...selected(name, given), selector: { app: name } }),
  },
  job: { apiVersion: "batch/v1", kind: "Job", spec: (_, given) => jobSpec(given) },
  cronjob: {
    apiVersion: "batch/v1",
    kind: "CronJob",
    spec: (_, given) => ({ schedule: "* * * * *", jobTemplate: { spec: jobSpec(given) } }),
  },
  service: {
    kind: "Service",
    spec: (name) => ({ selector: { app: name }, ports: [{ port: 80 }] }),
  },
  poddisruptionbudget: {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    spec: (name) => ({ selector: { matchLabels: { app: name } } }),
  },
  horizontalpodautoscaler: {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    spec: (name) => ({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      maxReplicas: 10,
    }),
  },
  resourcequota: { kind: "ResourceQuota", spec: nothing },
  persistentvolumeclaim: {
    kind: "PersistentVolumeClaim",
    spec: () => ({ accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } }),
  },
  persistentvolume: {
    kind: "PersistentVolume",
    isClusterWide: true,
    spec: () => ({
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      hostPath: { path: "/data" },
    }),
  },
  storageclass: {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    isClusterWide: true,
    hasNoSpec: true,
    spec: nothing,
  },
  priorityclass: {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    isClusterWide: true,
    hasNoSpec: true,
    spec: nothing,
  },
  namespace: { kind: "Namespace", isClusterWide: true, spec: nothing },
  node: { kind: "Node", isClusterWide: true, spec: nothing },
  configmap: { kind: "ConfigMap", hasNoSpec: true, spec: nothing },
  secret: { kind: "Secret", hasNoSpec: true, spec: nothing },
  serviceaccount: { kind: "ServiceAccount", hasNoSpec: true, spec: nothing },
  endpoints: { kind: "Endpoints", hasNoSpec: true, spec: nothing },
};
