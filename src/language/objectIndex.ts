// The objects that texts describe, by kind and name: what other texts may refer to.
import { FieldPath } from "../api/fieldPath.ts";
import type { Labels } from "../api/selector.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import { valueAt } from "./effective.ts";
import { objectsOf } from "./fields.ts";
import { type ManifestDocument, parseManifest } from "./manifest.ts";
import { podTemplatesOf } from "./podTemplates.ts";

export interface IndexedObject {
  /** Of the text that describes it; empty for one that lives in the cluster. */
  readonly uri: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of its name in the text. */
  readonly range?: Range;
  /** Keys of a ConfigMap or Secret. */
  readonly keys: readonly string[];
  /** Ports of a Service, by number and name. */
  readonly ports: readonly (string | number)[];
  /** Labels of the Pods that it is or makes. */
  readonly podLabels: readonly Labels[];
}

/** What may be looked up. */
export interface KnownObjects {
  /** False if so little is known of the kind that a missing name means nothing. */
  knows(kind: string): boolean;
  find(kind: string, namespace: string, name: string): IndexedObject | undefined;
  all(kind: string): Iterable<IndexedObject>;
}

export class ObjectIndex implements KnownObjects {
  private readonly byUri = new Map<string, readonly IndexedObject[]>();

  /** Takes over a text, in place of what it was before. */
  set(uri: string, text: string): void {
    this.byUri.set(
      uri,
      parseManifest(text).flatMap((document) => indexedObjects(document, uri)),
    );
  }

  delete(uri: string): void {
    this.byUri.delete(uri);
  }

  knows(): boolean {
    return true;
  }

  find(kind: string, namespace: string, name: string): IndexedObject | undefined {
    for (const object of this.all(kind))
      if (object.name === name && isIn(object, namespace)) return object;
    return undefined;
  }

  *all(kind: string): Iterable<IndexedObject> {
    for (const object of this.everything()) if (object.kind === kind) yield object;
  }

  *everything(): Iterable<IndexedObject> {
    for (const objects of this.byUri.values()) yield* objects;
  }
}

/** What several know together. */
export function together(...sources: readonly KnownObjects[]): KnownObjects {
  return {
    knows: (kind) => sources.every((source) => source.knows(kind)),
    find(kind, namespace, name) {
      for (const source of sources) {
        const found = source.find(kind, namespace, name);
        if (found) return found;
      }
      return undefined;
    },
    *all(kind) {
      for (const source of sources) yield* source.all(kind);
    },
  };
}

const nobodyKnows = "";

/** Manifests may leave their namespace to whoever applies them. */
function isIn({ namespace }: IndexedObject, wanted: string): boolean {
  return namespace === wanted || namespace === nobodyKnows || wanted === nobodyKnows;
}

const namePath = FieldPath.of("metadata", "name");

function indexedObjects(document: ManifestDocument, uri: string): readonly IndexedObject[] {
  return objectsOf(document).flatMap((object) => {
    const { fields = {} } = object;
    const metadata = (fields.metadata ?? {}) as {
      readonly name?: unknown;
      readonly namespace?: unknown;
    };
    if (typeof fields.kind !== "string" || typeof metadata.name !== "string") return [];
    const range = object.locate(namePath)?.node.range;
    return [
      {
        uri,
        kind: fields.kind,
        namespace: typeof metadata.namespace === "string" ? metadata.namespace : nobodyKnows,
        name: metadata.name,
        ...(range ? { range } : {}),
        keys: keysOf(fields),
        ports: portsOf(fields),
        podLabels: podTemplatesOf(object).map(({ pod }) => pod.metadata.labels ?? {}),
      },
    ];
  });
}

/** Keys of `data`, `stringData` and `binaryData`. */
export function keysOf(fields: Readonly<Record<string, unknown>>): readonly string[] {
  return ["data", "stringData", "binaryData"].flatMap((field) => {
    const map = fields[field];
    return typeof map === "object" && map !== null ? Object.keys(map) : [];
  });
}

export function portsOf(fields: Readonly<Record<string, unknown>>): readonly (string | number)[] {
  if (fields.kind !== "Service") return [];
  const ports = valueAt(fields, FieldPath.of("spec", "ports"));
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((port: { readonly port?: number; readonly name?: string }) => [
    ...(port?.port === undefined ? [] : [port.port]),
    ...(port?.name === undefined ? [] : [port.name]),
  ]);
}
