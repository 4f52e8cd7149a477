// Reads Kubernetes objects out of YAML or JSON files: documents and Lists, one after another.
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { KubeObject } from "../api/object.ts";

/** What keeps a file from being read; the text is for the user. */
export class UnreadableFile extends Error {}

/** @param path of the file; "-" for standard input. @throws UnreadableFile */
export function readObjects(path: string): readonly KubeObject[] {
  return readDocuments(path).flatMap((value) => objectsOf(path, value));
}

/** The values of the documents, as they are. @throws UnreadableFile */
export function readDocuments(path: string): readonly unknown[] {
  const documents = parseAllDocuments(readText(path), { version: "1.1", merge: true });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new UnreadableFile(`${path}: ${error.message}`);
    const value: unknown = document.toJS();
    return value === null || value === undefined ? [] : [value];
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (error) {
    throw new UnreadableFile(
      `${path} cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function objectsOf(path: string, value: unknown): readonly KubeObject[] {
  const { kind, apiVersion, metadata, items } = value as Partial<KubeObject> & {
    readonly items?: readonly unknown[];
  };
  if (typeof kind !== "string" || typeof apiVersion !== "string")
    throw new UnreadableFile(`${path}: an object has no apiVersion and kind`);
  if (kind.endsWith("List") && Array.isArray(items)) {
    const item = { apiVersion, kind: kind.slice(0, -"List".length) };
    return items.flatMap((each) => objectsOf(path, { ...item, ...each }));
  }
  if (typeof metadata !== "object" || metadata === null)
    throw new UnreadableFile(`${path}: ${kind} has no metadata`);
  return [value as KubeObject];
}
