// Where two JSON values differ first.

/** The first difference in words, or undefined if there is none. Lists are compared in order. */
export function firstDifference(expected: unknown, actual: unknown, path = ""): string | undefined {
  if (isObject(expected) && isObject(actual)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
      const difference = firstDifference(expected[key], actual[key], `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
    if (Array.isArray(expected) === Array.isArray(actual)) return undefined;
  } else if (Object.is(expected, actual)) return undefined;
  return `${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
