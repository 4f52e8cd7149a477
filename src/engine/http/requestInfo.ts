// What a URL and a method ask for, before anything looks at whether it is served.
// Source: apiserver pkg/endpoints/request/requestinfo.go, 1.34.
import { parseFieldSelector } from "../../api/fieldSelector.ts";

/** `verb` is one of the API's for resources, the method in lower case for other paths. */
export type RequestInfo = ResourceInfo | PathInfo;

export interface ResourceInfo {
  readonly isResource: true;
  readonly verb: string;
  readonly path: string;
  /** "v1", "apps/v1". */
  readonly apiVersion: string;
  readonly resource: string;
  readonly subresource?: string;
  /** "" for none. */
  readonly namespace: string;
  /** Of the object; of a list, the name that its field selector asks for. */
  readonly name?: string;
  /** The path's parts from the resource on: "pods", "web-0", "log". */
  readonly parts: readonly string[];
}

export interface PathInfo {
  readonly isResource: false;
  readonly verb: string;
  readonly path: string;
}

const verbOfMethod: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** What follows a namespace's name without being a resource in it. */
const namespaceSubresources: readonly string[] = ["status", "finalize"];

/** `path` is the decoded path without the query. */
export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const other: PathInfo = { isResource: false, verb: method.toLowerCase(), path };
  const [prefix, ...rest] = path.split("/").filter((part) => part !== "");
  const group = prefix === "apis" ? rest.shift() : "";
  if ((prefix !== "api" && prefix !== "apis") || group === undefined) return other;
  const [version, ...parts] = rest;
  if (version === undefined || parts.length === 0) return other;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return resourceInfo({ method, path, query, apiVersion, parts });
}

interface ResourcePath {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly apiVersion: string;
  readonly parts: readonly string[];
}

function resourceInfo({ method, path, query, apiVersion, parts }: ResourcePath): RequestInfo {
  const isSpecial = parts[0] === "watch" || parts[0] === "proxy";
  if (isSpecial && parts.length < 2) return { isResource: false, verb: method.toLowerCase(), path };
  const verb = isSpecial ? (parts[0] ?? "") : (verbOfMethod[method] ?? "");
  const { namespace, located } = inNamespace(isSpecial ? parts.slice(1) : parts);
  const [resource = "", name, subresource] = located;
  return {
    isResource: true,
    path,
    apiVersion,
    resource,
    namespace,
    parts: located,
    verb: name === undefined ? collectionVerb(verb, query) : verb,
    ...named(name ?? (verb === "get" ? selectedName(query) : undefined)),
    ...(subresource === undefined || verb === "proxy" ? {} : { subresource }),
  };
}

function inNamespace(parts: readonly string[]): { namespace: string; located: readonly string[] } {
  if (parts[0] !== "namespaces") return { namespace: "", located: parts };
  const [, namespace = "", next] = parts;
  const isWithin = next !== undefined && !namespaceSubresources.includes(next);
  return { namespace, located: isWithin ? parts.slice(2) : parts };
}

function collectionVerb(verb: string, query: URLSearchParams): string {
  if (verb === "delete") return "deletecollection";
  if (verb !== "get") return verb;
  return isTrue(query.get("watch")) ? "watch" : "list";
}

/** How the server reads a boolean of a query: anything but "false" and "0" is true, also nothing. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== "0" && value.toLowerCase() !== "false";
}

/** The one object that a field selector leaves: rules that name objects apply to it. */
function selectedName(query: URLSearchParams): string | undefined {
  const requirements = parseFieldSelector(query.get("fieldSelector") ?? "");
  if ("error" in requirements) return undefined;
  const exact = requirements.find(
    ({ field, isNegated }) => field === "metadata.name" && !isNegated,
  );
  return exact && isPathSegment(exact.value) ? exact.value : undefined;
}

function isPathSegment(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/%]/.test(name);
}

function named(name: string | undefined): { readonly name?: string } {
  return name === undefined ? {} : { name };
}
