// Which class counts if several are marked as the default: the newest, and of those the first by name.
// Source: pkg/volume/util GetDefaultClass, 1.34.
import type { KubeObject } from "../../../api/object.ts";

/** @param annotations of which one must be "true" */
export function newestDefault<T extends KubeObject>(
  classes: readonly T[],
  ...annotations: readonly string[]
): T | undefined {
  const [newest] = classes
    .filter(({ metadata }) => annotations.some((key) => metadata.annotations?.[key] === "true"))
    .sort(
      ({ metadata: a }, { metadata: b }) =>
        compare(b.creationTimestamp, a.creationTimestamp) || compare(a.name, b.name),
    );
  return newest;
}

function compare(a = "", b = ""): number {
  return a < b ? -1 : Number(a > b);
}
