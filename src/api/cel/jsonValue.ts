// JSON as values of expressions, without knowing its schema: whole numbers are ints.
import { CelList, CelMap, type CelValue } from "./value.ts";

export function jsonValue(json: unknown): CelValue {
  if (Array.isArray(json)) return new JsonList(json);
  if (typeof json === "number") return Number.isInteger(json) ? BigInt(json) : json;
  if (typeof json === "object" && json !== null)
    return new JsonMap(json as Readonly<Record<string, unknown>>);
  return json === undefined || json === null ? null : (json as string | boolean | bigint);
}

class JsonList extends CelList {
  constructor(private readonly items: readonly unknown[]) {
    super();
  }

  get size(): number {
    return this.items.length;
  }

  at(index: number): CelValue {
    return jsonValue(this.items[index]);
  }
}

class JsonMap extends CelMap {
  constructor(private readonly object: Readonly<Record<string, unknown>>) {
    super();
  }

  get keys(): readonly CelValue[] {
    return Object.keys(this.object).sort();
  }

  get(key: CelValue): CelValue | undefined {
    return typeof key === "string" && Object.hasOwn(this.object, key)
      ? jsonValue(this.object[key])
      : undefined;
  }
}
