// Reads a configuration as kube-scheduler's --config does: decode strictly, default, validate, and
// make the profiles. Source: kubernetes v1.34 cmd/kube-scheduler/app/options/configfile.go
import { fieldErrorText } from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import { decodeStruct } from "../../api/schema.ts";
import type { Profile } from "../profile.ts";
import {
  configurationApiVersion,
  configurationKind,
  extensionPoints,
  type KubeSchedulerConfiguration,
} from "./configuration.ts";
import { type DefaultedConfiguration, withDefaults } from "./defaults.ts";
import { type ProfileProblem, profilesOf } from "./profiles.ts";
import { configurationNode } from "./schema.ts";
import { decodeArgs, validateConfiguration } from "./validation.ts";

/** What is wrong, where, in kube-scheduler's words. */
export interface ConfigurationProblem {
  readonly path: FieldPath;
  readonly message: string;
}

export interface LoadedConfiguration {
  readonly configuration: DefaultedConfiguration;
  readonly profiles: readonly Profile[];
}

type Loaded = LoadedConfiguration | { readonly problems: readonly ConfigurationProblem[] };

/** @param value of a YAML or JSON file */
export function loadConfiguration(value: unknown): Loaded {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return blame(FieldPath.root, "the configuration is not an object");
  const { apiVersion, kind } = value as { readonly apiVersion?: unknown; readonly kind?: unknown };
  if (apiVersion !== configurationApiVersion || kind !== configurationKind)
    return blame(
      FieldPath.of("kind"),
      `no kind ${JSON.stringify(kind ?? "")} is registered for version ${JSON.stringify(apiVersion ?? "")}`,
    );
  const { result, problems } = decodeStruct(
    configurationNode,
    value as Readonly<Record<string, unknown>>,
  );
  if (problems.length > 0)
    return { problems: problems.map(({ path, message }) => ({ path, message })) };
  return finish(result as unknown as KubeSchedulerConfiguration);
}

function finish(given: KubeSchedulerConfiguration): Loaded {
  const misread = argsProblems(given);
  if (misread.length > 0) return { problems: misread };
  const configuration = withDefaults(given);
  const errors = validateConfiguration(configuration);
  if (errors.length > 0)
    return {
      problems: errors.map((error) => ({ path: error.path, message: fieldErrorText(error) })),
    };
  const made = profilesOf(configuration);
  if ("profiles" in made) return { configuration, profiles: made.profiles };
  const { profile, message } = made.problem;
  const { schedulerName } = configuration.profiles[profile] ?? {};
  return blame(
    placeOf(given, made.problem),
    `initializing profiles: creating profile for scheduler name ${schedulerName}: ${message}`,
  );
}

function argsProblems({ profiles = [] }: KubeSchedulerConfiguration): ConfigurationProblem[] {
  return profiles.flatMap(({ pluginConfig = [] }, i) =>
    pluginConfig.flatMap((config, j) => {
      const at = FieldPath.of("profiles").index(i).child("pluginConfig").index(j).child("args");
      return decodeArgs(config).map(({ path, message }) => ({
        path: path.steps.reduce(step, at),
        message: `decoding .profiles[${i}].pluginConfig[${j}]: decoding args for plugin ${config.name}: ${message}`,
      }));
    }),
  );
}

function step(path: FieldPath, next: FieldPath["steps"][number]): FieldPath {
  if (typeof next === "string") return path.child(next);
  return typeof next === "number" ? path.index(next) : path.key(next.key);
}

/** The plugin in the author's text, or the profile if the text does not name it. */
function placeOf(
  { profiles = [] }: KubeSchedulerConfiguration,
  problem: ProfileProblem,
): FieldPath {
  const path = FieldPath.of("profiles").index(problem.profile);
  const { plugins = {} } = profiles[problem.profile] ?? {};
  for (const point of [problem.point, "multiPoint", ...extensionPoints] as const) {
    const index =
      plugins[point]?.enabled?.findLastIndex(({ name }) => name === problem.plugin) ?? -1;
    if (index >= 0) return path.child("plugins", point, "enabled").index(index).child("name");
  }
  return path;
}

function blame(
  path: FieldPath,
  message: string,
): { readonly problems: readonly ConfigurationProblem[] } {
  return { problems: [{ path, message }] };
}
