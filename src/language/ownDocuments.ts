// The documents of a text that are ours to help with.
import { isForOtherTool, isOurs, isTemplated, mayBeManifest } from "./detection.ts";
import { type DocumentText, splitDocuments } from "./documents.ts";
import { legible } from "./legible.ts";
import { type ManifestDocument, parseDocumentText, parseManifest } from "./manifest.ts";

/** None of a text that is no manifest, or that a template engine has yet to make one of. */
export function ownDocuments(text: string): readonly ManifestDocument[] {
  return mayBeManifest(text) ? ours(parseManifest(text), text) : [];
}

/** The same for help while one types: documents are read past what is half typed in them. */
export function legibleDocuments(text: string): readonly ManifestDocument[] {
  if (!mayBeManifest(text)) return [];
  return ours(
    splitDocuments(text).map((place) => legibleDocument(text, place)),
    text,
  );
}

/** One document, without what is half typed if it can't be read with it. */
export function legibleDocument(text: string, place: DocumentText): ManifestDocument {
  const document = parseDocumentText(text, place);
  if (document.syntax.length === 0) return document;
  const without = parseDocumentText(legible(text), place);
  return without.syntax.length === 0 ? without : document;
}

function ours(documents: readonly ManifestDocument[], text: string): readonly ManifestDocument[] {
  const own = documents.filter((document) => isOurs(document, text));
  return own.some((document) => isTemplated(document, text)) ? [] : own;
}

/** True if another tool reads the document at the offset before any server does, whatever it lacks yet. */
export function isForOthers(text: string, offset: number): boolean {
  const places = splitDocuments(text);
  const isAt = ({ start, end }: DocumentText): boolean => offset >= start && offset <= end;
  if (places.some((place) => isAt(place) && isForOtherTool(text.slice(place.start, place.end))))
    return true;
  return (
    text.includes("{{") && places.some((place) => isTemplated(parseDocumentText(text, place), text))
  );
}
