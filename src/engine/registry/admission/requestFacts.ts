// What is said of a request to expressions and webhooks.
import type { Kind } from "../../../api/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { RequestFacts } from "../../../api/policies/requestInput.ts";
import type { AdmissionRequest } from "./admission.ts";
import { namespaceOf } from "./resourceRules.ts";

/** @param matched the version in which the request is to be seen */
export function requestFacts(request: AdmissionRequest, matched: Kind): RequestFacts {
  const { operation, kind, key, subresource = "", user, options } = request;
  return {
    operation,
    requested: kind,
    matched,
    subresource,
    name: key.name,
    namespace: namespaceOf(request),
    user,
    options,
  };
}

/** An object in the version that is wanted. */
export function seenAs(
  wanted: Kind,
  kind: Kind,
  object: KubeObject | undefined,
): KubeObject | undefined {
  if (!object || wanted === kind) return object;
  const stored = kind.storedAs?.toStored(object) ?? object;
  return wanted.storedAs?.fromStored(stored) ?? stored;
}
