// A dynamic provisioner as kind and k3s bring it: makes a volume on the node that a Pod was given, and
// removes it with its claim. Not a part of kube-controller-manager, but run beside it.
// Source of the behaviour: rancher/local-path-provisioner on sig-storage-lib-external-provisioner.
import { storageClassOf } from "../../../api/kinds/persistentVolume/matching.ts";
import { PersistentVolume } from "../../../api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { StorageClass } from "../../../api/kinds/storageClass.ts";
import { keyOf } from "../../../api/object.ts";
import type {
  PersistentVolumeClaim as Claim,
  PersistentVolume as Volume,
} from "../../../api/types.ts";
import { second } from "../../../base/time.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "../controller.ts";
import { provisionedBy, selectedNode, storageProvisioner } from "./claims.ts";

export const localPathProvisionerName = "rancher.io/local-path";
export const localPathAccount = "local-path-provisioner-service-account";
/** A helper Pod makes the directory: what that takes on an idle machine. */
const makingMs = second;

export const localPathProvisioner: ControllerFactory = () => {
  /** Claims whose volume is being made, by uid, and when it is ready. */
  const making = new Map<string, number>();
  return {
    name: "local-path-provisioner",
    account: localPathAccount,
    eventSource: localPathProvisionerName,
    triggers: [
      trigger(PersistentVolumeClaim, ({ now }) => (now ? [keyOf(now)] : [])),
      trigger(PersistentVolume, ({ now }) => (now ? [keyOf(now)] : [])),
    ],
    reads: [StorageClass],
    reconcile(key, context) {
      if (key.namespace === "") {
        const volume = context.cache(PersistentVolume).get(key);
        if (volume && isLeftOver(volume)) context.client.delete(PersistentVolume, key);
        return undefined;
      }
      const claim = context.cache(PersistentVolumeClaim).get(key);
      if (!claim || !isAsked(claim)) return undefined;
      const { uid = "" } = claim.metadata;
      const readyAt = making.get(uid);
      if (readyAt === undefined) {
        making.set(uid, context.now() + makingMs);
        const text = `External provisioner is provisioning volume for claim "${key.namespace}/${key.name}"`;
        context.events.record(claim, "Normal", "Provisioning", text);
        return { retryAfterMs: makingMs };
      }
      if (readyAt > context.now()) return { retryAfterMs: readyAt - context.now() };
      making.delete(uid);
      provision(claim, context);
      return undefined;
    },
  };
};

function isAsked({ metadata, spec }: Claim): boolean {
  const { annotations = {}, deletionTimestamp } = metadata;
  return (
    deletionTimestamp === undefined &&
    !spec.volumeName &&
    annotations[storageProvisioner] === localPathProvisionerName &&
    annotations[selectedNode] !== undefined
  );
}

function isLeftOver({ metadata, spec, status }: Volume): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    metadata.annotations?.[provisionedBy] === localPathProvisionerName &&
    spec.persistentVolumeReclaimPolicy === "Delete" &&
    status?.phase === "Released"
  );
}

function provision(claim: Claim, { client, cache, events }: ControllerContext): void {
  const { namespace = "", name: claimName, uid = "", resourceVersion = "" } = claim.metadata;
  const name = `pvc-${uid}`;
  const storageClassName = storageClassOf(claim);
  const storageClass = cache(StorageClass).get({ namespace: "", name: storageClassName });
  const storage = claim.spec.resources?.requests?.storage ?? "0";
  client.create(PersistentVolume, {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name, annotations: { [provisionedBy]: localPathProvisionerName } },
    spec: {
      capacity: { storage },
      accessModes: claim.spec.accessModes ?? [],
      persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? "Delete",
      storageClassName,
      volumeMode: claim.spec.volumeMode ?? "Filesystem",
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace,
        name: claimName,
        uid,
        resourceVersion,
      },
      hostPath: {
        path: `/var/local-path-provisioner/${name}_${namespace}_${claimName}`,
        type: "DirectoryOrCreate",
      },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                {
                  key: "kubernetes.io/hostname",
                  operator: "In",
                  values: [claim.metadata.annotations?.[selectedNode] ?? ""],
                },
              ],
            },
          ],
        },
      },
    },
  });
  const text = `Successfully provisioned volume ${name}`;
  events.record(claim, "Normal", "ProvisioningSucceeded", text);
}
