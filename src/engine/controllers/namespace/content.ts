// Empties a namespace, and tells what is left in it.
// Source: pkg/controller/namespace/deletion/namespaced_resources_deleter.go, 1.34.
import { isCollectable, type Kind } from "../../../api/kind.ts";
import { isTerminal, Pod } from "../../../api/kinds/pod/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import { internalError } from "../../../api/status.ts";
import type { Pod as PodObject } from "../../../api/types.ts";
import { type Instant, second } from "../../../base/time.ts";
import type { LocalClient } from "../../localClient.ts";

/** How long objects with finalizers are given before the next look. */
const finalizerEstimateSeconds = 15;

export interface Remains {
  /** Objects left, by resource as conditions name it: "pods.", "deployments.apps". */
  readonly resources: ReadonlyMap<string, number>;
  /** Objects left that wait for a finalizer, by finalizer. */
  readonly finalizers: ReadonlyMap<string, number>;
  /** When to look again; 0 if nothing is left. */
  readonly estimateSeconds: number;
}

/**
 * Asks for the deletion of everything in the namespace: the Pods first, the rest only once they are
 * gone, so that nothing that a Pod relies on goes before it. (OrderedNamespaceDeletion)
 * @throws ApiError if something stays that nothing holds
 */
export function emptyNamespace(
  client: LocalClient,
  kinds: Iterable<Kind>,
  namespace: string,
  deletedFor: number,
): Remains {
  const pods = emptyKind(client, Pod as unknown as Kind, namespace, deletedFor);
  if (pods.resources.size > 0) return pods;
  const all = [...kinds].filter(
    (kind) => kind.namespaced && kind.resource !== Pod.resource && isCollectable(kind),
  );
  return all
    .map((kind) => emptyKind(client, kind, namespace, deletedFor))
    .reduce(addRemains, nothing);
}

const nothing: Remains = { resources: new Map(), finalizers: new Map(), estimateSeconds: 0 };

function emptyKind(
  client: LocalClient,
  kind: Kind,
  namespace: string,
  deletedFor: number,
): Remains {
  const before = client.list(kind, { namespace }).items;
  if (before.length === 0) return nothing;
  client.deleteCollection(kind, namespace, { propagationPolicy: "Background" });
  const left = client.list(kind, { namespace }).items;
  if (left.length === 0) return nothing;
  const finalizers = countFinalizers(left);
  const estimate = graceSeconds(before) > deletedFor ? graceSeconds(before) : 0;
  if (estimate === 0 && finalizers.size === 0)
    throw internalError(
      `unexpected items still remain in namespace: ${namespace} for gvr: ${kind.resource}`,
    );
  return {
    resources: new Map([[`${kind.plural}.${kind.gvk.group}`, left.length]]),
    finalizers,
    estimateSeconds: estimate || finalizerEstimateSeconds,
  };
}

/** The longest time that one of the Pods may take to end. */
function graceSeconds(objects: readonly KubeObject[]): number {
  const periods = objects.map((object) => {
    if (object.kind !== Pod.gvk.kind) return 0;
    const pod = object as PodObject;
    return isTerminal(pod) ? 0 : (pod.spec.terminationGracePeriodSeconds ?? 0);
  });
  return Math.max(0, ...periods);
}

function countFinalizers(objects: readonly KubeObject[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const finalizer of objects.flatMap(({ metadata }) => metadata.finalizers ?? []))
    counts.set(finalizer, (counts.get(finalizer) ?? 0) + 1);
  return counts;
}

function addRemains(a: Remains, b: Remains): Remains {
  const finalizers = new Map(a.finalizers);
  for (const [name, count] of b.finalizers)
    finalizers.set(name, (finalizers.get(name) ?? 0) + count);
  return {
    resources: new Map([...a.resources, ...b.resources]),
    finalizers,
    estimateSeconds: Math.max(a.estimateSeconds, b.estimateSeconds),
  };
}

/** Whole seconds between two instants, for comparing with grace periods. */
export function secondsSince(then: Instant, now: Instant): number {
  return (now - then) / second;
}
