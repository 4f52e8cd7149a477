// The annotation in which `kubectl apply` remembers what it applied.
// Source: k8s.io/kubectl pkg/util/apply.go, kubernetes v1.34.
import type { KubeObject } from "../api/object.ts";

type Json = Record<string, unknown>;

const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";

/** The object as it is sent: with the annotation that holds the object without it. */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [lastAppliedAnnotation]: _, ...annotations } = object.metadata.annotations ?? {};
  const bare = { ...object, metadata: { ...object.metadata, annotations } };
  const text = `${goJson(bare)}\n`;
  return {
    ...bare,
    metadata: { ...bare.metadata, annotations: { ...annotations, [lastAppliedAnnotation]: text } },
  };
}

/** What was applied before; {} if the object was made in another way or the text is damaged. */
export function lastAppliedOf(live: KubeObject): Json {
  const text = live.metadata.annotations?.[lastAppliedAnnotation];
  if (text === undefined) return {};
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The annotation belongs to users: somebody wrote something else there.
    return {};
  }
}

/** JSON as Go's encoder writes it: keys sorted, and <, >, & escaped. */
function goJson(value: unknown): string {
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
