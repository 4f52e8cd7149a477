// The documents of a text that are ours to help with.
import { isForOtherTool, isOurs, isTemplated, mayBeManifest } from "./detection.ts";
import { type DocumentText, splitDocuments } from "./documents.ts";
import { type ManifestDocument, parseDocumentText, parseManifest } from "./manifest.ts";

/** None of a text that is no manifest, or that a template engine has yet to make one of. */
export function ownDocuments(text: string): readonly ManifestDocument[] {
  if (!mayBeManifest(text)) return [];
  const documents = parseManifest(text).filter((document) => isOurs(document, text));
  return documents.some((document) => isTemplated(document, text)) ? [] : documents;
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
