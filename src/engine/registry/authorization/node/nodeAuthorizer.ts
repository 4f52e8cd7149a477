// Kubelets may read what their Pods need and write what is theirs; the NodeRestriction admission
// plugin looks at the objects themselves.
// Source: plugin/pkg/auth/authorizer/node/node_authorizer.go, 1.34.
import { parseFieldSelector } from "../../../../api/fieldSelector.ts";
import type { PolicyRule } from "../../../../api/types.ts";
import { bootstrapPolicy } from "../../../bootstrap/rbac/policy.ts";
import {
  type Authorizer,
  type AuthorizerDecision,
  isResourceRequest,
  noOpinion,
  noRules,
  type ResourceAttributes,
} from "../../authorizer.ts";
import { ruleAllows } from "../rbac/policyRule.ts";
import { nodeOf } from "./nodeIdentity.ts";
import type { NodeRelations } from "./nodeRelations.ts";

const allowed: AuthorizerDecision = { allowed: true, reason: "" };
const leaseNamespace = "kube-node-lease";

type Decide = (
  node: string,
  attributes: ResourceAttributes,
  relations: NodeRelations,
) => AuthorizerDecision;

export function nodeAuthorizer(relations: NodeRelations): Authorizer {
  return {
    authorize(user, attributes) {
      const node = nodeOf(user);
      if (node === undefined) return noOpinion;
      if (node === "") return because(`unknown node for user ${JSON.stringify(user.name)}`);
      if (isResourceRequest(attributes)) {
        const { apiGroup, resource } = attributes;
        const decide = decisions[apiGroup === "" ? resource : `${resource}.${apiGroup}`];
        if (decide) return decide(node, attributes, relations);
      }
      return nodeRules.some((rule) => ruleAllows(rule, attributes)) ? allowed : noOpinion;
    },
    rulesFor: (user) =>
      nodeOf(user) === undefined
        ? noRules
        : {
            ...noRules,
            incomplete: true,
            errors: ["node authorizer does not support user rule resolution"],
          },
  };
}

const nodeRules: readonly PolicyRule[] =
  bootstrapPolicy.clusterRoles.find(({ metadata }) => metadata.name === "system:node")?.rules ?? [];

/** What is not the same for all nodes. */
const decisions: Readonly<Record<string, Decide>> = {
  secrets: readNamespaced,
  configmaps: readNamespaced,
  persistentvolumeclaims: (node, attributes, relations) =>
    attributes.subresource === "status"
      ? updateStatus(node, attributes, relations)
      : getOne(node, attributes, relations),
  persistentvolumes: getOne,
  "resourceclaims.resource.k8s.io": getOne,
  "volumeattachments.storage.k8s.io": getOne,
  serviceaccounts: createToken,
  "leases.coordination.k8s.io": ownLease,
  "csinodes.storage.k8s.io": ownCSINode,
  nodes: ownNode,
  pods: ownPods,
};

function because(reason: string): AuthorizerDecision {
  return { allowed: false, reason };
}

function related(
  node: string,
  { resource, namespace, name = "" }: ResourceAttributes,
  relations: NodeRelations,
): AuthorizerDecision {
  if (name === "") return because("No Object name found");
  return relations.relates(node, resource, { namespace, name }) ? allowed : unrelated(node);
}

function unrelated(node: string): AuthorizerDecision {
  return because(`no relationship found between node '${node}' and this object`);
}

function readNamespaced(
  node: string,
  attributes: ResourceAttributes,
  relations: NodeRelations,
): AuthorizerDecision {
  if (!["get", "list", "watch"].includes(attributes.verb))
    return because("can only read resources of this type");
  if (attributes.subresource) return because("cannot read subresource");
  if (attributes.namespace === "") return because("can only read namespaced object of this type");
  return related(node, attributes, relations);
}

function getOne(
  node: string,
  attributes: ResourceAttributes,
  relations: NodeRelations,
): AuthorizerDecision {
  if (attributes.verb !== "get") return because("can only get individual resources of this type");
  if (attributes.subresource) return because("cannot get subresource");
  return related(node, attributes, relations);
}

function updateStatus(
  node: string,
  attributes: ResourceAttributes,
  relations: NodeRelations,
): AuthorizerDecision {
  if (!["update", "patch"].includes(attributes.verb))
    return because("can only get/update/patch this type");
  return related(node, attributes, relations);
}

function createToken(
  node: string,
  attributes: ResourceAttributes,
  relations: NodeRelations,
): AuthorizerDecision {
  const { verb, name, subresource } = attributes;
  if (verb !== "create" || !name)
    return because("can only create tokens for individual service accounts");
  if (subresource !== "token")
    return because("can only create token subresource of serviceaccount");
  return related(node, attributes, relations);
}

const ownVerbs = new Set(["get", "create", "update", "patch", "delete"]);

/** The name of a new Lease is not known here. */
function ownLease(node: string, { verb, namespace, name }: ResourceAttributes): AuthorizerDecision {
  if (!ownVerbs.has(verb))
    return because("can only get, create, update, patch, or delete a node lease");
  if (namespace !== leaseNamespace)
    return because(`can only access leases in the "${leaseNamespace}" system namespace`);
  if (verb !== "create" && name !== node)
    return because("can only access node lease with the same name as the requesting node");
  return allowed;
}

function ownCSINode(
  node: string,
  { verb, subresource, name }: ResourceAttributes,
): AuthorizerDecision {
  if (!ownVerbs.has(verb))
    return because("can only get, create, update, patch, or delete a CSINode");
  if (subresource) return because("cannot authorize CSINode subresources");
  if (verb !== "create" && name !== node)
    return because("can only access CSINode with the same name as the requesting node");
  return allowed;
}

function ownNode(
  node: string,
  { verb, subresource, name = "" }: ResourceAttributes,
): AuthorizerDecision {
  if (subresource === "status") return verb === "update" || verb === "patch" ? allowed : noOpinion;
  if (subresource) return noOpinion;
  if (["create", "update", "patch"].includes(verb)) return allowed;
  if (!["get", "list", "watch"].includes(verb)) return noOpinion;
  if (name === node) return allowed;
  return because(
    name === ""
      ? `node '${node}' cannot read all nodes, only its own Node object`
      : `node '${node}' cannot read '${name}', only its own Node object`,
  );
}

function ownPods(
  node: string,
  attributes: ResourceAttributes,
  relations: NodeRelations,
): AuthorizerDecision {
  const { verb, subresource, name } = attributes;
  if (subresource === "status") return verb === "update" || verb === "patch" ? allowed : noOpinion;
  if (subresource === "eviction") return verb === "create" ? allowed : noOpinion;
  if (subresource) return noOpinion;
  if (verb === "create" || verb === "delete") return allowed;
  if (verb === "get") return getOne(node, attributes, relations);
  if (verb !== "list" && verb !== "watch") return noOpinion;
  if (selectsNode(attributes.fieldSelector ?? "", node)) return allowed;
  if (name) return related(node, attributes, relations);
  return because("can only list/watch pods with spec.nodeName field selector");
}

function selectsNode(fieldSelector: string, node: string): boolean {
  const terms = parseFieldSelector(fieldSelector);
  if ("error" in terms) return false;
  return terms.some(
    ({ field, value, isNegated }) => field === "spec.nodeName" && value === node && !isNegated,
  );
}
