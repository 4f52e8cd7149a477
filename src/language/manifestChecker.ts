// Checks texts that change little by little: only the documents that did are looked at again.

import type { Range } from "../base/yaml/yamlTree.ts";
import { AnalysisCache } from "./analysis.ts";
import type { CheckOptions } from "./diagnostics.ts";
import type { IndexedObject } from "./indexedObject.ts";
import type { KnownObjects } from "./objectIndex.ts";
import type { Problem } from "./problem.ts";
import { type RuleProblem, type RuleSeverities, ruleProblems } from "./rules/index.ts";

/** About 10 milliseconds' worth. */
const charactersAtOnce = 20_000;

export class ManifestChecker {
  private readonly cache: AnalysisCache;

  constructor(private readonly options: CheckOptions = {}) {
    this.cache = new AnalysisCache(options);
  }

  /**
   * A share of the work of `check`, for whoever must not be held up for long by a text that is new.
   * @returns true if there is none left
   */
  prepare(text: string): boolean {
    return this.cache.prepare(text, charactersAtOnce);
  }

  /** What the server would say: the same as `check`. */
  check(text: string): Problem[] {
    const placed = this.cache.analyse(text);
    const { assumesManifest = false } = this.options;
    if (!assumesManifest && placed.some(({ analysis }) => analysis.isTemplated)) return [];
    return placed.flatMap(({ start, analysis }) => moved(analysis.problems, start));
  }

  /** What rules say beyond it. */
  checkRules(text: string, known: KnownObjects, severities?: RuleSeverities): RuleProblem[] {
    const placed = this.cache.analyse(text);
    if (placed.some(({ analysis }) => analysis.isTemplated)) return [];
    return placed.flatMap(({ start, analysis }) =>
      moved(ruleProblems(analysis, known, severities), start),
    );
  }

  /** The objects of a text, for an index of many. */
  objectsOf(text: string, uri: string): IndexedObject[] {
    return this.cache.analyse(text).flatMap(({ start, analysis }) =>
      analysis.objects.map(({ range, ...object }) => ({
        ...object,
        uri,
        ...(range ? { range: movedRange(range, start) } : {}),
      })),
    );
  }
}

function moved<T extends Range>(ranges: readonly T[], by: number): T[] {
  return ranges.map((range) => ({ ...range, ...movedRange(range, by) }));
}

function movedRange({ start, end }: Range, by: number): Range {
  return { start: start + by, end: end + by };
}
