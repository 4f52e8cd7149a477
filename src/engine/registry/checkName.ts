// Whether a written object is the one that the request's path names.
// Source: apiserver pkg/endpoints/handlers/rest.go checkName and pkg/registry/rest/meta.go, 1.34.
import type { KubeObject, ObjectKey } from "../../api/object.ts";
import { badRequestError } from "../../api/status.ts";
import type { Draft } from "../../base/draft.ts";

/** Fills in a namespace that is left out. @throws ApiError BadRequest */
export function checkName({ metadata }: Draft<KubeObject>, key: ObjectKey): void {
  if (key.namespace !== "") metadata.namespace ||= key.namespace;
  if (key.namespace !== "" && metadata.namespace !== key.namespace)
    throw badRequestError(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  if (!metadata.name)
    throw badRequestError(
      `the name of the object (${key.name} based on URL) was undeterminable: name must be provided`,
    );
  if (metadata.name !== key.name)
    throw badRequestError(
      `the name of the object (${metadata.name}) does not match the name on the URL (${key.name})`,
    );
}
