// From a request's body to an object of the kind, as strict as the request asks.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import type { RequestOptions } from "../../api/request.ts";
import { badRequestError } from "../../api/status.ts";
import { type Draft, draft } from "../../base/draft.ts";

/** @throws ApiError BadRequest in the server's words */
export function decodeBody(
  kind: Kind,
  body: unknown,
  _context: { readonly options: RequestOptions; readonly warnings: string[] },
): Draft<KubeObject> {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw badRequestError("the body of the request is not an object");
  const object = draft(body) as Draft<KubeObject>;
  object.apiVersion = kind.apiVersion;
  object.kind = kind.gvk.kind;
  object.metadata ??= { name: "" };
  return object;
}
