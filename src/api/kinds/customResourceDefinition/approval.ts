// Groups of Kubernetes itself are for approved definitions only.
// Source: apiextensions-apiserver pkg/apihelpers/helpers.go and validateAPIApproval, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { CustomResourceDefinition } from "../../types.ts";

const annotation = "api-approved.kubernetes.io";
const proposal = "see https://github.com/kubernetes/enhancements/pull/1111";

type State = "missing" | "bypassed" | "approved" | "invalid";

export function approvalErrors(
  crd: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldError[] {
  if (!/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(crd.spec.group)) return [];
  const state = stateOf(crd);
  if (old && stateOf(old) === state) return [];
  const path = FieldPath.of("metadata", "annotations").key(annotation);
  const named = `protected groups must have approval annotation ${JSON.stringify(annotation)}`;
  if (state === "missing") return [required(path, `${named}, ${proposal}`)];
  if (state !== "invalid") return [];
  const words = `${named} with either a URL or a reason starting with "unapproved", ${proposal}`;
  return [invalid(path, crd.metadata.annotations?.[annotation] ?? "", words)];
}

function stateOf({ metadata }: CustomResourceDefinition): State {
  const value = metadata.annotations?.[annotation] ?? "";
  if (value === "") return "missing";
  if (value.startsWith("unapproved")) return "bypassed";
  return /^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/\s]+\S*$/.test(value) ? "approved" : "invalid";
}
