// An object as its author would write it: without what servers and controllers have added. Pure.
import { type Draft, draft } from "../base/draft.ts";
import type { KubeObject } from "./object.ts";

type Fields = Record<string, unknown>;
type Tidy = (spec: Fields, object: Draft<KubeObject> & Fields) => void;

/** Kinds that the cluster makes for itself, over and over. */
const ownKinds: ReadonlySet<string> = new Set([
  "CertificateSigningRequest",
  "ControllerRevision",
  "CSINode",
  "CSIStorageCapacity",
  "Endpoints",
  "EndpointSlice",
  "Event",
  "IPAddress",
  "Lease",
  "Node",
  "ResourceSlice",
  "VolumeAttachment",
]);

const ownAnnotations =
  /^(kubectl\.kubernetes\.io\/(last-applied-configuration|restartedAt)|deployment\.kubernetes\.io\/|deprecated\.daemonset\.|pv\.kubernetes\.io\/|volume\.(beta\.)?kubernetes\.io\/)/;
const ownLabels =
  /^((batch\.kubernetes\.io\/)?(controller-uid|job-name)|kubernetes\.io\/metadata\.name)$/;
const ownFinalizers = /^(kubernetes\.io\/pvc?-protection|foregroundDeletion|orphan)$/;
const tokenVolume = /^kube-api-access-/;

const tidies: Readonly<Record<string, Tidy>> = {
  Namespace: (_, object) => delete object.spec,
  Pod: tidyPod,
  Service: (spec) => {
    if (spec.clusterIP === "None") return;
    delete spec.clusterIP;
    delete spec.clusterIPs;
  },
  Job: (spec) => {
    if (spec.manualSelector === true) return;
    delete spec.selector;
    const { metadata } = (spec.template ?? {}) as { metadata?: Draft<KubeObject["metadata"]> };
    if (metadata) dropMatching(metadata, "labels", ownLabels);
  },
  PersistentVolume: ({ claimRef }) => {
    for (const name of ["uid", "resourceVersion"]) delete (claimRef as Fields | undefined)?.[name];
  },
  ServiceAccount: (_, object) => delete object.secrets,
};

/** @returns undefined for what its author is not a person */
export function portable(object: KubeObject): KubeObject | undefined {
  const { metadata, kind } = object;
  const { type } = object as { readonly type?: string };
  if (ownKinds.has(kind) || type === "kubernetes.io/service-account-token") return undefined;
  if (metadata.deletionTimestamp !== undefined) return undefined;
  if (metadata.ownerReferences?.some(({ controller }) => controller)) return undefined;
  const copy = draft(object) as Draft<KubeObject> & Fields;
  delete copy.status;
  copy.metadata = tidyMetadata(copy.metadata);
  tidies[kind]?.((copy.spec ?? {}) as Fields, copy);
  return copy as KubeObject;
}

function tidyMetadata(metadata: Draft<KubeObject["metadata"]>): Draft<KubeObject["metadata"]> {
  const { name, namespace, labels, annotations, finalizers } = metadata;
  const kept = (finalizers ?? []).filter((one) => !ownFinalizers.test(one));
  const tidied: Draft<KubeObject["metadata"]> = {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
    ...(kept.length > 0 ? { finalizers: kept } : {}),
  };
  dropMatching(tidied, "labels", ownLabels);
  dropMatching(tidied, "annotations", ownAnnotations);
  return tidied;
}

function dropMatching(
  metadata: Draft<KubeObject["metadata"]>,
  field: "labels" | "annotations",
  names: RegExp,
): void {
  const entries = Object.entries(metadata[field] ?? {}).filter(([name]) => !names.test(name));
  if (entries.length > 0) metadata[field] = Object.fromEntries(entries);
  else delete metadata[field];
}

/** Without its node, its token, and what admission decides. */
function tidyPod(spec: Fields): void {
  for (const name of ["nodeName", "priority", "serviceAccount"]) delete spec[name];
  if (spec.preemptionPolicy === "PreemptLowerPriority") delete spec.preemptionPolicy;
  filterList(spec, "volumes", ({ name }) => !tokenVolume.test(String(name)));
  filterList(spec, "tolerations", (toleration) => !isDefaultToleration(toleration));
  for (const list of ["containers", "initContainers"])
    for (const container of (spec[list] ?? []) as Fields[])
      filterList(container, "volumeMounts", ({ name }) => !tokenVolume.test(String(name)));
}

/** Source: plugin/pkg/admission/defaulttolerationseconds, 1.34. */
function isDefaultToleration({ key, effect, operator, tolerationSeconds }: Fields): boolean {
  const isAboutNodes =
    key === "node.kubernetes.io/not-ready" || key === "node.kubernetes.io/unreachable";
  const isDefault = operator === "Exists" && effect === "NoExecute" && tolerationSeconds === 300;
  return isAboutNodes && isDefault;
}

function filterList(holder: Fields, name: string, keep: (item: Fields) => boolean): void {
  if (!Array.isArray(holder[name])) return;
  const kept = (holder[name] as Fields[]).filter(keep);
  if (kept.length > 0) holder[name] = kept;
  else delete holder[name];
}
