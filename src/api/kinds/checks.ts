// What the server does to an object of each kind before it stores it: defaults, then rules. By
// "apiVersion/kind". The editor and the command line check manifests of every built-in kind by this
// table; of a kind that the simulated cluster does not serve only the metadata.
import type { Draft } from "../../base/draft.ts";
import type { FieldError } from "../fieldError.ts";
import type { Kind, WriteContext } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import { structure } from "../openapi/structure.ts";
import type { Pod, Service } from "../types.ts";
import type { UserInfo } from "../user.ts";
import type { NameRule } from "../validation/objectMeta.ts";
import { builtInKinds } from "./index.ts";
import { allocateAddresses } from "./service/allocation.ts";
import { validateNew } from "./validateNew.ts";

interface KindChecks {
  readonly nameRule?: NameRule;
  readonly checksFinalizerNames?: boolean;
  /** The kind's own rules leave metadata alone: it is checked only once they are met. */
  readonly checksMetadataLast?: boolean;
  setDefaults?(object: Draft<KubeObject>): void;
  /** What the server adds on creation; errors here hide all others. */
  prepare?(object: Draft<KubeObject>): readonly FieldError[];
  validate?(object: KubeObject): readonly FieldError[];
}

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
      kind.prepareForCreate?.(object, unknownContext);
      return refused;
    },
    validate: (object) => kind.validate?.(object) ?? [],
  };
}

/** Stands for whoever will send the manifest. */
const author: UserInfo = { name: "", groups: [] };

/** Stands for an id that only the server knows. */
export const unknownUid = "00000000-0000-0000-0000-000000000000";

const unknownContext: WriteContext = {
  now: 0,
  user: author,
  newUid: () => unknownUid,
  warn: () => undefined,
};

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
  const steps = served.get(key) ?? nothing;
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
