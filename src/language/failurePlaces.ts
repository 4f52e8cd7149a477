// Where in a manifest the server's refusal belongs. Pure.
import { FieldPath } from "../api/fieldPath.ts";
import { ApiError } from "../api/status.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import type { ManifestDocument } from "./manifest.ts";
import { problemRange } from "./problemRange.ts";
import { refusalPlace } from "./refusalPlace.ts";

export interface PlacedFailure {
  readonly message: string;
  readonly range: Range;
}

/** One failure for each field that the server names; else one where its words point to. */
export function locateFailure(
  error: Error,
  document: ManifestDocument,
  text: string,
): readonly PlacedFailure[] {
  const causes = error instanceof ApiError ? (error.status.details?.causes ?? []) : [];
  const placed = causes.flatMap(({ field, message }): PlacedFailure[] => {
    if (field === undefined || field === "" || field === "<nil>") return [];
    const range = problemRange(document, fieldPathFrom(field), text);
    return [{ message: `${field}: ${message ?? ""}`, range }];
  });
  if (placed.length > 0) return placed;
  const fields = [...error.message.matchAll(/(?:unknown|duplicate) field "([^"]+)"/g)];
  if (fields.length > 0)
    return fields.map(([message, field = ""]) => ({
      message,
      range: keyRange(document, fieldPathFrom(field), text),
    }));
  const place = document.fields ? refusalPlace(error.message, document) : FieldPath.root;
  return [{ message: error.message, range: problemRange(document, place, text) }];
}

/** Of an unknown field the key is wrong, not the value. */
function keyRange(document: ManifestDocument, path: FieldPath, text: string): Range {
  const location = document.locate(path);
  const isThere = location?.missing.length === 0;
  return (isThere ? location.keyRange : undefined) ?? problemRange(document, path, text);
}

/** The inverse of FieldPath.toString, as far as a text allows it. */
export function fieldPathFrom(text: string): FieldPath {
  let path = FieldPath.root;
  for (const [, name, inBrackets] of text.matchAll(/([^.[\]]+)|\[([^\]]*)\]/g)) {
    if (name !== undefined) path = path.child(name);
    else if (/^\d+$/.test(inBrackets ?? "")) path = path.index(Number(inBrackets));
    else path = path.key(inBrackets ?? "");
  }
  return path;
}

/** The object that a refusal misses: it may be among what is deployed together with the refused one. */
export function missingName({ message }: Error): string | undefined {
  const missing = /"([\w.-]+)" not found$|with name (\S+) was found$/.exec(message);
  return missing?.[1] ?? missing?.[2];
}
