// Finalizers of custom resources should say whose they are.
// Source: apiextensions-apiserver pkg/registry/customresource/validator.go, kubernetes v1.34.
import { FieldPath } from "../fieldPath.ts";
import type { KubeObject } from "../object.ts";
import { qualifiedName } from "../validation/texts.ts";

const path = FieldPath.of("metadata", "finalizers");
const standard = ["orphan", "foregroundDeletion", "kubernetes"];

/** What is wrong with the finalizers that come in. */
export function finalizerWarnings({ metadata }: KubeObject, old?: KubeObject): readonly string[] {
  const before = new Set(old?.metadata.finalizers);
  const added = new Set((metadata.finalizers ?? []).filter((name) => !before.has(name)));
  return [...added].sort().flatMap((name) => {
    const problems = [...qualifiedName(name)];
    if (!name.includes("/") && !standard.includes(name))
      problems.push(
        "prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other finalizer writers",
      );
    return problems.map((problem) => `${path}: ${JSON.stringify(name)}: ${problem}`);
  });
}
