// A text that is being typed, made legible: half a word alone on its line is no YAML, and says nothing.

const loneWord = /^[ \t]+[\w./-]+[ \t]*(?=\r?$)/gm;

/** The text with such words blanked out; everything else stays at its offset. */
export function legible(text: string): string {
  return text.replace(loneWord, (line) => " ".repeat(line.length));
}
