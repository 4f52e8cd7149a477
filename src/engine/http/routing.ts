// Which of the served routes a request takes. Source: apiserver pkg/endpoints/installer.go and
// emicklei/go-restful, which answers 404 for a path that no route has and 405 for another method, 1.34.
import type { Kind, KindRegistry, Subresource } from "../../api/kind.ts";
import { methodNotAllowedError, noSuchResourceError } from "../../api/status.ts";
import type { Verb } from "../../api/traceEvent.ts";
import type { ResourceInfo } from "./requestInfo.ts";

/** A request whose path is one of a served resource. */
export interface Route {
  readonly kind: Kind;
  readonly verb: Verb;
  /** Of a collection, whose answer is a list or a watch. */
  readonly isCollection: boolean;
}

const collectionMethods: Readonly<Record<string, readonly Verb[]>> = {
  GET: ["list", "watch"],
  POST: ["create"],
  DELETE: ["deletecollection"],
};
const itemMethods: Readonly<Record<string, readonly Verb[]>> = {
  GET: ["get", "watch"],
  PUT: ["update"],
  PATCH: ["patch"],
  DELETE: ["delete"],
};

/**
 * @returns undefined if nothing is served beneath the path, which is no matter of the API then
 * @throws ApiError NotFound, MethodNotAllowed
 */
export function routeOf(
  method: string,
  info: ResourceInfo,
  kinds: KindRegistry,
): Route | undefined {
  const { apiVersion, resource, subresource, parts } = info;
  const kind = kinds.forResource(apiVersion, resource);
  if (!kind) {
    if (hasOnlyCustomKinds(kinds, apiVersion)) return undefined;
    throw noSuchResourceError();
  }
  const isCollection = parts.length === 1;
  checkPath(kind, info, isCollection);
  if (subresource !== undefined) return { kind, verb: subresourceVerb(method), isCollection };
  return { kind, verb: checkedVerb(method, info, isCollection), isCollection };
}

/** The server of custom resources knows no routes: it passes on what it does not know. */
function hasOnlyCustomKinds(kinds: KindRegistry, apiVersion: string): boolean {
  for (const kind of kinds) if (kind.apiVersion === apiVersion && !kind.decode) return false;
  return true;
}

function checkPath(kind: Kind, info: ResourceInfo, isCollection: boolean): void {
  const { namespace, subresource, parts, verb } = info;
  const isInNamespace = namespace !== "" && kind.plural !== "namespaces";
  const isLost = kind.namespaced
    ? !isInNamespace &&
      !(
        isCollection &&
        (verb === "list" || verb === "watch" || verb === "create" || verb === "deletecollection")
      )
    : isInNamespace;
  const isUnknown =
    subresource !== undefined && !kind.subresources.includes(subresource as Subresource);
  const isTooDeep = parts.length > 3 && subresource !== "proxy";
  if (isLost || isUnknown || isTooDeep) throw noSuchResourceError();
  // Over all namespaces there are but lists and watches.
  if (kind.namespaced && !isInNamespace && verb !== "list" && verb !== "watch")
    throw methodNotAllowedError();
}

function checkedVerb(method: string, { verb }: ResourceInfo, isCollection: boolean): Verb {
  const allowed = (isCollection ? collectionMethods : itemMethods)[method] ?? [];
  const found = allowed.find((each) => each === verb);
  if (found === undefined) throw methodNotAllowedError();
  return found;
}

function subresourceVerb(method: string): Verb {
  const verb = { GET: "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" }[
    method
  ];
  if (verb === undefined) throw methodNotAllowedError();
  return verb as Verb;
}
