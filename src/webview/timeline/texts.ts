// The view's texts, which the extension hands over in the editor's language.
import type { StringId } from "../../protocol.ts";

export type Translate = (id: StringId, ...args: readonly (string | number)[]) => string;

/** An id without a text shows as itself, so that a gap is seen and breaks nothing. */
export function translator(strings: Readonly<Partial<Record<StringId, string>>>): Translate {
  return (id, ...args) =>
    (strings[id] ?? id).replace(/\{(\d+)\}/g, (place, index) =>
      String(args[Number(index)] ?? place),
    );
}
