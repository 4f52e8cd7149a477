// The documents of a text that are ours to help with.
import { isOurs, isTemplated, mayBeManifest } from "./detection.ts";
import { type ManifestDocument, parseManifest } from "./manifest.ts";

/** None of a text that is no manifest, or that a template engine has yet to make one of. */
export function ownDocuments(text: string): readonly ManifestDocument[] {
  if (!mayBeManifest(text)) return [];
  const documents = parseManifest(text).filter((document) => isOurs(document, text));
  return documents.some((document) => isTemplated(document, text)) ? [] : documents;
}
