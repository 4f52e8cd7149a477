// The rules that plugin arguments must meet.
// Source: kubernetes v1.34 pkg/scheduler/apis/config/validation/validation_pluginargs.go
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../../api/fieldError.ts";
import type { FieldPath } from "../../api/fieldPath.ts";
import { validateNodeAffinity } from "../../api/kinds/pod/validation/affinity.ts";
import type { TopologySpreadConstraint } from "../../api/types.ts";
import { each } from "../../api/validation/fields.ts";
import { validateLabelName } from "../../api/validation/labels.ts";
import type {
  KubeSchedulerProfile,
  NodeResourcesFitArgs,
  PluginArgs,
  PodTopologySpreadArgs,
  ResourceSpec,
  ScoringStrategySpec,
  UtilizationPoint,
} from "./configuration.ts";
import { argsOf } from "./defaults.ts";

type Rules = {
  readonly [Name in keyof PluginArgs]: (args: PluginArgs[Name], path: FieldPath) => FieldError[];
};

/** Checks the arguments that the profile gives to a plugin, defaults included. */
export function validateArgs<Name extends keyof PluginArgs>(
  profile: KubeSchedulerProfile,
  name: Name,
  path: FieldPath,
): FieldError[] {
  return rules[name](argsOf(profile, name), path);
}

const rules: Rules = {
  DefaultPreemption(args, path) {
    const { minCandidateNodesPercentage: share, minCandidateNodesAbsolute: least } = args;
    const sharePath = path.child("minCandidateNodesPercentage");
    const leastPath = path.child("minCandidateNodesAbsolute");
    const errors = inRange(share, [0, 100], sharePath, "not in valid range [0, 100]");
    if (least < 0) errors.push(invalid(leastPath, least, "not in valid range [0, inf)"));
    if (share === 0 && least === 0) {
      const cause = "cannot be zero at the same time as";
      errors.push(
        invalid(sharePath, share, `${cause} minCandidateNodesAbsolute`),
        invalid(leastPath, least, `${cause} minCandidateNodesPercentage`),
      );
    }
    return errors;
  },
  InterPodAffinity({ hardPodAffinityWeight: weight }, path) {
    const place = path.child("hardPodAffinityWeight");
    return inRange(weight, [0, 100], place, "not in valid range [0, 100]");
  },
  NodeAffinity: ({ addedAffinity }, path) =>
    addedAffinity ? validateNodeAffinity(addedAffinity, path.child("addedAffinity")) : [],
  NodeResourcesBalancedAllocation({ resources }, path) {
    const seen = new Set<string>();
    return each(resources, path.child("resources"), ({ name, weight }, place) => {
      const errors = weight === 1 ? [] : [invalid(place.child("weight"), weight, "must be 1")];
      if (seen.has(name)) errors.push(duplicate(place.child("name"), name));
      seen.add(name);
      return errors;
    });
  },
  NodeResourcesFit: validateFit,
  PodTopologySpread: validateSpread,
  VolumeBinding({ bindTimeoutSeconds: seconds, shape }, path) {
    const place = path.child("bindTimeoutSeconds");
    const cause = "invalid BindTimeoutSeconds, should not be a negative value";
    return [
      ...(seconds < 0 ? [invalid(place, seconds, cause)] : []),
      ...(shape ? validateShape(shape, path.child("shape")) : []),
    ];
  },
};

function inRange(
  value: number,
  [low, high]: readonly [number, number],
  path: FieldPath,
  cause: string,
): FieldError[] {
  return value < low || value > high ? [invalid(path, value, cause)] : [];
}

function validateFit(args: NodeResourcesFitArgs, path: FieldPath): FieldError[] {
  const { ignoredResources, ignoredResourceGroups, scoringStrategy } = args;
  return [
    ...each(ignoredResources, path.child("ignoredResources"), validateLabelName),
    ...each(ignoredResourceGroups, path.child("ignoredResourceGroups"), (group, place) => [
      ...(group.includes("/")
        ? [invalid(place, group, "resource group name can't contain '/'")]
        : []),
      ...validateLabelName(`${group}/resource`, place),
    ]),
    ...validateStrategy(scoringStrategy, path.child("scoringStrategy")),
  ];
}

function validateStrategy(
  { type, resources, requestedToCapacityRatio }: ScoringStrategySpec,
  path: FieldPath,
): FieldError[] {
  const errors = each(resources, path.child("resources"), validateWeight);
  const ratioPath = path.child("requestedToCapacityRatio");
  if (type === "RequestedToCapacityRatio")
    return requestedToCapacityRatio
      ? [
          ...errors,
          ...validateShape(requestedToCapacityRatio.shape ?? [], ratioPath.child("shape")),
        ]
      : [...errors, required(ratioPath, "")];
  if (type === "LeastAllocated" || type === "MostAllocated") return errors;
  const choices = ["LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"];
  return [...errors, notSupported(path.child("type"), type, choices)];
}

function validateWeight({ name, weight = 0 }: ResourceSpec, path: FieldPath): FieldError[] {
  if (weight > 0 && weight <= 100) return [];
  const cause = `resource weight of ${name} not in valid range (0, 100]`;
  return [invalid(path.child("weight"), weight, cause)];
}

function validateShape(shape: readonly UtilizationPoint[], path: FieldPath): FieldError[] {
  if (shape.length === 0) return [required(path, "At least one point must be specified")];
  return shape.flatMap(({ utilization = 0, score = 0 }, i) => {
    const place = path.index(i);
    const before = shape[i - 1]?.utilization ?? 0;
    const sorted =
      i === 0 || utilization > before
        ? []
        : [
            invalid(
              place.child("utilization"),
              utilization,
              "utilization values must be sorted in increasing order",
            ),
          ];
    return [
      ...sorted,
      ...inRange(utilization, [0, 100], place.child("utilization"), "not in valid range [0, 100]"),
      ...inRange(score, [0, 10], place.child("score"), "not in valid range [0, 10]"),
    ];
  });
}

function validateSpread(args: PodTopologySpreadArgs, path: FieldPath): FieldError[] {
  const { defaultConstraints = [], defaultingType } = args;
  const typePath = path.child("defaultingType");
  const errors: FieldError[] = [];
  if (defaultingType !== "System" && defaultingType !== "List")
    errors.push(notSupported(typePath, defaultingType, ["System", "List"]));
  if (defaultingType === "System" && defaultConstraints.length > 0)
    errors.push(invalid(typePath, defaultingType, "when .defaultConstraints are not empty"));
  const seen = new Set<string>();
  const constraintErrors = each(
    defaultConstraints,
    path.child("defaultConstraints"),
    (constraint, place) => {
      const pair = `{${constraint.topologyKey ?? ""}, ${constraint.whenUnsatisfiable ?? ""}}`;
      const repeated = seen.has(pair) ? [duplicate(place, pair)] : [];
      seen.add(pair);
      return [...validateConstraint(constraint, place), ...repeated];
    },
  );
  return [...errors, ...constraintErrors];
}

function validateConstraint(
  { maxSkew = 0, topologyKey = "", whenUnsatisfiable, labelSelector }: TopologySpreadConstraint,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (maxSkew <= 0)
    errors.push(invalid(path.child("maxSkew"), maxSkew, "not in valid range (0, inf)"));
  if (topologyKey === "") errors.push(required(path.child("topologyKey"), "can not be empty"));
  else errors.push(...validateLabelName(topologyKey, path.child("topologyKey")));
  const place = path.child("whenUnsatisfiable");
  const action: string = whenUnsatisfiable ?? "";
  if (action === "") errors.push(required(place, "can not be empty"));
  else if (action !== "DoNotSchedule" && action !== "ScheduleAnyway")
    errors.push(notSupported(place, action, ["DoNotSchedule", "ScheduleAnyway"]));
  if (labelSelector)
    errors.push(
      forbidden(
        path.child("labelSelector"),
        "constraint must not define a selector, as they deduced for each pod",
      ),
    );
  return errors;
}
