// The question that a request puts to the authorizer, and the refusal.
// Source: apiserver pkg/endpoints/handlers/responsewriters/errors.go, 1.34.

import type { ApiRequest } from "../../api/request.ts";
import { type ApiError, forbiddenError } from "../../api/status.ts";
import type { UserInfo } from "../../api/user.ts";
import type { Authorizer, ResourceAttributes } from "./authorizer.ts";

/** @throws ApiError Forbidden */
export function checkAccess(authorizer: Authorizer, user: UserInfo, request: ApiRequest): void {
  const attributes = attributesOf(request);
  const { allowed, reason } = authorizer.authorize(user, attributes);
  if (!allowed) throw accessError(user, attributes, reason);
}

function attributesOf(request: ApiRequest): ResourceAttributes {
  const { verb, apiVersion, resource, subresource, namespace, name } = request;
  const slash = apiVersion.indexOf("/");
  return {
    verb,
    apiGroup: slash < 0 ? "" : apiVersion.slice(0, slash),
    apiVersion: apiVersion.slice(slash + 1),
    resource,
    namespace,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
  };
}

export function accessError(
  user: UserInfo,
  { verb, apiGroup, resource, subresource, namespace, name = "" }: ResourceAttributes,
  reason: string,
): ApiError {
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const scope =
    namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(namespace)}`;
  const why = `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(full)} in API group ${JSON.stringify(apiGroup)} ${scope}`;
  return forbiddenError(
    { group: apiGroup, kind: resource, name },
    reason === "" ? why : `${why}: ${reason}`,
  );
}
