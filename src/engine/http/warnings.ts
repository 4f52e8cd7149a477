// Warnings as lines of the Warning header: each once, shortened when they grow too long together.
// Source: apiserver pkg/endpoints/filters/warning.go and apimachinery net.NewWarningHeader, 1.34.

/** Beyond this many characters together, each is shortened. */
const longestTogether = 4 * 1024;
const longestOne = 256;

/** "299 - \"text\"" for each. */
export function warningLines(texts: readonly string[]): readonly string[] {
  const distinct = [...new Set(texts.map(printable))].filter((text) => text !== "");
  const total = distinct.reduce((sum, text) => sum + text.length, 0);
  const isLong = total > longestTogether;
  const kept: string[] = [];
  let length = 0;
  for (const text of distinct) {
    const shown = isLong ? text.slice(0, longestOne) : text;
    length += shown.length;
    if (length > longestTogether) break;
    kept.push(`299 - "${shown.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`);
  }
  return kept;
}

/** Control characters end a header; they become blanks. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").trim();
}
