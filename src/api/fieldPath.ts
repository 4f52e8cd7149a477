// The place of a field within an object, e.g. spec.containers[0].image, as a value.

/** A property name, a list index, or a map key (printed in brackets). */
export type PathStep = string | number | { readonly key: string };

/** Source: apimachinery field.Path, 1.34. */
export class FieldPath {
  private constructor(readonly steps: readonly PathStep[]) {}

  static readonly root = new FieldPath([]);

  static of(...names: string[]): FieldPath {
    return new FieldPath(names);
  }

  child(...names: string[]): FieldPath {
    return new FieldPath([...this.steps, ...names]);
  }

  index(position: number): FieldPath {
    return new FieldPath([...this.steps, position]);
  }

  key(name: string): FieldPath {
    return new FieldPath([...this.steps, { key: name }]);
  }

  /** The place that `path` names, seen from here. */
  append({ steps }: FieldPath): FieldPath {
    return new FieldPath([...this.steps, ...steps]);
  }

  toString(): string {
    if (this.steps.length === 0) return "<nil>";
    return this.steps
      .map((step, i) => {
        if (typeof step === "number") return `[${step}]`;
        if (typeof step === "object") return `[${step.key}]`;
        return i === 0 ? step : `.${step}`;
      })
      .join("");
  }
}
