// One text, several documents: split as kubectl splits them, before any YAML is read. Source:
// apimachinery pkg/util/yaml YAMLReader, kubernetes v1.34.

export interface DocumentText {
  /** Offset of the document's first character in the whole text. */
  readonly start: number;
  /** Offset behind its last character. */
  readonly end: number;
  /** Line of its first character, from 0. */
  readonly line: number;
}

const byteOrderMark = 0xfeff;

/**
 * A line that begins with "---" and goes on with blanks or a comment at most ends a document. Where
 * nothing came before it, it belongs to the document that follows.
 */
export function splitDocuments(text: string): DocumentText[] {
  const documents: DocumentText[] = [];
  let start = text.charCodeAt(0) === byteOrderMark ? 1 : 0;
  let startLine = 0;
  let offset = start;
  for (let line = 0; offset < text.length; line++) {
    const newline = text.indexOf("\n", offset);
    const next = newline < 0 ? text.length : newline + 1;
    if (isSeparator(text, offset, next) && offset > start) {
      documents.push({ start, end: offset, line: startLine });
      start = next;
      startLine = line + 1;
    }
    offset = next;
  }
  if (offset > start) documents.push({ start, end: offset, line: startLine });
  return documents;
}

function isSeparator(text: string, start: number, end: number): boolean {
  if (!text.startsWith("---", start)) return false;
  const rest = text.slice(start + 3, end).trim();
  return rest === "" || rest.startsWith("#");
}
