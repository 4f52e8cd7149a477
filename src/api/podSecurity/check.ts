// What a check of the Pod Security Standards is, and the words that all checks share.
// Source: pod-security-admission policy/checks.go and helpers.go, 1.34.
import type { Container, EphemeralContainer, PodSpec } from "../types.ts";

/** A Pod, or what a workload makes its Pods from. */
export interface CheckedPod {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: PodSpec;
}

export interface Violation {
  /** "host namespaces" */
  readonly reason: string;
  /** "hostNetwork=true" */
  readonly detail: string;
}

export type CheckPod = (pod: CheckedPod) => Violation | undefined;

export interface VersionedCheck {
  /** The minor version of Kubernetes from which on the check is like this. */
  readonly since: number;
  readonly check: CheckPod;
}

export interface PodSecurityCheck {
  /** Violations are told in the order of ids, baseline first. */
  readonly id: string;
  readonly level: "baseline" | "restricted";
  /** Oldest first. */
  readonly versions: readonly VersionedCheck[];
  /** The baseline check that this one, where it exists, stands for. */
  readonly replaces?: string;
}

export type AnyContainer = Container | EphemeralContainer;

/** In the order in which they are named: init containers, containers, ephemeral containers. */
export function allContainers(spec: PodSpec): readonly AnyContainer[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  return [...initContainers, ...containers, ...ephemeralContainers];
}

/** Names of the containers for which `isBad` holds. */
export function badContainers(
  { spec }: CheckedPod,
  isBad: (container: AnyContainer) => boolean,
): readonly string[] {
  return allContainers(spec)
    .filter(isBad)
    .map(({ name }) => name);
}

/** 'container "a"', 'containers "a", "b"'. */
export function named(singular: string, names: readonly string[]): string {
  return `${plural(singular, names.length)} ${quoted(names)}`;
}

export function plural(singular: string, count: number): string {
  return count === 1 ? singular : `${singular}s`;
}

/** '"a", "b"' */
export function quoted(texts: readonly string[]): string {
  return texts.map((text) => JSON.stringify(text)).join(", ");
}

/** 'pod and containers "a", "b"': who set something wrong. */
export function setters(isPodBad: boolean, containers: readonly string[]): string {
  const parts = [
    ...(isPodBad ? ["pod"] : []),
    ...(containers.length > 0 ? [named("container", containers)] : []),
  ];
  return parts.join(" and ");
}

/** Each value once, sorted. */
export function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

export function isWindows({ spec }: CheckedPod): boolean {
  return spec.os?.name === "windows";
}
