// A seeded stream of random numbers. Every component forks its own by name, so that a new draw in
// one place cannot shift the draws of another.
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const alphabet = "bcdfghjklmnpqrstvwxz2456789";

export class Random {
  private readonly generator;

  constructor(private readonly seed: number) {
    this.generator = xoroshiro128plus(seed);
  }

  /** An independent stream that depends on this one's seed and `name` only. */
  fork(name: string): Random {
    return new Random(hash(`${this.seed}/${name}`));
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return (this.generator.next() >>> 0) % bound;
  }

  /** A number in [0, 1). */
  fraction(): number {
    return (this.generator.next() >>> 0) / 2 ** 32;
  }

  /** `length` characters of the alphabet of Kubernetes' generated names (no vowels, no 0, 1, 3). */
  suffix(length: number): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join("");
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.below(16).toString(16));
    hex[12] = "4";
    hex[16] = "89ab"[this.below(4)] ?? "8";
    const text = hex.join("");
    return [0, 8, 12, 16, 20]
      .map((start, i) => text.slice(start, [8, 12, 16, 20, 32][i]))
      .join("-");
  }
}

/** FNV-1a, 32 bits: stable across runs and platforms. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value ^= text.charCodeAt(i);
    value = Math.imul(value, 0x01000193);
  }
  return value >>> 0;
}
