// What documents say by themselves. A file changes in one place at a time: documents that stay as they
// are are not read again.
import { isKubernetesManifest, isTemplated } from "./detection.ts";
import { type CheckOptions, checkDocument, checkedPlaces } from "./diagnostics.ts";
import { objectsOf } from "./fields.ts";
import { type IndexedObject, indexedObjects } from "./indexedObject.ts";
import { type ManifestDocument, parseDocumentText } from "./manifest.ts";
import type { Problem } from "./problem.ts";
import type { Claim, Rule } from "./rules/rule.ts";
import { ruleObject } from "./rules/rule.ts";

/** One document. All offsets count from its own start. */
export class Analysis {
  readonly problems: readonly Problem[];
  readonly isTemplated: boolean;
  private readonly document: ManifestDocument;
  private readonly claims = new Map<Rule, readonly Claim[]>();
  private indexed: readonly IndexedObject[] | undefined;

  constructor(text: string, options: CheckOptions, isAmongManifests: boolean) {
    this.document = parseDocumentText(text, { start: 0, end: text.length, line: 0 });
    this.problems = checkDocument(this.document, text, options, isAmongManifests);
    this.isTemplated = isTemplated(this.document, text);
  }

  get objects(): readonly IndexedObject[] {
    this.indexed ??= indexedObjects(this.document);
    return this.indexed;
  }

  claimsOf(rule: Rule): readonly Claim[] {
    const known = this.claims.get(rule);
    if (known) return known;
    const claims = objectsOf(this.document).flatMap((object) => [
      ...rule.claims(ruleObject(object)),
    ]);
    this.claims.set(rule, claims);
    return claims;
  }
}

/** An analysis and where its document begins in the text. */
export interface PlacedAnalysis {
  readonly start: number;
  readonly analysis: Analysis;
}

/**
 * Characters of remembered documents, beyond which the longest unused are forgotten. A whole text that is
 * checked, at its longest, finds room.
 */
const mostCharacters = 1_500_000;

export class AnalysisCache {
  private readonly known = new Map<string, Analysis>();
  private characters = 0;

  constructor(private readonly options: CheckOptions = {}) {}

  /** Every document of a text; none if no manifest is among them. */
  analyse(text: string): readonly PlacedAnalysis[] {
    return this.places(text).map(({ start, own, key, isAmongManifests }) => {
      const known = this.known.get(key);
      const analysis = known ?? new Analysis(own, this.options, isAmongManifests);
      this.remember(key, analysis, known !== undefined);
      return { start, analysis };
    });
  }

  /**
   * Looks at some documents of a text beforehand: at as many as have `characters` together, one at least.
   * @returns true if all are known now
   */
  prepare(text: string, characters: number): boolean {
    let left = characters;
    for (const { own, key, isAmongManifests } of this.places(text)) {
      if (this.known.has(key)) continue;
      if (left <= 0) return false;
      left -= own.length;
      this.remember(key, new Analysis(own, this.options, isAmongManifests), false);
    }
    return true;
  }

  private places(text: string) {
    // What a broken document is taken for depends on the others.
    const isAmongManifests = isKubernetesManifest(text);
    return checkedPlaces(text, this.options).map(({ start, end }) => {
      const own = text.slice(start, end);
      return { start, own, key: isAmongManifests ? own : `?${own}`, isAmongManifests };
    });
  }

  private remember(key: string, analysis: Analysis, isKnown: boolean): void {
    // A map keeps the order of insertion: the most recently used are its last.
    if (isKnown) this.known.delete(key);
    else this.characters += key.length;
    this.known.set(key, analysis);
    for (const oldest of this.known.keys()) {
      if (this.characters <= mostCharacters) return;
      this.known.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}
