// What a kustomization says of the files beside it: which are no whole objects, and which objects come of
// none of them. Source: sigs.k8s.io/kustomize api/types/kustomization.go.
import type { IndexedObject } from "./indexedObject.ts";
import { parseManifest } from "./manifest.ts";

export interface Kustomization {
  /** Relative paths of files that kustomize reads for itself: patches, transformers and the like. */
  readonly fragments: readonly string[];
  /** ConfigMaps and Secrets that it makes. */
  readonly generated: readonly IndexedObject[];
}

/** True for the name of a file that holds a kustomization. */
export function isKustomizationFile(name: string): boolean {
  return /^kustomization(\.ya?ml)?$/i.test(name);
}

/** Never fails: what cannot be read says nothing. */
export function readKustomization(text: string): Kustomization {
  const fields = (parseManifest(text)[0]?.fields ?? {}) as Fields;
  return {
    fragments: fragmentLists.flatMap((name) => listIn(fields, name).flatMap(pathsIn)),
    generated: [
      ...listIn(fields, "configMapGenerator").flatMap((each) => generatedBy(each, "ConfigMap")),
      ...listIn(fields, "secretGenerator").flatMap((each) => generatedBy(each, "Secret")),
    ],
  };
}

type Fields = Readonly<Record<string, unknown>>;

const fragmentLists = [
  "patches",
  "patchesStrategicMerge",
  "patchesJson6902",
  "replacements",
  "configurations",
  "generators",
  "transformers",
  "validators",
];

/** Some lists hold paths, others maps with one; patches may also stand there themselves. */
function pathsIn(item: unknown): readonly string[] {
  const path = typeof item === "string" ? item : isMap(item) ? item.path : undefined;
  return typeof path === "string" && !path.includes("\n") ? [path] : [];
}

function generatedBy(generator: unknown, kind: string): readonly IndexedObject[] {
  if (!isMap(generator) || typeof generator.name !== "string") return [];
  const keys = [...listIn(generator, "literals"), ...listIn(generator, "files")].flatMap((item) =>
    typeof item === "string" ? [keyOf(item)] : [],
  );
  const { name, namespace } = generator;
  const place = typeof namespace === "string" ? namespace : "";
  // What comes of a file of variables is not known here.
  const hasUnknown = listIn(generator, "envs").length > 0 || generator.env !== undefined;
  const known = hasUnknown ? [] : keys;
  return [{ uri: "", kind, namespace: place, name, keys: known, ports: [], podLabels: [] }];
}

/** "key=value", "key=path", or a path whose last part is the key. */
function keyOf(item: string): string {
  const equals = item.indexOf("=");
  return equals >= 0 ? item.slice(0, equals) : item.slice(item.lastIndexOf("/") + 1);
}

function listIn(fields: Fields, name: string): readonly unknown[] {
  const list = fields[name];
  return Array.isArray(list) ? list : [];
}

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
