// What the subresources that write a Pod may change of it.
// Source: pkg/registry/core/pod/strategy.go, 1.34.
import { type Draft, draft } from "../../../base/draft.ts";
import type { FieldError } from "../../fieldError.ts";
import type { Subresource } from "../../kind.ts";
import type { Container, Pod, PodSpec } from "../../types.ts";
import { keepMetadata } from "../keepMetadata.ts";
import { validateEphemeralContainersUpdate } from "./validation/ephemeralContainersUpdate.ts";
import { validateResize } from "./validation/resize.ts";

export function preparePodSubresource(subresource: Subresource, pod: Draft<Pod>, old: Pod): void {
  if (subresource === "status") prepareStatus(pod, old);
  else if (subresource === "ephemeralcontainers") {
    const { ephemeralContainers } = pod.spec;
    pod.spec = { ...draft(old.spec), ...(ephemeralContainers ? { ephemeralContainers } : {}) };
    if (!ephemeralContainers) delete pod.spec.ephemeralContainers;
    keepMetadata(pod, old);
  } else if (subresource === "resize") {
    pod.spec = resized(pod.spec, old.spec);
    keepMetadata(pod, old);
  }
}

/** Older kubelets spoil owners, and forget the quality of service. */
function prepareStatus({ metadata, status = {} }: Draft<Pod>, old: Pod): void {
  delete metadata.deletionTimestamp;
  if (old.metadata.ownerReferences)
    metadata.ownerReferences = draft(old.metadata.ownerReferences) as NonNullable<
      typeof metadata.ownerReferences
    >;
  else delete metadata.ownerReferences;
  if (old.status?.qosClass) status.qosClass ||= old.status.qosClass;
  matchAddresses(status);
}

/** The one address of older clients counts before the list. Source: conversion of PodStatus. */
function matchAddresses(status: NonNullable<Draft<Pod>["status"]>): void {
  const first = status.podIPs?.[0]?.ip;
  if (status.podIP && status.podIP !== first) status.podIPs = [{ ip: status.podIP }];
  else if (first) status.podIP = first;
}

/** Containers are found by name: their order is for validation to judge. */
function resized(spec: Draft<PodSpec>, old: PodSpec): Draft<PodSpec> {
  const kept = draft(old);
  for (const field of ["containers", "initContainers"] as const)
    for (const container of kept[field] ?? []) {
      const asked = spec[field]?.find(({ name }) => name === container.name);
      if (asked) takeResources(container, asked);
    }
  return kept;
}

function takeResources(
  container: Draft<Container>,
  { resources, resizePolicy }: Draft<Container>,
): void {
  if (resources) container.resources = resources;
  else delete container.resources;
  if (resizePolicy) container.resizePolicy = resizePolicy;
  else delete container.resizePolicy;
}

export function validatePodSubresourceUpdate(
  subresource: Subresource,
  pod: Pod,
  old: Pod,
): readonly FieldError[] {
  switch (subresource) {
    case "ephemeralcontainers":
      return validateEphemeralContainersUpdate(pod, old);
    case "resize":
      return validateResize(pod, old);
    default:
      return [];
  }
}
