// The rules that a configuration must meet.
// Source: kubernetes v1.34 pkg/scheduler/apis/config/validation/validation.go
import { duplicate, type FieldError, invalid, required } from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import { type DecodeProblem, decodeStruct } from "../../api/schema.ts";
import { validateArgs } from "./argsValidation.ts";
import type { PluginArgs, PluginConfig } from "./configuration.ts";
import type { DefaultedConfiguration, DefaultedProfile } from "./defaults.ts";
import { argsNodes } from "./schema.ts";

const root = FieldPath.root;

/** @param configuration with its defaults */
export function validateConfiguration(configuration: DefaultedConfiguration): FieldError[] {
  const { parallelism, podInitialBackoffSeconds, podMaxBackoffSeconds } = configuration;
  const errors: FieldError[] = [];
  if (parallelism <= 0)
    errors.push(
      invalid(
        root.child("parallelism"),
        parallelism,
        "should be an integer value greater than zero",
      ),
    );
  errors.push(...validateProfiles(configuration.profiles));
  errors.push(...validatePercentage(root, configuration.percentageOfNodesToScore));
  if (podInitialBackoffSeconds <= 0)
    errors.push(
      invalid(
        root.child("podInitialBackoffSeconds"),
        podInitialBackoffSeconds,
        "must be greater than 0",
      ),
    );
  if (podMaxBackoffSeconds < podInitialBackoffSeconds)
    errors.push(
      invalid(
        root.child("podMaxBackoffSeconds"),
        podMaxBackoffSeconds,
        "must be greater than or equal to PodInitialBackoffSeconds",
      ),
    );
  return errors;
}

function validateProfiles(profiles: readonly DefaultedProfile[]): FieldError[] {
  const path = root.child("profiles");
  const errors: FieldError[] = [];
  const firstOf = new Map<string, number>();
  for (const [i, profile] of profiles.entries()) {
    errors.push(...validateProfile(profile, path.index(i)));
    const first = firstOf.get(profile.schedulerName);
    if (first === undefined) firstOf.set(profile.schedulerName, i);
    else
      errors.push(
        duplicate(
          path.index(i).child("schedulerName"),
          path.index(first).child("schedulerName").toString(),
        ),
      );
  }
  return errors;
}

function validateProfile(profile: DefaultedProfile, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (profile.schedulerName === "") errors.push(required(path.child("schedulerName")));
  errors.push(...validatePercentage(path, profile.percentageOfNodesToScore));
  const seen = new Set<string>();
  for (const [i, config] of (profile.pluginConfig ?? []).entries()) {
    const place = path.child("pluginConfig").index(i);
    if (seen.has(config.name)) errors.push(duplicate(place, config.name));
    seen.add(config.name);
    if (hasArgs(config.name))
      errors.push(...validateArgs(profile, config.name, place.child("args")));
  }
  return errors;
}

function validatePercentage(path: FieldPath, percentage: number | undefined): FieldError[] {
  if (percentage === undefined || (percentage >= 0 && percentage <= 100)) return [];
  return [
    invalid(path.child("percentageOfNodesToScore"), percentage, "not in valid range [0-100]"),
  ];
}

/** Problems of plugin arguments, read by the structure that the plugin's name stands for. */
export function decodeArgs(config: PluginConfig): readonly DecodeProblem[] {
  const { name, args } = config;
  if (!hasArgs(name) || typeof args !== "object" || args === null) return [];
  return decodeStruct(argsNodes[name], args as Readonly<Record<string, unknown>>).problems;
}

function hasArgs(name: string): name is keyof PluginArgs {
  return Object.hasOwn(argsNodes, name);
}
