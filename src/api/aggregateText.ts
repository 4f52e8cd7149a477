// Several errors as one text; what is said twice is shown once.
// Source: apimachinery pkg/util/errors Aggregate, kubernetes v1.34.
export function aggregateText(errors: readonly string[]): string {
  const [first = "", ...others] = new Set(errors);
  return others.length === 0 ? first : `[${[first, ...others].join(", ")}]`;
}
