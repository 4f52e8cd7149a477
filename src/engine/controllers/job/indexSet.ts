// A set of completion indexes, kept and written as intervals: "0,3-5".
// Source: pkg/controller/job/indexed_job_utils.go orderedIntervals, kubernetes v1.34.

interface Interval {
  readonly first: number;
  readonly last: number;
}

export class IndexSet {
  readonly size: number;

  private constructor(private readonly intervals: readonly Interval[]) {
    this.size = intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  static readonly empty = new IndexSet([]);

  /** Reads a status' text; what makes no sense or is out of range is left out. */
  static parse(text: string, completions: number): IndexSet {
    const parts = text.split(",").flatMap((part) => {
      const [first = Number.NaN, last = first] = part.split("-").map(Number);
      return part !== "" && first <= last && first < completions
        ? [{ first, last: Math.min(last, completions - 1) }]
        : [];
    });
    return new IndexSet(merged(parts));
  }

  static of(indexes: Iterable<number>): IndexSet {
    return new IndexSet(merged([...indexes].map((index) => ({ first: index, last: index }))));
  }

  has(index: number): boolean {
    return this.intervals.some(({ first, last }) => first <= index && index <= last);
  }

  union(other: IndexSet): IndexSet {
    return new IndexSet(merged([...this.intervals, ...other.intervals]));
  }

  /** How many indexes both have. */
  overlap(other: IndexSet): number {
    return this.size + other.size - this.union(other).size;
  }

  /** The lowest `count` indexes below `completions` that are not in the set. */
  firstMissing(count: number, completions: number): readonly number[] {
    const missing: number[] = [];
    let candidate = 0;
    for (const { first, last } of [...this.intervals, { first: completions, last: completions }]) {
      for (; candidate < Math.min(first, completions) && missing.length < count; candidate++)
        missing.push(candidate);
      candidate = Math.max(candidate, last + 1);
    }
    return missing;
  }

  /** Two neighbours are listed, more are an interval. */
  toString(): string {
    return this.intervals
      .map(({ first, last }) => {
        if (first === last) return `${first}`;
        return last === first + 1 ? `${first},${last}` : `${first}-${last}`;
      })
      .join(",");
  }
}

function merged(intervals: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.first - b.first)) {
    const previous = result.at(-1);
    if (previous && next.first <= previous.last + 1)
      result[result.length - 1] = {
        first: previous.first,
        last: Math.max(previous.last, next.last),
      };
    else result.push(next);
  }
  return result;
}
