// namespace-controller: empties a namespace that is being deleted, then lets it go.
import { dequal } from "dequal";
import type { Kind } from "../../../api/kind.ts";
import { Namespace } from "../../../api/kinds/namespace.ts";
import { keyOf } from "../../../api/object.ts";
import { hasReason } from "../../../api/status.ts";
import type { Namespace as NamespaceObject } from "../../../api/types.ts";
import { parseTime, second } from "../../../base/time.ts";
import { namespaceDeletionGraceMs } from "../../limits.ts";
import type { LocalClient } from "../../localClient.ts";
import { type ControllerFactory, trigger } from "../controller.ts";
import { terminatingConditions } from "./conditions.ts";
import { emptyNamespace, secondsSince } from "./content.ts";

const finalizer = "kubernetes";

/**
 * Source: pkg/controller/namespace, kubernetes v1.34.
 * @param kinds all that may lie in a namespace
 */
export function namespace(kinds: Iterable<Kind>): ControllerFactory {
  return () => ({
    name: "namespace-controller",
    triggers: [
      trigger(Namespace, ({ now }, context) => {
        // Other API servers may not know of the deletion yet and let something in.
        if (now?.metadata.deletionTimestamp !== undefined)
          context.enqueue(keyOf(now), namespaceDeletionGraceMs);
        return [];
      }),
    ],
    reconcile(key, { cache, client, now }) {
      if (!cache(Namespace).get(key)) return undefined;
      const current = find(client, key.name);
      const deletedAt = parseTime(current?.metadata.deletionTimestamp ?? "");
      if (!current || deletedAt === undefined || !holds(current)) return undefined;
      const deletedFor = secondsSince(deletedAt, now());
      const remains = emptyNamespace(client, kinds, key.name, deletedFor);
      const conditions = terminatingConditions(current.status?.conditions, remains, now());
      const updated = dequal(conditions, current.status?.conditions)
        ? current
        : client.updateStatus(Namespace, {
            ...current,
            status: { ...current.status, conditions },
          });
      if (remains.estimateSeconds > 0)
        return { retryAfterMs: (Math.floor(remains.estimateSeconds / 2) + 1) * second };
      finalize(client, updated);
      return undefined;
    },
  });
}

function find(client: LocalClient, name: string): NamespaceObject | undefined {
  try {
    return client.get(Namespace, { namespace: "", name });
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    return undefined;
  }
}

function holds({ spec }: NamespaceObject): boolean {
  return spec.finalizers?.includes(finalizer) ?? false;
}

/** The last finalizer that goes takes the namespace with it. */
function finalize(client: LocalClient, current: NamespaceObject): void {
  const finalizers = (current.spec.finalizers ?? []).filter((name) => name !== finalizer);
  client.updateSubresource(Namespace, { ...current, spec: { finalizers } }, "finalize");
}
