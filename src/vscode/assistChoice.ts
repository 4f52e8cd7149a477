// Whether Red Hat's YAML extension is there for a document, and what the user wants of us beside it.
import { extensions, type TextDocument, workspace } from "vscode";
import type { Assist, YamlNeighbour } from "../language/yamlNeighbour.ts";
import { settings } from "./commandIds.ts";

export function assistFor({ uri }: TextDocument): Assist {
  return workspace.getConfiguration(undefined, uri).get<Assist>(settings.assist, "auto");
}

/** Undefined where it is not installed, and for other languages than YAML. */
export function neighbourFor({ uri, languageId }: TextDocument): YamlNeighbour | undefined {
  if (languageId !== "yaml" || !extensions.getExtension("redhat.vscode-yaml")) return undefined;
  const theirs = workspace.getConfiguration("yaml", uri);
  const schemas = Object.keys(theirs.get<Readonly<Record<string, unknown>>>("schemas", {}));
  return {
    validates: theirs.get("validate", true),
    knowsKubernetes: schemas.some((name) => /kubernetes/i.test(name)),
  };
}
