// The objects that a binding hands to its policy.
// Source: apiserver pkg/admission/plugin/policy/generic/policy_dispatcher.go CollectParams, 1.34.
import type { Kind, KindRegistry } from "../../../api/kind.ts";
import type { KubeObject } from "../../../api/object.ts";
import { labelSelectorOf } from "../../../api/selector.ts";
import type { ParamKind, ParamRef } from "../../../api/types.ts";
import type { AdmissionContext } from "./admission.ts";

/** Something is wrong with a policy or its binding, in the server's words. */
export class ConfigurationError extends Error {}

/** @throws ConfigurationError for a kind that is not served */
export function paramKindOf({ apiVersion = "", kind = "" }: ParamKind, kinds: KindRegistry): Kind {
  const found = kinds.forObject(apiVersion, kind);
  if (found) return found;
  throw new ConfigurationError(
    `failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`,
  );
}

/**
 * The policy is evaluated once for each; with undefined where it takes none.
 * @throws ConfigurationError
 */
export function collectParams(
  kind: Kind | undefined,
  reference: ParamRef | undefined,
  namespace: string,
  { find, list }: AdmissionContext,
): readonly (KubeObject | undefined)[] {
  if (!kind || !reference) return [undefined];
  const place = placeOf(kind, reference, namespace);
  const { name, selector, parameterNotFoundAction } = reference;
  const found = name
    ? [find(kind, { namespace: place, name })].filter((param) => param !== undefined)
    : list(kind, place).filter(({ metadata }) =>
        labelSelectorOf(selector).matches(metadata.labels),
      );
  if (found.length === 0 && parameterNotFoundAction === "Deny")
    throw new ConfigurationError(
      "no params found for policy binding with `Deny` parameterNotFoundAction",
    );
  return found;
}

function placeOf(kind: Kind, reference: ParamRef, namespace: string): string {
  if (!kind.namespaced) {
    if (!reference.namespace) return "";
    throw new ConfigurationError(
      "paramRef.namespace must not be provided for a cluster-scoped `paramKind`",
    );
  }
  const place = reference.namespace || namespace;
  if (place !== "") return place;
  throw new ConfigurationError(
    "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources",
  );
}
