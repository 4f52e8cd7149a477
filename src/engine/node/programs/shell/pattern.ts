// The shell's patterns (`*`, `?`, `[a-z]`), for pathnames, `case` and ${x#pattern}. All the lengths that
// match are found in one pass over the text, so that no pattern takes longer than text × pattern.
// Source: POSIX, Shell Command Language, 2.14.

type Token =
  | { readonly type: "star" }
  | { readonly type: "one"; readonly test: (character: string) => boolean };

/** A part of a word: what is quoted stands for itself. */
export interface PatternPart {
  readonly text: string;
  readonly isQuoted: boolean;
}

export class Pattern {
  private constructor(private readonly tokens: readonly Token[]) {}

  static of(parts: readonly PatternPart[]): Pattern {
    return new Pattern(tokensOf(parts.flatMap(charactersOf)));
  }

  /** A pattern as a program gets it, with backslashes for what stands for itself: `find -name`. */
  static ofText(text: string): Pattern {
    return Pattern.of([{ text, isQuoted: false }]);
  }

  /** True if an unquoted part could mean more than itself. */
  static isIn(parts: readonly PatternPart[]): boolean {
    return parts.some(({ text, isQuoted }) => !isQuoted && /[*?[]/.test(text));
  }

  matches(text: string): boolean {
    const characters = [...text];
    return acceptedLengths(this.tokens, characters).at(-1) === characters.length;
  }

  /** The text without its shortest or longest beginning that matches. */
  withoutPrefix(text: string, isLongest: boolean): string {
    const characters = [...text];
    const lengths = acceptedLengths(this.tokens, characters);
    const length = isLongest ? lengths.at(-1) : lengths[0];
    return length === undefined ? text : characters.slice(length).join("");
  }

  /** The text without its shortest or longest end that matches. */
  withoutSuffix(text: string, isLongest: boolean): string {
    const characters = [...text];
    const lengths = acceptedLengths(this.tokens.toReversed(), characters.toReversed());
    const length = isLongest ? lengths.at(-1) : lengths[0];
    return length === undefined ? text : characters.slice(0, characters.length - length).join("");
  }

  /** Bash's ${x/pattern/by}: the longest match at the earliest place, or at each. */
  replaced(text: string, by: string, isEach: boolean): string {
    const characters = [...text];
    let result = "";
    for (let at = 0; at < characters.length; ) {
      const length = acceptedLengths(this.tokens, characters.slice(at)).at(-1) ?? 0;
      if (length === 0) result += characters[at++];
      else {
        result += by;
        at += length;
        if (!isEach) return result + characters.slice(at).join("");
      }
    }
    return result;
  }
}

/** The lengths of the beginnings of `characters` that the tokens accept, ascending. */
function acceptedLengths(tokens: readonly Token[], characters: readonly string[]): number[] {
  const lengths: number[] = [];
  let states = reached(tokens, new Set([0]));
  for (let at = 0; ; at++) {
    if (states.has(tokens.length)) lengths.push(at);
    const character = characters[at];
    if (character === undefined || states.size === 0) return lengths;
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token?.type === "star") next.add(state);
      else if (token?.test(character)) next.add(state + 1);
    }
    states = reached(tokens, next);
  }
}

/** A star may also match nothing. */
function reached(tokens: readonly Token[], states: Set<number>): Set<number> {
  for (const state of states) if (tokens[state]?.type === "star") states.add(state + 1);
  return states;
}

interface Character {
  readonly text: string;
  readonly isQuoted: boolean;
}

function charactersOf({ text, isQuoted }: PatternPart): Character[] {
  const found: Character[] = [];
  const characters = [...text];
  for (let i = 0; i < characters.length; i++) {
    const isEscape = !isQuoted && characters[i] === "\\" && i + 1 < characters.length;
    if (isEscape) i++;
    found.push({ text: characters[i] ?? "", isQuoted: isQuoted || isEscape });
  }
  return found;
}

function tokensOf(characters: readonly Character[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at++) {
    const { text, isQuoted } = characters[at] ?? { text: "", isQuoted: true };
    const set = text === "[" && !isQuoted ? bracket(characters, at) : undefined;
    if (set) {
      tokens.push({ type: "one", test: set.test });
      at = set.end;
    } else if (text === "*" && !isQuoted) {
      if (tokens.at(-1)?.type !== "star") tokens.push({ type: "star" });
    } else if (text === "?" && !isQuoted) tokens.push({ type: "one", test: () => true });
    else tokens.push({ type: "one", test: (character) => character === text });
  }
  return tokens;
}

/** A bracket expression from its "[" on; undefined if it is not closed. */
function bracket(
  characters: readonly Character[],
  start: number,
): { readonly test: (character: string) => boolean; readonly end: number } | undefined {
  const isNegated = /^[!^]$/.test(characters[start + 1]?.text ?? "");
  const first = start + (isNegated ? 2 : 1);
  const tests: ((character: string) => boolean)[] = [];
  for (let at = first; at < characters.length; at++) {
    const { text: low, isQuoted } = characters[at] ?? { text: "", isQuoted: false };
    if (low === "]" && !isQuoted && at > first)
      return { end: at, test: (one) => tests.some((test) => test(one)) !== isNegated };
    const named = low === "[" && characters[at + 1]?.text === ":" ? className(characters, at) : "";
    const high = characters[at + 2]?.text;
    if (named !== "") {
      const test = characterClasses[named];
      if (test) tests.push((one) => test.test(one));
      at += named.length + 3;
    } else if (characters[at + 1]?.text === "-" && high !== undefined && high !== "]") {
      tests.push((one) => one >= low && one <= high);
      at += 2;
    } else tests.push((one) => one === low);
  }
  return undefined;
}

/** The name in "[:name:]"; empty if it is none. */
function className(characters: readonly Character[], at: number): string {
  const rest = characters.slice(at + 2, at + 12).map(({ text }) => text);
  return /^([a-z]+):\]/.exec(rest.join(""))?.[1] ?? "";
}

/** POSIX' character classes in the C locale. */
export const characterClasses: Readonly<Record<string, RegExp>> = {
  alnum: /^[A-Za-z0-9]$/,
  alpha: /^[A-Za-z]$/,
  blank: /^[ \t]$/,
  // biome's rule against control characters asks for escapes by property.
  cntrl: /^\p{Cc}$/u,
  digit: /^[0-9]$/,
  graph: /^[!-~]$/,
  lower: /^[a-z]$/,
  print: /^[ -~]$/,
  punct: /^[!-/:-@[-`{-~]$/,
  space: /^[ \t-\r]$/,
  upper: /^[A-Z]$/,
  xdigit: /^[0-9A-Fa-f]$/,
};
