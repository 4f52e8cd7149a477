// What people have made of a cluster: everything but what a new one has by itself.
import { dequal } from "dequal";
import { applyPlace } from "../api/applyOrder.ts";
import type { Kind, KindRegistry } from "../api/kind.ts";
import type { KubeObject } from "../api/object.ts";
import { portable } from "../api/portable.ts";
import { storageKey, storagePrefix } from "./registry/storageKeys.ts";
import { storedValue } from "./registry/storedValue.ts";
import type { Store } from "./store/store.ts";

export interface ExportedCluster {
  readonly kinds: KindRegistry;
  readonly store: Store;
}

/** Objects in an order in which they can be applied to a cluster like `fresh`, which is new. */
export function exportObjects(
  { kinds, store }: ExportedCluster,
  fresh: ExportedCluster,
): readonly KubeObject[] {
  return [...kinds]
    .filter(({ storedAs, unstored }) => !storedAs && !unstored)
    .sort((a, b) => applyPlace(a.gvk.kind) - applyPlace(b.gvk.kind))
    .flatMap((kind) =>
      store.range<KubeObject>(storagePrefix(kind)).entries.flatMap(({ value }) => {
        const object = portable(storedValue(kind, value));
        return object && !isThereAnyway(kind, object, fresh.store) ? [object] : [];
      }),
    );
}

/** The cluster puts the same into every namespace. */
function isThereAnyway(kind: Kind, object: KubeObject, fresh: Store): boolean {
  const { name, namespace = "" } = object.metadata;
  return [namespace, "default"].some((place) => {
    const entry = fresh.get<KubeObject>(storageKey(kind, { namespace: place, name }));
    const other = entry && portable(storedValue(kind, entry.value));
    return other && dequal(contentOf(object), contentOf(other));
  });
}

function contentOf({ metadata: { namespace: _, ...metadata }, ...object }: KubeObject): unknown {
  return { ...object, metadata };
}
