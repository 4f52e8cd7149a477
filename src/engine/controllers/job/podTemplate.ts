// The Pod that a Job makes, for one of its indexes if it has some. Source: pkg/controller/job manageJob
// and indexed_job_utils.go, kubernetes v1.34.
import type { Container, Job, Pod, PodTemplateSpec } from "../../../api/types.ts";
import { indexKey, trackingFinalizer } from "./jobPods.ts";
import { failureCountAnnotations, limitsEachIndex } from "./perIndex.ts";

const indexVariable = "JOB_COMPLETION_INDEX";
/** apiserver names/generate.go MaxGeneratedNameLength. */
const maxPrefixLength = 58;

export function jobPodTemplate({ spec }: Job): PodTemplateSpec {
  const { metadata = { name: "" } } = spec.template;
  const { finalizers = [] } = metadata;
  const tracked = finalizers.includes(trackingFinalizer)
    ? finalizers
    : [...finalizers, trackingFinalizer];
  return { ...spec.template, metadata: { ...metadata, finalizers: tracked } };
}

/** @param replaced the failed Pod of the same index, whose failures go on counting */
export function indexedPodTemplate(
  job: Job,
  index: number,
  replaced: Pod | undefined,
): PodTemplateSpec {
  const { metadata = { name: "" }, spec } = jobPodTemplate(job);
  const annotations = {
    ...metadata.annotations,
    [indexKey]: String(index),
    ...(limitsEachIndex(job) ? failureCountAnnotations(job, replaced) : {}),
  };
  return {
    metadata: {
      ...metadata,
      annotations,
      labels: { ...metadata.labels, [indexKey]: String(index) },
    },
    ...(spec
      ? {
          spec: {
            ...spec,
            hostname: `${job.metadata.name}-${index}`,
            ...(spec.initContainers
              ? { initContainers: spec.initContainers.map(withIndexVariable) }
              : {}),
            containers: spec.containers.map(withIndexVariable),
          },
        }
      : {}),
  };
}

/** "pi-3-": the index survives where the name is too long. */
export function indexedNamePrefix({ metadata }: Job, index: number): string {
  const ending = `-${index}-`;
  return metadata.name.slice(0, maxPrefixLength - ending.length) + ending;
}

function withIndexVariable(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === indexVariable)) return container;
  const fieldPath = `metadata.labels['${indexKey}']`;
  return {
    ...container,
    env: [...env, { name: indexVariable, valueFrom: { fieldRef: { fieldPath } } }],
  };
}
