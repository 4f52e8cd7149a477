// The objects that texts describe, by kind and name: what other texts may refer to.
import { type IndexedObject, indexedObjects } from "./indexedObject.ts";
import { parseManifest } from "./manifest.ts";

/** What may be looked up. */
export interface KnownObjects {
  /** False if so little is known of the kind that a missing name means nothing. */
  knows(kind: string): boolean;
  find(kind: string, namespace: string, name: string): IndexedObject | undefined;
  all(kind: string): Iterable<IndexedObject>;
}

export class ObjectIndex implements KnownObjects {
  private readonly byUri = new Map<string, readonly IndexedObject[]>();
  /** By kind, then by name. */
  private readonly byKind = new Map<string, Map<string, Set<IndexedObject>>>();

  /** Takes over a text, in place of what it was before. */
  set(uri: string, text: string): void {
    this.put(
      uri,
      parseManifest(text).flatMap((document) => indexedObjects(document, uri)),
    );
  }

  /** Takes over what a text describes. */
  put(uri: string, objects: readonly IndexedObject[]): void {
    this.delete(uri);
    this.byUri.set(uri, objects);
    for (const object of objects) this.namesakes(object).add(object);
  }

  delete(uri: string): void {
    for (const object of this.byUri.get(uri) ?? []) this.namesakes(object).delete(object);
    this.byUri.delete(uri);
  }

  knows(): boolean {
    return true;
  }

  find(kind: string, namespace: string, name: string): IndexedObject | undefined {
    for (const object of this.byKind.get(kind)?.get(name) ?? [])
      if (isIn(object, namespace)) return object;
    return undefined;
  }

  *all(kind: string): Iterable<IndexedObject> {
    for (const objects of this.byKind.get(kind)?.values() ?? []) yield* objects;
  }

  *everything(): Iterable<IndexedObject> {
    for (const objects of this.byUri.values()) yield* objects;
  }

  private namesakes({ kind, name }: IndexedObject): Set<IndexedObject> {
    const names = this.byKind.get(kind) ?? new Map<string, Set<IndexedObject>>();
    const objects = names.get(name) ?? new Set();
    this.byKind.set(kind, names.set(name, objects));
    return objects;
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
