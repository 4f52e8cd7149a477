// Small objects for the controllers' tests: what a test does not say is as usual.
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  PodTemplateSpec,
  ReplicaSet,
  Service,
  StatefulSet,
} from "../../../src/api/types.ts";

const labels = { app: "web" };

export function template(image = "nginx:1", podLabels: Readonly<Record<string, string>> = labels) {
  return {
    metadata: { name: "", labels: podLabels },
    spec: {
      containers: [{ name: "main", image, ports: [{ name: "http", containerPort: 80 }] }],
      terminationGracePeriodSeconds: 30,
    },
  } satisfies PodTemplateSpec;
}

export function deployment(name: string, spec: Partial<Deployment["spec"]> = {}): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: template(),
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" },
      },
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      ...spec,
    },
  };
}

export function replicaSet(name: string, spec: Partial<ReplicaSet["spec"]> = {}): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name, namespace: "default" },
    spec: { replicas: 3, selector: { matchLabels: labels }, template: template(), ...spec },
  };
}

export function job(name: string, spec: Partial<Job["spec"]> = {}): Job {
  const { spec: podSpec } = template();
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: "default" },
    spec: { template: { spec: { ...podSpec, restartPolicy: "Never" } }, ...spec },
  };
}

export function statefulSet(name: string, spec: Partial<StatefulSet["spec"]> = {}): StatefulSet {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace: "default" },
    spec: {
      serviceName: name,
      replicas: 3,
      selector: { matchLabels: labels },
      template: template(),
      ...spec,
    },
  };
}

export function daemonSet(name: string, spec: Partial<DaemonSet["spec"]> = {}): DaemonSet {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace: "default" },
    spec: { selector: { matchLabels: labels }, template: template(), ...spec },
  };
}

export function cronJob(name: string, spec: Partial<CronJob["spec"]> = {}): CronJob {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace: "default" },
    spec: { schedule: "*/5 * * * *", jobTemplate: { spec: job(name).spec }, ...spec },
  };
}

export function service(name: string, spec: Partial<Service["spec"]> = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: "default" },
    spec: {
      selector: labels,
      ports: [{ name: "web", protocol: "TCP", port: 8080, targetPort: "http" }],
      ...spec,
    },
  };
}
