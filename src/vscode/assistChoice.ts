// Who helps with YAML where Red Hat's extension is installed too: nothing is shown twice.
import { extensions, type TextDocument, type Uri, workspace } from "vscode";
import { settings } from "./commandIds.ts";

/** "auto" leaves completion and hovers to Red Hat's extension where that knows Kubernetes' schemas. */
export function completes(uri: Uri): boolean {
  return decides(uri, () => {
    const schemas = workspace
      .getConfiguration("yaml", uri)
      .get<Record<string, unknown>>("schemas", {});
    return Object.keys(schemas).some((name) => /kubernetes/i.test(name));
  });
}

/** "auto" leaves the outline and folding of YAML to it wherever it is. */
export function outlines({ uri, languageId }: TextDocument): boolean {
  return decides(uri, () => languageId === "yaml");
}

function decides(uri: Uri, isTheirs: () => boolean): boolean {
  const choice = workspace.getConfiguration(undefined, uri).get(settings.assist, "auto");
  if (choice !== "auto") return choice === "on";
  return !extensions.getExtension("redhat.vscode-yaml") || !isTheirs();
}
