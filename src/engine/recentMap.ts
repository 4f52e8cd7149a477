// A map that forgets what was used longest ago. Source: groupcache/lru as client-go uses it.

/** client-go tools/record maxLruCacheEntries. */
const capacity = 4_096;

export class RecentMap<Value> {
  private readonly entries = new Map<string, Value>();

  get(key: string): Value | undefined {
    return this.entries.get(key);
  }

  /** The key is the newest now. */
  set(key: string, value: Value): void {
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size <= capacity) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }
}
