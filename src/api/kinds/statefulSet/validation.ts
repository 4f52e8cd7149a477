// StatefulSets. Source: pkg/apis/apps/validation ValidateStatefulSetSpec, kubernetes v1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import { labelSelectorOf } from "../../selector.ts";
import type { PodTemplateSpec, StatefulSet, StatefulSetSpec, Volume } from "../../types.ts";
import { checkNonNegative, each } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { validateClaimSpec } from "../persistentVolumeClaim/spec.ts";
import { validatePodTemplate, validateSelected } from "../pod/validation/template.ts";
import { checkAtMost, checkCollisions, checkCounts } from "../workload/status.ts";
import {
  compileSelector,
  intOrPercentValue,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
  validateSelector,
} from "../workload/validation.ts";

const path = FieldPath.of("spec");

export function validateStatefulSet({ spec }: StatefulSet): FieldError[] {
  return [
    ...validateManagementPolicy(spec.podManagementPolicy),
    ...validateUpdateStrategy(spec),
    ...validateRetentionPolicy(spec),
    ...checkNonNegative(spec.replicas, path.child("replicas")),
    ...checkNonNegative(spec.minReadySeconds, path.child("minReadySeconds")),
    ...checkNonNegative(spec.ordinals?.start, path.child("ordinals.start")),
    ...validateSelector(
      spec.selector,
      path.child("selector"),
      "empty selector is invalid for statefulset",
    ),
    ...validateTemplate(spec),
    ...each(spec.volumeClaimTemplates, path.child("volumeClaimTemplates"), (claim, at) =>
      validateClaimSpec(claim.spec, at.child("spec")),
    ),
  ];
}

const changeable = [
  "replicas",
  "template",
  "updateStrategy",
  "minReadySeconds",
  "ordinals",
  "persistentVolumeClaimRetentionPolicy",
  "revisionHistoryLimit",
];

export function validateStatefulSetUpdate(set: StatefulSet, old: StatefulSet): FieldError[] {
  const fixed = (spec: StatefulSetSpec) =>
    Object.entries(spec).filter(([field]) => !changeable.includes(field));
  return [
    ...validateStatefulSet(set),
    ...(dequal(Object.fromEntries(fixed(set.spec)), Object.fromEntries(fixed(old.spec)))
      ? []
      : [
          forbidden(
            path,
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
          ),
        ]),
  ];
}

/** Source: ValidateStatefulSetStatusUpdate. */
export function validateStatefulSetStatusUpdate(
  { status }: StatefulSet,
  old: StatefulSet,
): FieldError[] {
  if (!status) return [];
  return [
    ...checkCounts(status, [
      "replicas",
      "readyReplicas",
      "currentReplicas",
      "updatedReplicas",
      "availableReplicas",
      "observedGeneration",
      "collisionCount",
    ]),
    ...checkAtMost(
      status,
      ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"],
      status.replicas,
      "cannot be greater than status.replicas",
    ),
    ...checkAtMost(
      status,
      ["availableReplicas"],
      status.readyReplicas,
      "cannot be greater than status.readyReplicas",
    ),
    ...checkCollisions(status, old.status),
  ];
}

function validateManagementPolicy(policy: string | undefined): FieldError[] {
  const at = path.child("podManagementPolicy");
  if (!policy) return [required(at)];
  return policy === "OrderedReady" || policy === "Parallel"
    ? []
    : [invalid(at, policy, "must be 'OrderedReady' or 'Parallel'")];
}

const rollingUpdateShape = goShape(
  ["Partition", "partition", 0],
  ["MaxUnavailable", "maxUnavailable", null],
);
const strategyShape = goShape(
  ["Type", "type", ""],
  ["RollingUpdate", "rollingUpdate", rollingUpdateShape],
);

function validateUpdateStrategy({ updateStrategy = {} }: StatefulSetSpec): FieldError[] {
  const { type, rollingUpdate } = updateStrategy;
  const at = path.child("updateStrategy");
  const rollingPath = at.child("rollingUpdate");
  if (!type) return [required(at)];
  if (type === "OnDelete")
    return rollingUpdate
      ? [
          invalid(
            rollingPath,
            goValue(rollingUpdate, rollingUpdateShape),
            "only allowed for updateStrategy 'RollingUpdate'",
          ),
        ]
      : [];
  if (type !== "RollingUpdate")
    return [
      invalid(at, goValue(updateStrategy, strategyShape), "must be 'RollingUpdate' or 'OnDelete'"),
    ];
  const { partition, maxUnavailable } = rollingUpdate ?? {};
  const unavailablePath = rollingPath.child("maxUnavailable");
  return [
    ...checkNonNegative(partition, rollingPath.child("partition")),
    ...(maxUnavailable === undefined
      ? []
      : [
          ...validatePositiveIntOrPercent(maxUnavailable, unavailablePath),
          ...(intOrPercentValue(maxUnavailable) === 0
            ? [invalid(unavailablePath, maxUnavailable, "cannot be 0")]
            : []),
          ...validateNotMoreThan100Percent(maxUnavailable, unavailablePath),
        ]),
  ];
}

function validateRetentionPolicy({
  persistentVolumeClaimRetentionPolicy: policy,
}: StatefulSetSpec): FieldError[] {
  if (!policy) return [];
  const choices = ["Retain", "Delete"];
  const at = path.child("persistentVolumeClaimRetentionPolicy");
  return (["whenDeleted", "whenScaled"] as const)
    .filter((field) => !choices.includes(policy[field] ?? ""))
    .map((field) => notSupported(at.child(field), policy[field] ?? "", choices));
}

function validateTemplate(spec: StatefulSetSpec): FieldError[] {
  const at = path.child("template");
  const { restartPolicy, activeDeadlineSeconds } = spec.template.spec ?? {};
  const selector = spec.selector ? compileSelector(spec.selector) : labelSelectorOf(undefined);
  return [
    ...(selector
      ? [
          ...validateSelected(spec.template, selector, at),
          ...validatePodTemplate(withClaimVolumes(spec), at),
        ]
      : [invalid(path.child("selector"), spec.selector, "")]),
    ...(restartPolicy === "Always"
      ? []
      : [notSupported(at.child("spec", "restartPolicy"), restartPolicy ?? "", ["Always"])]),
    ...(activeDeadlineSeconds === undefined
      ? []
      : [
          forbidden(
            at.child("spec", "activeDeadlineSeconds"),
            "activeDeadlineSeconds in StatefulSet is not Supported",
          ),
        ]),
  ];
}

/** Containers may mount the claims as if they were volumes of the template. */
function withClaimVolumes({
  template,
  volumeClaimTemplates = [],
}: StatefulSetSpec): PodTemplateSpec {
  const { spec } = template;
  if (!spec) return template;
  const own = spec.volumes ?? [];
  const claimed = volumeClaimTemplates
    .map(({ metadata }) => metadata?.name)
    .filter((name) => name && !own.some((volume) => volume.name === name))
    .map(
      (name): Volume => ({
        name: name ?? "",
        persistentVolumeClaim: { claimName: name ?? "" },
      }),
    );
  return claimed.length === 0
    ? template
    : { ...template, spec: { ...spec, volumes: [...own, ...claimed] } };
}
