// Volumes are of the kinds that come from the API, or from a claim.
import type { Volume } from "../../types.ts";
import { distinct, named, type PodSecurityCheck, plural, quoted } from "../check.ts";

const allowed = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
] as const;

/** In the order in which they are looked for. */
const known = [
  "hostPath",
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "gitRepo",
  "nfs",
  "iscsi",
  "glusterfs",
  "rbd",
  "flexVolume",
  "cinder",
  "cephfs",
  "flocker",
  "fc",
  "azureFile",
  "vsphereVolume",
  "quobyte",
  "azureDisk",
  "photonPersistentDisk",
  "portworxVolume",
  "scaleIO",
  "storageos",
] as const;

export const restrictedVolumes: PodSecurityCheck = {
  id: "restrictedVolumes",
  level: "restricted",
  replaces: "hostPathVolumes",
  versions: [
    {
      since: 0,
      check({ spec }) {
        const bad = (spec.volumes ?? []).filter((volume) => !allowed.some((type) => volume[type]));
        if (bad.length === 0) return undefined;
        const types = distinct(bad.map(typeOf));
        const names = bad.map(({ name }) => name);
        const use = bad.length === 1 ? "uses" : "use";
        const what = plural("restricted volume type", types.length);
        return {
          reason: "restricted volume types",
          detail: `${named("volume", names)} ${use} ${what} ${quoted(types)}`,
        };
      },
    },
  ],
};

function typeOf(volume: Volume): string {
  return known.find((type) => volume[type]) ?? "unknown";
}
