// Broken invariants end the engine's worker; expected failures are values, never assertions.

/** @throws Error naming the invariant that does not hold. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`);
}

/** Marks a branch that the types rule out; fails loudly if data from outside reaches it. */
export function unreachable(value: never): never {
  throw new Error(`invariant broken: unexpected value ${JSON.stringify(value)}`);
}
