// Checks texts that change little by little: documents that stay the same are not read again.

import { isKubernetesManifest, isTemplated } from "./detection.ts";
import { type CheckOptions, checkDocument, checkedPlaces } from "./diagnostics.ts";
import { type ManifestDocument, parseDocumentText } from "./manifest.ts";
import type { Problem } from "./problem.ts";

interface Checked {
  readonly isTemplated: boolean;
  /** Offsets count from the document's own start. */
  readonly problems: readonly Problem[];
}

/** Characters of remembered documents, beyond which the longest unused are forgotten. */
const mostCharacters = 4_000_000;

export class ManifestChecker {
  private readonly checked = new Map<string, Checked>();
  private characters = 0;

  /** The same as `check`. */
  check(text: string, options: CheckOptions = {}): Problem[] {
    const { assumesManifest = false } = options;
    // What a broken document is taken for depends on the others.
    const setting = `${assumesManifest ? 1 : 0}${isKubernetesManifest(text) ? 1 : 0}`;
    const results: { readonly start: number; readonly checked: Checked }[] = [];
    for (const place of checkedPlaces(text, options)) {
      const key = setting + text.slice(place.start, place.end);
      const known = this.checked.get(key);
      const checked = known ?? checkedOf(parseDocumentText(text, place), text, options);
      this.remember(key, checked, known !== undefined);
      results.push({ start: place.start, checked });
    }
    if (!assumesManifest && results.some((result) => result.checked.isTemplated)) return [];
    return results.flatMap(({ start, checked }) => moved(checked.problems, start));
  }

  private remember(key: string, checked: Checked, isKnown: boolean): void {
    // A map keeps the order of insertion: the most recently used are its last.
    if (isKnown) this.checked.delete(key);
    else this.characters += key.length;
    this.checked.set(key, checked);
    for (const oldest of this.checked.keys()) {
      if (this.characters <= mostCharacters) return;
      this.checked.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}

function checkedOf(document: ManifestDocument, text: string, options: CheckOptions): Checked {
  const problems = checkDocument(document, text, options);
  return {
    isTemplated: isTemplated(document, text),
    problems: moved(problems, -document.place.start),
  };
}

function moved(problems: readonly Problem[], by: number): Problem[] {
  return problems.map((problem) => ({
    ...problem,
    start: problem.start + by,
    end: problem.end + by,
  }));
}
