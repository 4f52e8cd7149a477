// Keeps one value for all that are equal, so that many owners share it. It forgets what was not asked for
// lately; then an equal value may be there twice, which costs memory only.

export class InternTable<Value> {
  private recent = new Map<string, Value>();
  private earlier = new Map<string, Value>();

  /** @param capacity of values asked for lately; up to as many others are kept with them */
  constructor(private readonly capacity: number) {}

  /** The value of this key, made if there is none. Equal keys must mean equal values. */
  intern(key: string, make: () => Value): Value {
    const known = this.recent.get(key);
    if (known !== undefined) return known;
    const value = this.earlier.get(key) ?? make();
    if (this.recent.size >= this.capacity) {
      this.earlier = this.recent;
      this.recent = new Map();
    }
    this.recent.set(key, value);
    return value;
  }
}
