// Everything that a cluster's objects have been since the scenario began, in the order of the writes.
import type { Kind } from "../../../src/api/kind.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type { Instant } from "../../../src/base/time.ts";
import type { Engine } from "../../../src/engine/engine.ts";

/** One write of one object. */
export interface Version {
  readonly at: Instant;
  /** Absent when the object is gone. */
  readonly now?: KubeObject;
  /** The object, or what it was when it went. */
  readonly last: KubeObject;
}

/** The objects of a kind by uid at some moment. */
export type Snapshot = ReadonlyMap<string, KubeObject>;

export class History {
  private readonly versions = new Map<string, Version[]>();

  constructor(engine: Engine) {
    for (const kind of engine.kinds)
      for (const now of listed(engine, kind)) this.add({ at: engine.clock.now(), now, last: now });
    engine.store.watch("/registry/", engine.store.revision, ({ at, entry, previous }) => {
      const last = (entry ?? previous)?.value as KubeObject;
      this.add({ at, last, ...(entry ? { now: last } : {}) });
    });
  }

  /** All that was written of a kind. */
  of(kind: Kind): readonly Version[] {
    return this.versions.get(nameOf(kind.apiVersion, kind.gvk.kind)) ?? [];
  }

  /**
   * The moments of a kind from `from` on: how its objects stood then, and after each write since.
   */
  *moments(kind: Kind, from: Instant): Generator<{ at: Instant; objects: Snapshot }> {
    const objects = new Map<string, KubeObject>();
    let isBefore = true;
    for (const { at, now, last } of this.of(kind)) {
      if (isBefore && at > from) {
        isBefore = false;
        yield { at: from, objects };
      }
      const { uid = "" } = last.metadata;
      if (now) objects.set(uid, now);
      else objects.delete(uid);
      if (!isBefore) yield { at, objects };
    }
    if (isBefore) yield { at: from, objects };
  }

  /** The objects that there have been of a kind, in the order of their creation, as they were last. */
  all(kind: Kind): readonly KubeObject[] {
    const seen = new Map<string, KubeObject>();
    for (const { last } of this.of(kind)) seen.set(last.metadata.uid ?? "", last);
    return [...seen.values()];
  }

  /** The same as they were made. */
  created(kind: Kind): readonly KubeObject[] {
    const seen = new Map<string, KubeObject>();
    for (const { last } of this.of(kind))
      if (!seen.has(last.metadata.uid ?? "")) seen.set(last.metadata.uid ?? "", last);
    return [...seen.values()];
  }

  private add(version: Version): void {
    const { apiVersion, kind } = version.last;
    const name = nameOf(apiVersion, kind);
    const known = this.versions.get(name);
    if (known) known.push(version);
    else this.versions.set(name, [version]);
  }
}

function listed(engine: Engine, kind: Kind): readonly KubeObject[] {
  if (kind.unstored || !kind.verbs.includes("list") || kind.storedAs) return [];
  return engine.client("kubernetes-admin").list<KubeObject>(kind).items;
}

function nameOf(apiVersion: string, kind: string): string {
  return `${apiVersion}/${kind}`;
}
