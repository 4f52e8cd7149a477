// The difference of two texts as a unified diff without file names, found as Python's difflib and its
// Go port find it: by the longest common block, again and again. Source: pmezard/go-difflib.

/** A place in both texts, and how many lines are the same from there on. */
interface Block {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

/** Lines [a1, a2) become lines [b1, b2). */
interface Change {
  readonly isEqual: boolean;
  readonly a1: number;
  readonly a2: number;
  readonly b1: number;
  readonly b2: number;
}

const context = 3;
/** From so many lines on, those that are more than a hundredth of the text start no block. */
const manyLines = 200;

/** "" if the texts are the same; both are taken to end with a newline. */
export function unifiedDiff(from: string, to: string): string {
  const a = from.split("\n");
  const b = to.split("\n");
  return hunks(changes(matchingBlocks(a, b)))
    .map((hunk) => hunkText(hunk, a, b))
    .join("");
}

function hunkText(hunk: readonly Change[], a: readonly string[], b: readonly string[]): string {
  const first = hunk[0];
  const last = hunk.at(-1);
  if (!first || !last) return "";
  const head = `@@ -${range(first.a1, last.a2)} +${range(first.b1, last.b2)} @@`;
  const lines = hunk.flatMap(({ isEqual, a1, a2, b1, b2 }) =>
    isEqual
      ? a.slice(a1, a2).map((line) => ` ${line}`)
      : [
          ...a.slice(a1, a2).map((line) => `-${line}`),
          ...b.slice(b1, b2).map((line) => `+${line}`),
        ],
  );
  return [head, ...lines, ""].join("\n");
}

function range(start: number, stop: number): string {
  const length = stop - start;
  if (length === 1) return String(start + 1);
  return `${length === 0 ? start : start + 1},${length}`;
}

/** Changes with a little of what is around them; those that are near each other stay together. */
function hunks(all: readonly Change[]): readonly (readonly Change[])[] {
  const groups: Change[][] = [];
  let group: Change[] = [];
  for (const [i, change] of all.entries()) {
    const { isEqual } = change;
    let { a1, a2, b1, b2 } = change;
    if (isEqual && i === 0) [a1, b1] = [Math.max(a1, a2 - context), Math.max(b1, b2 - context)];
    if (isEqual && i === all.length - 1)
      [a2, b2] = [Math.min(a2, a1 + context), Math.min(b2, b1 + context)];
    if (isEqual && a2 - a1 > 2 * context) {
      group.push({ isEqual, a1, a2: a1 + context, b1, b2: b1 + context });
      groups.push(group);
      group = [];
      [a1, b1] = [a2 - context, b2 - context];
    }
    group.push({ isEqual, a1, a2, b1, b2 });
  }
  return [...groups, group].filter((changed) => changed.some(({ isEqual }) => !isEqual));
}

function changes(blocks: readonly Block[]): readonly Change[] {
  const all: Change[] = [];
  let [a1, b1] = [0, 0];
  for (const { a, b, size } of blocks) {
    if (a > a1 || b > b1) all.push({ isEqual: false, a1, a2: a, b1, b2: b });
    [a1, b1] = [a + size, b + size];
    if (size > 0) all.push({ isEqual: true, a1: a, a2: a1, b1: b, b2: b1 });
  }
  return all;
}

/** In order, none empty but the last, which stands at the ends. */
function matchingBlocks(a: readonly string[], b: readonly string[]): readonly Block[] {
  const places = placesOf(b);
  const found: Block[] = [];
  const search = (aLow: number, aHigh: number, bLow: number, bHigh: number): void => {
    const block = longestBlock(a, b, places, { aLow, aHigh, bLow, bHigh });
    if (block.size === 0) return;
    search(aLow, block.a, bLow, block.b);
    found.push(block);
    search(block.a + block.size, aHigh, block.b + block.size, bHigh);
  };
  search(0, a.length, 0, b.length);
  return [...joined(found), { a: a.length, b: b.length, size: 0 }];
}

/** Blocks that touch become one. */
function joined(blocks: readonly Block[]): readonly Block[] {
  const all: Block[] = [];
  for (const block of blocks) {
    const last = all.at(-1);
    if (last && last.a + last.size === block.a && last.b + last.size === block.b)
      all[all.length - 1] = { ...last, size: last.size + block.size };
    else all.push(block);
  }
  return all;
}

/** Where each line of a text is, but for lines that are all over it. */
function placesOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [i, line] of lines.entries()) {
    const known = places.get(line);
    if (known) known.push(i);
    else places.set(line, [i]);
  }
  if (lines.length >= manyLines)
    for (const [line, { length }] of places)
      if (length > Math.floor(lines.length / 100) + 1) places.delete(line);
  return places;
}

interface Bounds {
  readonly aLow: number;
  readonly aHigh: number;
  readonly bLow: number;
  readonly bHigh: number;
}

/** The first of the longest blocks, made longer by equal lines around it that started none. */
function longestBlock(
  a: readonly string[],
  b: readonly string[],
  places: ReadonlyMap<string, readonly number[]>,
  bounds: Bounds,
): Block {
  const { aLow, aHigh, bLow, bHigh } = bounds;
  let best: Block = { a: aLow, b: bLow, size: 0 };
  let sizes = new Map<number, number>();
  for (let i = aLow; i < aHigh; i++) {
    const next = new Map<number, number>();
    for (const j of places.get(a[i] ?? "") ?? []) {
      if (j < bLow) continue;
      if (j >= bHigh) break;
      const size = (sizes.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    sizes = next;
  }
  let { a: start, b: other, size } = best;
  while (start > aLow && other > bLow && a[start - 1] === b[other - 1])
    [start, other, size] = [start - 1, other - 1, size + 1];
  while (start + size < aHigh && other + size < bHigh && a[start + size] === b[other + size])
    size++;
  return { a: start, b: other, size };
}
