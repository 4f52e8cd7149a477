// Lines and characters from offsets, for files that no editor has open.

/** Line and character, both from 0, as VS Code counts them: by UTF-16 units. */
export function offsetToPosition(text: string, offset: number): [line: number, character: number] {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  const line = before.split("\n").length - 1;
  return [line, offset - lineStart];
}
