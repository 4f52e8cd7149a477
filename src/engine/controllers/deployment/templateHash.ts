// pod-template-hash: what keeps the Pods of one revision apart from those of another.
// Source: pkg/controller ComputeHash and pkg/controller/deployment/util EqualIgnoreHash, 1.34. The
// real hash is over Go's memory layout; ours is over the JSON with sorted keys, in the same alphabet.
import { dequal } from "dequal";
import type { PodTemplateSpec } from "../../../api/types.ts";
import { hash } from "../../../base/random.ts";
import { safeEncode } from "../revisions/revisionHash.ts";

export const hashLabel = "pod-template-hash";

/**
 * Up to ten characters of the alphabet of generated names.
 * @param collisions how often the hash was another template's already: each gives another hash
 */
export function templateHash(template: PodTemplateSpec, collisions: number | undefined): string {
  const salt = collisions === undefined ? "" : `#${collisions}`;
  return safeEncode(String(hash(sortedJson(template) + salt)));
}

/** True if two templates differ at most in their hash. */
export function isSameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return dequal(withoutHash(a), withoutHash(b));
}

function withoutHash({ metadata, spec }: PodTemplateSpec): unknown {
  const { labels, creationTimestamp: _, ...rest } = metadata ?? { name: "" };
  const others = Object.entries(labels ?? {}).filter(([key]) => key !== hashLabel);
  return { metadata: { ...rest, name: rest.name ?? "", labels: Object.fromEntries(others) }, spec };
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
