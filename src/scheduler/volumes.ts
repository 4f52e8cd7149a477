// What the volume plugins share: claims, classes, and the words for what is missing.
// Source: component-helpers storage/volume, csi-translation-lib, kubernetes v1.34

import { compileTerms } from "../api/nodeSelection.ts";
import { controllerOf } from "../api/object.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from "../api/types.ts";

/** "persistentvolumeclaim "data" not found", as client-go's listers say it. */
export function missing(resource: string, name: string): string {
  return `${resource} ${JSON.stringify(name)} not found`;
}

/** Whether a volume's node affinity lets a node with these labels use it. */
export function isReachable(
  { spec }: PersistentVolume,
  labels: Node["metadata"]["labels"],
): boolean {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return !terms || compileTerms(terms)({ name: "", labels: labels ?? {} });
}

/** Why a claim may not serve as a Pod's ephemeral volume; undefined if it may. */
export function whyNotOwned(pod: Pod, claim: PersistentVolumeClaim): string | undefined {
  const owner = controllerOf(claim);
  if (owner && owner.uid === pod.metadata.uid) return undefined;
  const names = [claim, pod].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return `PVC ${names[0]} was not created for pod ${names[1]} (pod is not owner)`;
}

/** In-tree volume plugins whose volumes CSI drivers have taken over on every node. */
const migrated: Readonly<Record<string, string>> = {
  "kubernetes.io/aws-ebs": "ebs.csi.aws.com",
  "kubernetes.io/gce-pd": "pd.csi.storage.gke.io",
  "kubernetes.io/cinder": "cinder.csi.openstack.org",
  "kubernetes.io/azure-disk": "disk.csi.azure.com",
};

/** The CSI driver behind a storage class's provisioner. */
export function driverOf(provisioner: string): string {
  return migrated[provisioner] ?? provisioner;
}

export function isMigrated(provisioner: string): boolean {
  return migrated[provisioner] !== undefined;
}

/** A volume as its CSI driver knows it. */
export interface CsiVolume {
  readonly driver: string;
  readonly handle: string;
}

/** The in-tree volume sources of Pods and PersistentVolumes alike. */
interface Source {
  readonly awsElasticBlockStore?: { readonly volumeID: string };
  readonly gcePersistentDisk?: { readonly pdName: string };
  readonly cinder?: { readonly volumeID: string };
  readonly azureDisk?: { readonly diskURI: string };
}

/** An in-tree volume as the CSI driver that has taken it over knows it. */
export function translateToCsi(source: Source): CsiVolume | undefined {
  const { awsElasticBlockStore, gcePersistentDisk, cinder, azureDisk } = source;
  if (awsElasticBlockStore)
    return { driver: "ebs.csi.aws.com", handle: awsElasticBlockStore.volumeID };
  if (gcePersistentDisk)
    return { driver: "pd.csi.storage.gke.io", handle: gcePersistentDisk.pdName };
  if (cinder) return { driver: "cinder.csi.openstack.org", handle: cinder.volumeID };
  return azureDisk && { driver: "disk.csi.azure.com", handle: azureDisk.diskURI };
}
