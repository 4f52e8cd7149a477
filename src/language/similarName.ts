// "Did you mean": the known name that is nearest to an unknown one.
import { closest, distance } from "fastest-levenshtein";

/** The name that was probably meant: other case, letters swapped, or a few slips in a longer word. */
export function similarName(name: string, names: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  const sameButCase = names.find((known) => known.toLowerCase() === lower);
  if (sameButCase !== undefined) return sameButCase;
  if (names.length === 0) return undefined;
  const nearest = closest(name, [...names]);
  const allowed = name.length <= 3 ? 1 : name.length <= 6 ? 2 : 3;
  if (distance(name, nearest) <= allowed) return nearest;
  const letters = lettersOf(lower);
  return names.find((known) => lettersOf(known.toLowerCase()) === letters);
}

function lettersOf(name: string): string {
  return [...name].sort().join("");
}
