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

/** More choices than these would not help. */
const mostChoices = 6;

/** The names that are known, the one that was probably meant first. */
export function bySimilarity(name: string, names: readonly string[]): readonly string[] {
  const distances = new Map(names.map((known) => [known, distance(name, known)]));
  return [...distances.keys()]
    .sort((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0))
    .slice(0, mostChoices);
}

function lettersOf(name: string): string {
  return [...name].sort().join("");
}
