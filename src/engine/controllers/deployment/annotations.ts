// What a Deployment writes down on its ReplicaSets: revisions and sizes.
// Source: pkg/controller/deployment/util/deployment_util.go, 1.34.
import type { Deployment, ReplicaSet } from "../../../api/types.ts";
import { desiredReplicas, fenceposts } from "./fenceposts.ts";

export const revisionAnnotation = "deployment.kubernetes.io/revision";
const revisionHistoryAnnotation = "deployment.kubernetes.io/revision-history";
const desiredAnnotation = "deployment.kubernetes.io/desired-replicas";
const maxAnnotation = "deployment.kubernetes.io/max-replicas";

/** What a set doesn't inherit from its Deployment. */
const notCopied = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredAnnotation,
  maxAnnotation,
  "deprecated.deployment.rollback.to",
]);

const maxHistoryLength = 2_000;

export type Annotations = Readonly<Record<string, string>>;

/** An int64; 0 for a set without a revision. */
export function revisionOf({ metadata }: ReplicaSet): bigint {
  return wholeNumber(metadata.annotations?.[revisionAnnotation]) ?? 0n;
}

export function maxRevision(sets: readonly ReplicaSet[]): bigint {
  const [most = 0n] = sets.map(revisionOf).sort((a, b) => Number(b - a));
  return most;
}

/** How many replicas the Deployment wanted when it last sized the set. */
export function desiredAtLastScale({ metadata }: ReplicaSet): number | undefined {
  return replicasIn(metadata.annotations?.[desiredAnnotation]);
}

/** Replicas and surge when the Deployment last sized the set. */
export function maxAtLastScale({ metadata }: ReplicaSet): number | undefined {
  return replicasIn(metadata.annotations?.[maxAnnotation]);
}

export function sizeAnnotations(deployment: Deployment): Annotations {
  const desired = desiredReplicas(deployment);
  return {
    [desiredAnnotation]: String(desired),
    [maxAnnotation]: String(desired + fenceposts(deployment).maxSurge),
  };
}

/**
 * The annotations of the set of the current template: the Deployment's own, and its revision. A set
 * that gets a higher revision, as in a rollback, remembers those it had.
 */
export function newSetAnnotations(
  deployment: Deployment,
  old: Annotations | undefined,
  revision: bigint,
): Annotations {
  const inherited = Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key)),
  );
  const annotations: Record<string, string> = { ...old, ...inherited };
  const before = old?.[revisionAnnotation];
  if (before !== undefined && wholeNumber(before) === undefined) return annotations;
  if (revision <= (wholeNumber(before) ?? 0n)) return annotations;
  annotations[revisionAnnotation] = String(revision);
  if (before !== undefined)
    annotations[revisionHistoryAnnotation] = history(old?.[revisionHistoryAnnotation], before);
  return annotations;
}

/** The newest last, the oldest dropped when it grows too long. */
function history(known: string | undefined, revision: string): string {
  const revisions = known ? known.split(",") : [];
  revisions.push(revision);
  while (revisions.length > 1 && revisions.join(",").length > maxHistoryLength) revisions.shift();
  return revisions.join(",");
}

function replicasIn(text: string | undefined): number | undefined {
  const number = wholeNumber(text);
  return number === undefined ? undefined : Number(number);
}

function wholeNumber(text: string | undefined): bigint | undefined {
  return text !== undefined && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}
