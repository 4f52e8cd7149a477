// What the server does to an object of each kind before it stores it: defaults, then rules. By
// "apiVersion/kind". The editor and the command line check manifests of every built-in kind by this
// table, whether or not the simulated cluster serves the kind.
import type { Draft } from "../../base/draft.ts";
import type { FieldError } from "../fieldError.ts";
import type { Kind } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import { structure } from "../openapi/structure.ts";
import type { Pod, Service } from "../types.ts";
import type { UserInfo } from "../user.ts";
import type { NameRule } from "../validation/objectMeta.ts";
import { builtInKinds } from "./index.ts";
import { setLimitRangeDefaults, validateLimitRange } from "./limitRange/validation.ts";
import {
  setPersistentVolumeDefaults,
  validatePersistentVolume,
} from "./persistentVolume/validation.ts";
import { validatePersistentVolumeClaim } from "./persistentVolumeClaim/validation.ts";
import { validateResourceQuota } from "./resourceQuota/validation.ts";
import { allocateAddresses } from "./service/allocation.ts";
import { setStorageClassDefaults, validateStorageClass } from "./storageClass/validation.ts";
import { validateNew } from "./validateNew.ts";
import { setClaimDefaults } from "./workload/defaults.ts";

export interface KindChecks<T = KubeObject> {
  readonly nameRule?: NameRule;
  readonly checksFinalizerNames?: boolean;
  /** The kind's own rules leave metadata alone: it is checked only once they are met. */
  readonly checksMetadataLast?: boolean;
  setDefaults?(object: Draft<T>): void;
  /** What the server adds on creation; errors here hide all others. */
  prepare?(object: Draft<T>): readonly FieldError[];
  validate?(object: T): readonly FieldError[];
}

/** Ties the steps of one kind together and forgets its type. */
function checks<T>(steps: KindChecks<T>): KindChecks {
  return steps as unknown as KindChecks;
}

/** Kinds that the simulated cluster does not serve; the others say it in their descriptions. */
const unserved: Readonly<Record<string, KindChecks>> = {
  "v1/LimitRange": checks({
    setDefaults: setLimitRangeDefaults,
    prepare({ metadata }) {
      metadata.name ||= unknownUid;
      return [];
    },
    validate: validateLimitRange,
  }),
  "v1/PersistentVolume": checks({
    setDefaults: setPersistentVolumeDefaults,
    validate: validatePersistentVolume,
  }),
  "v1/PersistentVolumeClaim": checks({
    setDefaults: setClaimDefaults,
    validate: validatePersistentVolumeClaim,
  }),
  "v1/ResourceQuota": checks({ validate: validateResourceQuota }),
  "storage.k8s.io/v1/StorageClass": checks({
    setDefaults: setStorageClassDefaults,
    validate: validateStorageClass,
  }),
};

/** What the server does to a new object with the cluster at hand, as far as one can tell without it. */
const standIns: Readonly<Record<string, NonNullable<KindChecks["prepare"]>>> = {
  "v1/Pod": (pod) => {
    const { spec } = pod as unknown as Draft<Pod>;
    spec.serviceAccountName ||= "default";
    return [];
  },
  "v1/Service": (service) => allocateAddresses(service as unknown as Draft<Service>),
};

const served = new Map(
  builtInKinds.map((kind) => [`${kind.apiVersion}/${kind.gvk.kind}`, servedChecks(kind)]),
);

function servedChecks(kind: Kind): KindChecks {
  const { nameRule, checksFinalizerNames, checksMetadataLast } = kind;
  const standIn = standIns[`${kind.apiVersion}/${kind.gvk.kind}`];
  return {
    ...(nameRule === undefined ? {} : { nameRule }),
    ...(checksFinalizerNames === undefined ? {} : { checksFinalizerNames }),
    ...(checksMetadataLast === undefined ? {} : { checksMetadataLast }),
    setDefaults: (object) => kind.setDefaults?.(object),
    prepare(object) {
      const refused = standIn?.(object) ?? [];
      kind.prepareForCreate?.(object, { now: 0, user: author });
      return refused;
    },
    validate: (object) => kind.validate?.(object) ?? [],
  };
}

/** Stands for whoever will send the manifest. */
const author: UserInfo = { name: "", groups: [] };

/** Stands for an id that only the server knows. */
export const unknownUid = "00000000-0000-0000-0000-000000000000";

const nothing: KindChecks = {};

/** Kinds whose creation sets the generation, whatever the author wrote. */
const withGeneration: ReadonlySet<string> = new Set([
  "CronJob",
  "DaemonSet",
  "Deployment",
  "EndpointSlice",
  "Ingress",
  "IngressClass",
  "Job",
  "NetworkPolicy",
  "Pod",
  "PodDisruptionBudget",
  "PriorityClass",
  "ReplicaSet",
  "ReplicationController",
  "StatefulSet",
]);

/**
 * Everything that refuses the creation of a decoded object, in the server's words and order. The object
 * is changed on the way: defaults are set, the namespace and a generated name filled in.
 * @param name stands for the random part of a generated name
 * @param uid stands for the random id that the server gives to the object
 */
export function validateNewObject(
  object: Draft<KubeObject>,
  name = "xxxxx",
  uid = unknownUid,
): readonly FieldError[] {
  const key = `${object.apiVersion}/${object.kind}`;
  const steps = served.get(key) ?? unserved[key] ?? nothing;
  const namespaced = structure.kinds[key]?.namespaced ?? true;
  const { metadata } = object;
  if (namespaced) metadata.namespace ||= "default";
  else delete metadata.namespace;
  metadata.uid = uid;
  if (withGeneration.has(String(object.kind))) metadata.generation = 1;
  steps.setDefaults?.(object);
  if (!metadata.name && metadata.generateName) metadata.name = metadata.generateName + name;
  const hidden = steps.prepare?.(object) ?? [];
  if (hidden.length > 0) return hidden;
  return validateNew(object as KubeObject, { ...steps, namespaced });
}
