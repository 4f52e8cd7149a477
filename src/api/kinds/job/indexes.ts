// Completion indexes of a Job as text: "1,3-5". Source: pkg/apis/batch/validation validateIndexesFormat
// and pkg/controller/job/indexed_job_utils.go, kubernetes v1.34.

/** Indexes in a row, both ends included. */
export interface IndexInterval {
  readonly first: number;
  readonly last: number;
}

/** The intervals in rising order, or why the text names none, in the server's words. */
export function parseIndexes(text: string, completions: number): readonly IndexInterval[] | string {
  if (text === "") return [];
  const intervals: IndexInterval[] = [];
  for (const part of text.split(",")) {
    const interval = parseInterval(part, completions);
    if (typeof interval === "string") return interval;
    const previous = intervals.at(-1)?.last ?? Number.NEGATIVE_INFINITY;
    if (previous >= interval.first) return notIncreasing(previous, interval.first);
    intervals.push(interval);
  }
  return intervals;
}

export function countIndexes(intervals: readonly IndexInterval[]): number {
  return intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** The lowest index that both name. */
export function overlapOf(
  a: readonly IndexInterval[],
  b: readonly IndexInterval[],
): number | undefined {
  let [i, j] = [0, 0];
  for (;;) {
    const [x, y] = [a[i], b[j]];
    if (!x || !y) return undefined;
    if (x.first <= y.last && y.first <= x.last) return Math.max(x.first, y.first);
    if (x.first <= y.first) i++;
    else j++;
  }
}

function parseInterval(text: string, completions: number): IndexInterval | string {
  const limits = text.split("-");
  if (limits.length > 2)
    return `the fragment ${JSON.stringify(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const numbers: number[] = [];
  for (const limit of limits) {
    if (!/^[+-]?\d+$/.test(limit))
      return `cannot convert string to integer for index: ${JSON.stringify(limit)}`;
    if (Number(limit) >= completions) return `too large index: ${JSON.stringify(limit)}`;
    numbers.push(Number(limit));
  }
  const [first = 0, last = first] = numbers;
  return limits.length === 2 && first >= last ? notIncreasing(first, last) : { first, last };
}

function notIncreasing(previous: number, current: number): string {
  return `non-increasing order, previous: ${previous}, current: ${current}`;
}
