// What makes a definition a kind: the group, version and kind that it stands for, and its list.

import type { Kind } from "../../../api/kind.ts";
import type { Documentation } from "../../../api/openapi/documentation.ts";
import { structure } from "../../../api/openapi/structure.ts";
import { type Dialect, describe, fullName, type Json, reference } from "./definitions.ts";
import { schemaName } from "./operations.ts";

export interface DefinitionStyle {
  readonly dialect: Dialect;
  readonly documentation: Documentation;
}

const kindsExtension = "x-kubernetes-group-version-kind";

/** Kinds that the structure doesn't list, with their versions. */
const others: Readonly<Record<string, string>> = {
  "authentication.v1.SelfSubjectReview": "authentication.k8s.io/v1",
  "authentication.v1.TokenRequest": "authentication.k8s.io/v1",
  "authentication.v1.TokenReview": "authentication.k8s.io/v1",
  "authorization.v1.LocalSubjectAccessReview": "authorization.k8s.io/v1",
  "authorization.v1.SelfSubjectAccessReview": "authorization.k8s.io/v1",
  "authorization.v1.SelfSubjectRulesReview": "authorization.k8s.io/v1",
  "authorization.v1.SubjectAccessReview": "authorization.k8s.io/v1",
  "autoscaling.v1.Scale": "autoscaling/v1",
  "policy.v1.Eviction": "policy/v1",
  "meta.v1.DeleteOptions": "v1",
  "meta.v1.Status": "v1",
  "meta.v1.WatchEvent": "v1",
};

const apiVersions: ReadonlyMap<string, string> = new Map([
  ...Object.entries(others),
  ...Object.entries(structure.kinds).map(
    ([name, { def }]) => [def, name.slice(0, name.lastIndexOf("/"))] as const,
  ),
]);

/** The schema of a definition, with the kind that it is, if it is one. */
export function withKinds(definition: string, schema: Json): Json {
  const apiVersion = apiVersions.get(definition);
  if (apiVersion === undefined) return schema;
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  const kind = definition.slice(definition.lastIndexOf(".") + 1);
  return { ...schema, [kindsExtension]: [{ group, kind, version }] };
}

/** The schema of a kind's list. */
export function listDefinition(kind: Kind, { dialect, documentation }: DefinitionStyle): Json {
  const { group, version } = kind.gvk;
  const item = reference(schemaName(kind), dialect);
  const metadata = reference(fullName("meta.v1.ListMeta"), dialect);
  const typeText = (field: string) => documentation.ofField(`core.v1.Pod.${field}`);
  return {
    description: `${kind.listKind} is a list of ${kind.gvk.kind} objects.`,
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { ...describe(typeText("apiVersion")), type: "string" },
      items: {
        type: "array",
        items: dialect === "v2" ? item : { default: {}, allOf: [item] },
      },
      kind: { ...describe(typeText("kind")), type: "string" },
      metadata: dialect === "v2" ? metadata : { default: {}, allOf: [metadata] },
    },
    [kindsExtension]: [{ group, kind: kind.listKind, version }],
  };
}
