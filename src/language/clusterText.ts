// A kind cluster file as text.
import { parse, parseAllDocuments } from "yaml";
import { type ClusterFileResult, readClusterFile } from "../api/clusterFile/readClusterFile.ts";
import { FieldPath } from "../api/fieldPath.ts";

/** What the text describes, or what is wrong with it. */
export function readClusterText(text: string): ClusterFileResult {
  const documents = parseAllDocuments(text);
  const [document, ...others] = Array.isArray(documents) ? documents : [];
  const [error] = document?.errors ?? [];
  if (error) return refused(error.message);
  if (others.length > 0) return refused("a cluster file has one document");
  return readClusterFile(document?.toJS(), (patch) => parse(patch));
}

function refused(message: string): ClusterFileResult {
  return { problems: [{ path: FieldPath.root, message }] };
}
