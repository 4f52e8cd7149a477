// Volumes and claims that are in use stay until they are not, whoever deletes them.
// Source: pkg/controller/volume/{pvcprotection,pvprotection}, kubernetes v1.34.
import type { Kind } from "../../../api/kind.ts";
import { PersistentVolume } from "../../../api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { isTerminal, Pod } from "../../../api/kinds/pod/kind.ts";
import { type KubeObject, keyOf, type ObjectKey } from "../../../api/object.ts";
import type { Pod as PodObject } from "../../../api/types.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "../controller.ts";

export const persistentVolumeClaimProtection: ControllerFactory = () => ({
  name: "persistentvolumeclaim-protection-controller",
  account: "pvc-protection-controller",
  triggers: [
    trigger(PersistentVolumeClaim, ({ now }) => (now ? [keyOf(now)] : [])),
    trigger(Pod, ({ old, now }) => {
      const pod = now ?? old;
      return now && !isTerminal(now) ? [] : pod ? claimsOf(pod) : [];
    }),
  ],
  reconcile(key, context) {
    protect(PersistentVolumeClaim, key, "kubernetes.io/pvc-protection", context, () =>
      context
        .cache(Pod)
        .list(key.namespace)
        .some((pod) => !isTerminal(pod) && claimsOf(pod).some(({ name }) => name === key.name)),
    );
    return undefined;
  },
});

export const persistentVolumeProtection: ControllerFactory = () => ({
  name: "persistentvolume-protection-controller",
  account: "pv-protection-controller",
  triggers: [trigger(PersistentVolume, ({ now }) => (now ? [keyOf(now)] : []))],
  reconcile(key, context) {
    protect(
      PersistentVolume,
      key,
      "kubernetes.io/pv-protection",
      context,
      ({ status }) => status?.phase === "Bound",
    );
    return undefined;
  },
});

function claimsOf({ metadata, spec }: PodObject): ObjectKey[] {
  const { namespace = "" } = metadata;
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [{ namespace, name: persistentVolumeClaim.claimName }];
    return ephemeral ? [{ namespace, name: `${metadata.name}-${name}` }] : [];
  });
}

/** Adds the finalizer where it is missing; takes it off what is being deleted and no longer in use. */
function protect<T extends KubeObject>(
  kind: Kind<T>,
  key: ObjectKey,
  finalizer: string,
  { cache, client }: ControllerContext,
  isUsed: (object: T) => boolean,
): void {
  const object = cache(kind).get(key);
  if (!object) return;
  const { finalizers = [], deletionTimestamp } = object.metadata;
  const isProtected = finalizers.includes(finalizer);
  const withFinalizers = (names: readonly string[]): T => ({
    ...object,
    metadata: { ...object.metadata, finalizers: names },
  });
  if (deletionTimestamp === undefined) {
    if (!isProtected) client.update(kind, withFinalizers([...finalizers, finalizer]));
  } else if (isProtected && !isUsed(object))
    client.update(kind, withFinalizers(finalizers.filter((name) => name !== finalizer)));
}
