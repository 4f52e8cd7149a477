// Generated names, made short: the Pods of "web" are web#1, web#2..., other children web@1, web@2...
import { controllerOf, type KubeObject } from "../../../src/api/object.ts";

export class ShortNames {
  private readonly short = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly uids = new Map<string, string>();

  /** Takes objects in the order of their creation. */
  learn(objects: readonly KubeObject[]): this {
    for (const object of objects) this.add(object);
    return this;
  }

  /** The uid of the object that is called "web#2". */
  uidOf(kind: string, short: string): string | undefined {
    return this.uids.get(`${kind}/${short}`);
  }

  /** A text with generated names made short, the longest first. */
  readonly in = (text: string): string => {
    let result = text;
    for (const [name, short] of this.longestFirst()) result = result.replaceAll(name, short);
    return result;
  };

  private longestFirst(): readonly (readonly [string, string])[] {
    this.ordered ??= [...this.short].sort(([a], [b]) => b.length - a.length);
    return this.ordered;
  }
  private ordered: readonly (readonly [string, string])[] | undefined;

  private add(object: KubeObject): void {
    const { kind, metadata } = object;
    const { name, uid = "", labels, generateName } = metadata;
    const owner = controllerOf(object);
    const isGenerated = generateName !== undefined && owner?.kind !== "StatefulSet";
    if (!isGenerated && owner?.kind !== "Deployment" && owner?.kind !== "CronJob") return;
    const mark = kind === "Pod" ? "#" : "@";
    const base =
      kind === "Pod"
        ? (labels?.app ?? labels?.["job-name"] ?? owner?.name ?? name)
        : (owner?.name ?? name);
    const count = (this.counts.get(kind + base) ?? 0) + 1;
    this.counts.set(kind + base, count);
    const short = `${this.short.get(base) ?? base}${mark}${count}`;
    this.ordered = undefined;
    this.short.set(name, short);
    this.uids.set(`${kind}/${short}`, uid);
  }
}
