// A request as expressions and webhooks see it.
// Source: apiserver pkg/admission/plugin/cel/condition.go CreateAdmissionRequest and
// CreateNamespaceObject, kubernetes v1.34.
import type { Activation } from "../cel/evaluator.ts";
import { jsonValue } from "../cel/jsonValue.ts";
import { type AccessOracle, AuthorizerValue, ResourceCheck } from "../cel/library/authorizer.ts";
import type { CelValue } from "../cel/value.ts";
import type { GroupVersionKind, KubeObject } from "../object.ts";
import type { RequestOptions } from "../request.ts";
import type { Namespace } from "../types.ts";
import type { UserInfo } from "../user.ts";

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** A resource, and what its objects are. */
export interface RequestTarget {
  readonly gvk: GroupVersionKind;
  readonly plural: string;
  /** Of a subresource that takes objects of another kind, e.g. Scale. */
  readonly objectKind?: GroupVersionKind;
}

export interface RequestFacts {
  readonly operation: Operation;
  /** What the request names. */
  readonly requested: RequestTarget;
  /** The version of it that the rule names. */
  readonly matched: RequestTarget;
  readonly subresource: string;
  readonly name: string;
  /** "" for what lies in no namespace; a namespace lies in itself. */
  readonly namespace: string;
  readonly user: UserInfo;
  readonly options: RequestOptions;
}

/** The fields of an AdmissionRequest, but for objects and the uid. */
export function admissionRequest(facts: RequestFacts): Readonly<Record<string, unknown>> {
  const { operation, requested, matched, subresource, name, namespace, user, options } = facts;
  return {
    kind: kindJson(matched),
    resource: resourceJson(matched),
    ...(subresource ? { subResource: subresource } : {}),
    requestKind: kindJson(requested),
    requestResource: resourceJson(requested),
    ...(subresource ? { requestSubResource: subresource } : {}),
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid ? { uid: user.uid } : {}),
      ...(user.groups.length > 0 ? { groups: user.groups } : {}),
      ...(user.extra ? { extra: user.extra } : {}),
    },
    dryRun: options.dryRun === true,
    options: optionsJson(operation, options),
  };
}

function kindJson({ gvk, objectKind = gvk }: RequestTarget) {
  const { group, version, kind } = objectKind;
  return { group, version, kind };
}

function resourceJson({ gvk: { group, version }, plural }: RequestTarget) {
  return { group, version, resource: plural };
}

const optionKinds: Readonly<Record<Exclude<Operation, "CONNECT">, string>> = {
  CREATE: "CreateOptions",
  UPDATE: "UpdateOptions",
  DELETE: "DeleteOptions",
};

function optionsJson(operation: Operation, options: RequestOptions): unknown {
  const { dryRun, fieldManager, fieldValidation, gracePeriodSeconds } = options;
  const { propagationPolicy, preconditions } = options;
  if (operation === "CONNECT") return null;
  const common = {
    kind: optionKinds[operation],
    apiVersion: "meta.k8s.io/v1",
    ...(dryRun ? { dryRun: ["All"] } : {}),
  };
  if (operation === "DELETE")
    return {
      ...common,
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
      ...(preconditions === undefined ? {} : { preconditions }),
    };
  return {
    ...common,
    ...(fieldManager ? { fieldManager } : {}),
    ...(fieldValidation ? { fieldValidation } : {}),
  };
}

export interface Subject {
  readonly facts: RequestFacts;
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
  /** The namespace that the object lies in. */
  readonly namespace?: Namespace;
  readonly oracle: AccessOracle;
}

/** What the names of expressions stand for. */
export function activationOf(
  { facts, object, oldObject, namespace, oracle }: Subject,
  params: KubeObject | undefined,
): Activation {
  const { matched, requested, subresource, name } = facts;
  const values: Readonly<Record<string, () => CelValue>> = {
    object: () => jsonValue(object),
    oldObject: () => jsonValue(oldObject),
    request: once(() => jsonValue(admissionRequest(facts))),
    namespaceObject: once(() => jsonValue(namespace && visibleNamespace(namespace))),
    params: () => jsonValue(params),
    authorizer: () => new AuthorizerValue(oracle),
    "authorizer.requestResource": () =>
      new ResourceCheck(oracle, {
        group: requested.gvk.group,
        resource: requested.plural || matched.plural,
        subresource,
        namespace: facts.namespace,
        name,
      }),
  };
  return (wanted) => (Object.hasOwn(values, wanted) ? values[wanted]?.() : undefined);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const visibleMetadata = [
  "name",
  "generateName",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "finalizers",
] as const;

/** Expressions see a part of the namespace. */
function visibleNamespace({ metadata, spec, status }: Namespace): unknown {
  const shown = visibleMetadata.flatMap((name) =>
    metadata[name] === undefined ? [] : [[name, metadata[name]]],
  );
  return { metadata: Object.fromEntries(shown), spec: spec ?? {}, status: status ?? {} };
}
