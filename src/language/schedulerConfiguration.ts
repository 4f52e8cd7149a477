// What kube-scheduler would say of its configuration file, at the places in the text.
import { configurationApiVersion, configurationKind } from "../scheduler/config/configuration.ts";
import { loadConfiguration } from "../scheduler/config/load.ts";
import type { Fields } from "./kindProblem.ts";
import type { ManifestDocument } from "./manifest.ts";
import type { Problem } from "./problem.ts";
import { problemRange } from "./problemRange.ts";

export function isSchedulerConfiguration({ apiVersion, kind }: Fields): boolean {
  return apiVersion === configurationApiVersion && kind === configurationKind;
}

export function schedulerConfigurationProblems(
  document: ManifestDocument,
  fields: Fields,
  text: string,
): Problem[] {
  const loaded = loadConfiguration(fields);
  if (!("problems" in loaded)) return [];
  return loaded.problems.map(({ path, message }) => ({
    ...problemRange(document, path, text),
    severity: "error",
    message,
    source: "validate",
    code: "schedulerConfiguration",
    path: path.toString(),
    field: path,
  }));
}
