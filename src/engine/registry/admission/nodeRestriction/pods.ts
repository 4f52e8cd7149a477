// Pods of a kubelet: it reports, evicts and deletes those that are bound to it, and makes none but
// mirrors of what it runs by itself.
import { dequal } from "dequal";
import { Node } from "../../../../api/kinds/node.ts";
import { Pod } from "../../../../api/kinds/pod/kind.ts";
import { podConfigMapNames, podSecretNames } from "../../../../api/kinds/pod/references.ts";
import { mirrorPod } from "../../../../api/kinds/pod/validation/annotations.ts";
import { notFoundError } from "../../../../api/status.ts";
import type { OwnerReference, Pod as PodObject } from "../../../../api/types.ts";
import type { Draft } from "../../../../base/draft.ts";
import type { AdmissionContext, AdmissionRequest } from "../admission.ts";
import type { NodeRule } from "../nodeRestriction.ts";

export const podRefusal: NodeRule = (node, request, context) => {
  switch (request.subresource) {
    case undefined:
      return writeRefusal(node, request, context);
    case "status":
      return statusRefusal(JSON.stringify(node), node, request);
    case "eviction":
      return evictionRefusal(node, request, context);
    default:
      return `unexpected pod subresource ${JSON.stringify(request.subresource)}, only 'status' and 'eviction' are allowed`;
  }
};

function writeRefusal(
  node: string,
  { operation, object, old }: AdmissionRequest,
  context: AdmissionContext,
): string | undefined {
  const quoted = JSON.stringify(node);
  if (operation === "CREATE") return creationRefusal(node, object as Draft<PodObject>, context);
  if (operation !== "DELETE")
    return `unexpected operation ${JSON.stringify(operation)}, node ${quoted} can only create and delete mirror pods`;
  return (old as PodObject).spec.nodeName === node
    ? undefined
    : `node ${quoted} can only delete pods with spec.nodeName set to itself`;
}

function creationRefusal(
  node: string,
  pod: PodObject,
  context: AdmissionContext,
): string | undefined {
  const quoted = JSON.stringify(node);
  const { metadata, spec } = pod;
  if (metadata.annotations?.[mirrorPod] === undefined)
    return `pod does not have "${mirrorPod}" annotation, node ${quoted} can only create mirror pods`;
  if (spec.nodeName !== node)
    return `node ${quoted} can only create pods with spec.nodeName set to itself`;
  const [owner, ...others] = metadata.ownerReferences ?? [];
  if (others.length > 0)
    return `node ${quoted} can only create pods with a single owner reference set to itself`;
  return ownerRefusal(node, owner, context) ?? referenceRefusal(quoted, pod);
}

function ownerRefusal(
  node: string,
  owner: OwnerReference | undefined,
  { find }: AdmissionContext,
): string | undefined {
  const quoted = JSON.stringify(node);
  if (owner?.apiVersion !== "v1" || owner.kind !== "Node" || owner.name !== node)
    return `node ${quoted} can only create pods with an owner reference set to itself`;
  if (!owner.controller)
    return `node ${quoted} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion)
    return `node ${quoted} must not set blockOwnerDeletion on an owner reference`;
  const found = find(Node, { namespace: "", name: node });
  if (!found) throw notFoundError({ group: "", kind: Node.plural, name: node });
  const { uid } = found.metadata;
  return owner.uid === uid
    ? undefined
    : `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`;
}

/** What a Pod names, its node may read: a node must not open objects to itself that way. */
function referenceRefusal(node: string, pod: PodObject): string | undefined {
  const { spec } = pod;
  const volumes = spec.volumes ?? [];
  const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  const references = [
    [Boolean(spec.serviceAccountName), "a service account"],
    [podSecretNames(pod).length > 0, "secrets"],
    [podConfigMapNames(pod).length > 0, "configmaps"],
    [sources.some((source) => source.clusterTrustBundle), "clustertrustbundles"],
    [volumes.some((volume) => volume.persistentVolumeClaim), "persistentvolumeclaims"],
    [(spec.resourceClaims ?? []).length > 0, "resourceclaims"],
  ] as const;
  const first = references.find(([isNamed]) => isNamed);
  return first && `node ${node} can not create pods that reference ${first[1]}`;
}

function statusRefusal(
  quoted: string,
  node: string,
  { operation, object, old }: AdmissionRequest,
): string | undefined {
  if (operation !== "UPDATE") return `unexpected operation ${JSON.stringify(operation)}`;
  const [now, before] = [object as Draft<PodObject>, old as PodObject];
  if (before.spec.nodeName !== node)
    return `node ${quoted} can only update pod status for pods with spec.nodeName set to itself`;
  if (!dequal(now.metadata.labels ?? {}, before.metadata.labels ?? {}))
    return `node ${quoted} cannot update labels through pod status`;
  return dequal(claimsOf(now), claimsOf(before))
    ? undefined
    : `node ${quoted} cannot update resource claim statues`;
}

function claimsOf({ status }: PodObject): readonly object[] {
  return (status?.resourceClaimStatuses ?? []).map(({ name, resourceClaimName }) => ({
    name,
    resourceClaimName,
  }));
}

function evictionRefusal(
  node: string,
  { operation, key }: AdmissionRequest,
  { find }: AdmissionContext,
): string | undefined {
  if (operation !== "CREATE") return `unexpected operation ${operation}`;
  const pod = find(Pod, key);
  if (!pod) throw notFoundError({ group: "", kind: Pod.plural, name: key.name });
  return pod.spec.nodeName === node
    ? undefined
    : `node ${node} can only evict pods with spec.nodeName set to itself`;
}
