// persistentvolume-binder: gives each PersistentVolumeClaim a PersistentVolume, one to one.
// Source: pkg/controller/volume/persistentvolume/pv_controller_base.go, kubernetes v1.34.
import { PersistentVolume } from "../../../api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { StorageClass } from "../../../api/kinds/storageClass.ts";
import { keyOf } from "../../../api/object.ts";
import { second } from "../../../base/time.ts";
import { type ControllerFactory, trigger } from "../controller.ts";
import { syncClaim } from "./claimBinder.ts";
import { claimKeyOf } from "./claims.ts";
import { syncVolume } from "./volumePhases.ts";

/** kube-controller-manager: --pvclaimbinder-sync-period. */
const resyncMs = 15 * second;

/** Keys of claims have a namespace, keys of volumes have none. */
export const persistentVolumeBinder: ControllerFactory = () => ({
  name: "persistentvolume-binder-controller",
  account: "persistent-volume-binder",
  eventSource: "persistentvolume-controller",
  periodMs: resyncMs,
  triggers: [
    trigger(PersistentVolumeClaim, ({ old, now }, { cache }) => {
      const claim = now ?? old;
      const volume = claim?.spec.volumeName;
      const { namespace, name } = claim?.metadata ?? { namespace: "", name: "" };
      const meant = cache(PersistentVolume)
        .list()
        .filter(
          ({ spec }) => spec.claimRef?.name === name && spec.claimRef.namespace === namespace,
        );
      return [
        ...(now ? [keyOf(now)] : []),
        ...(volume ? [{ namespace: "", name: volume }] : []),
        ...meant.map(keyOf),
      ];
    }),
    trigger(PersistentVolume, ({ old, now }, { cache }) => {
      const volume = now ?? old;
      const claim = volume?.spec.claimRef ? [claimKeyOf(volume)] : [];
      // A volume that is free may be what a claim waits for.
      const isFree = now && now.status?.phase === "Available";
      const waiting = isFree
        ? cache(PersistentVolumeClaim)
            .list()
            .filter(({ spec, status }) => !spec.volumeName && status?.phase !== "Bound")
            .map(keyOf)
        : [];
      return [...(now ? [keyOf(now)] : []), ...claim, ...waiting];
    }),
  ],
  reads: [StorageClass],
  reconcile(key, context) {
    const { cache, enqueue } = context;
    if (key.name === "") {
      for (const claim of cache(PersistentVolumeClaim).list())
        if (claim.status?.phase !== "Bound") enqueue(keyOf(claim));
      return undefined;
    }
    if (key.namespace === "") {
      const volume = cache(PersistentVolume).get(key);
      if (volume) syncVolume(volume, context);
      return undefined;
    }
    const claim = cache(PersistentVolumeClaim).get(key);
    if (claim) syncClaim(claim, context);
    return undefined;
  },
});
