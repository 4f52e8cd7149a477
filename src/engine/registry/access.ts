// The question that a request puts to the authorizer, and the refusal.
// Source: apiserver pkg/endpoints/handlers/responsewriters/errors.go, 1.34.

import { parseFieldSelector } from "../../api/fieldSelector.ts";
import type { ApiRequest } from "../../api/request.ts";
import { type ApiError, forbiddenError } from "../../api/status.ts";
import type { UserInfo } from "../../api/user.ts";
import { pathSegment } from "../../api/validation/texts.ts";
import {
  type Authorizer,
  type AuthorizerAttributes,
  isResourceRequest,
  type ResourceAttributes,
} from "./authorizer.ts";

/** @throws ApiError Forbidden */
export function checkAccess(authorizer: Authorizer, user: UserInfo, request: ApiRequest): void {
  const attributes = attributesOf(request);
  const { allowed, reason } = authorizer.authorize(user, attributes);
  if (!allowed) throw accessError(user, attributes, reason);
}

/** Source: apiserver pkg/endpoints/request/requestinfo.go, 1.34. */
function attributesOf(request: ApiRequest): ResourceAttributes {
  const { verb, apiVersion, resource, subresource, namespace, options = {} } = request;
  const slash = apiVersion.indexOf("/");
  const apiGroup = slash < 0 ? "" : apiVersion.slice(0, slash);
  const name = request.name ?? selectedName(request);
  // The path of a namespace names the namespace that it is in.
  const isNamespace = resource === "namespaces" && apiGroup === "" && name !== undefined;
  return {
    verb,
    apiGroup,
    apiVersion: apiVersion.slice(slash + 1),
    resource,
    namespace: isNamespace ? name : namespace,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
    ...(options.fieldSelector ? { fieldSelector: options.fieldSelector } : {}),
  };
}

/** A list or watch that selects one name is about that object. */
function selectedName({ verb, options }: ApiRequest): string | undefined {
  const selector = options?.fieldSelector;
  if (!selector || (verb !== "list" && verb !== "watch")) return undefined;
  const terms = parseFieldSelector(selector);
  if ("error" in terms) return undefined;
  const exact = terms.find(({ field, isNegated }) => field === "metadata.name" && !isNegated);
  return exact && pathSegment(exact.value).length === 0 ? exact.value : undefined;
}

/** The refusal of a request, with what the authorizer had to say about it. */
export function accessError(
  user: UserInfo,
  attributes: AuthorizerAttributes,
  reason: string,
): ApiError {
  const what = refusal(user, attributes);
  const cause = reason === "" ? what : `${what}: ${reason}`;
  if (!isResourceRequest(attributes))
    return forbiddenError({ group: "", kind: "", name: "" }, cause);
  const { apiGroup: group, resource: kind, name = "" } = attributes;
  return forbiddenError({ group, kind, name }, cause);
}

function refusal({ name }: UserInfo, attributes: AuthorizerAttributes): string {
  const who = `User ${quote(name)} cannot ${attributes.verb}`;
  if (!isResourceRequest(attributes)) return sanitized(`${who} path ${quote(attributes.path)}`);
  const { apiGroup, resource, subresource, namespace } = attributes;
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const scope = namespace === "" ? "at the cluster scope" : `in the namespace ${quote(namespace)}`;
  return sanitized(`${who} resource ${quote(full)} in API group ${quote(apiGroup)} ${scope}`);
}

/** Browsers may show the text: nothing in it may be taken for markup. */
function sanitized(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function quote(text: string): string {
  return JSON.stringify(text);
}
