// A shell's variables: which are exported, read-only, local to a function; and bash's lists.

export interface Variable {
  readonly value: string | undefined;
  /** Bash's arrays; the value is then the first of them. */
  readonly elements?: readonly string[];
  readonly isExported?: boolean;
  readonly isReadOnly?: boolean;
}

/** A longer value than any script means. */
export const longestValue = 1 << 20;

export class Variables {
  private readonly byName: Map<string, Variable>;
  /** What local variables hide, innermost function last. */
  private readonly hidden: Map<string, Variable | undefined>[] = [];

  constructor(variables: Iterable<readonly [string, Variable]>) {
    this.byName = new Map(variables);
  }

  copy(): Variables {
    const copy = new Variables(this.byName);
    for (const frame of this.hidden) copy.hidden.push(new Map(frame));
    return copy;
  }

  get(name: string): string | undefined {
    return this.byName.get(name)?.value;
  }

  find(name: string): Variable | undefined {
    return this.byName.get(name);
  }

  /** @returns false if the variable is read-only */
  set(name: string, value: string, elements?: readonly string[]): boolean {
    const old = this.byName.get(name);
    if (old?.isReadOnly) return false;
    const { elements: _, ...kept } = old ?? {};
    this.byName.set(name, { ...kept, value, ...(elements ? { elements } : {}) });
    return true;
  }

  mark(name: string, marks: Pick<Variable, "isExported" | "isReadOnly">): void {
    this.byName.set(name, { value: undefined, ...this.byName.get(name), ...marks });
  }

  /** @returns false if the variable is read-only */
  unset(name: string): boolean {
    if (this.byName.get(name)?.isReadOnly) return false;
    this.byName.delete(name);
    return true;
  }

  get isInFunction(): boolean {
    return this.hidden.length > 0;
  }

  enterFunction(): void {
    this.hidden.push(new Map());
  }

  leaveFunction(): void {
    for (const [name, variable] of this.hidden.pop() ?? [])
      if (variable) this.byName.set(name, variable);
      else this.byName.delete(name);
  }

  /** From now on the variable is the innermost function's own; its value stays, as in ash. */
  makeLocal(name: string): void {
    const frame = this.hidden.at(-1);
    if (frame && !frame.has(name)) frame.set(name, this.byName.get(name));
  }

  /** Runs with other values in place, and puts the old ones back when disposed of. */
  override(values: Iterable<readonly [string, string]>): () => void {
    const old = [...values].map(([name, value]) => {
      const before = this.byName.get(name);
      this.byName.set(name, { ...before, value, isExported: true });
      return [name, before] as const;
    });
    return () => {
      for (const [name, variable] of old.toReversed())
        if (variable) this.byName.set(name, variable);
        else this.byName.delete(name);
    };
  }

  exported(): Map<string, string> {
    const env = new Map<string, string>();
    for (const [name, { value, isExported }] of this.byName)
      if (isExported && value !== undefined) env.set(name, value);
    return env;
  }

  /** In the order of their names. */
  all(): readonly (readonly [string, Variable])[] {
    return [...this.byName].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
