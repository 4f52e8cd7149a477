// Which documents the providers of manifests are asked about.
import type { DocumentSelector, TextDocument } from "vscode";
import { objectScheme } from "./commandIds.ts";
import { looksLikeManifest } from "./manifestSniff.ts";

export const manifestSelector: DocumentSelector = [
  { language: "yaml" },
  { language: "json" },
  { language: "jsonc" },
];

/** True if the document holds Kubernetes objects that somebody writes. */
export function isManifest(document: TextDocument): boolean {
  return document.uri.scheme !== objectScheme && looksLikeManifest(document.getText());
}
