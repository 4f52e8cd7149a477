// What is said of a request to expressions and webhooks.
import type { Kind } from "../../../api/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { RequestFacts, RequestTarget } from "../../../api/policies/requestInput.ts";
import type { AdmissionRequest } from "./admission.ts";
import { namespaceOf } from "./resourceRules.ts";

/** @param matched the version in which the request is to be seen */
export function requestFacts(request: AdmissionRequest, matched: Kind): RequestFacts {
  const { operation, kind, key, subresource = "", user, options, objectKind } = request;
  const target = ({ gvk, plural }: Kind): RequestTarget => ({
    gvk,
    plural,
    ...(objectKind ? { objectKind: objectKind.gvk } : {}),
  });
  return {
    operation,
    requested: target(kind),
    matched: target(matched),
    subresource,
    name: key.name,
    namespace: namespaceOf(request),
    user,
    options,
  };
}

/** An object of a request in the version that is wanted. */
export function seenAs(
  wanted: Kind,
  { kind, objectKind }: Pick<AdmissionRequest, "kind" | "objectKind">,
  object: KubeObject | undefined,
): KubeObject | undefined {
  if (!object || objectKind || wanted === kind) return object;
  const stored = kind.storedAs?.toStored(object) ?? object;
  return wanted.storedAs?.fromStored(stored) ?? stored;
}
