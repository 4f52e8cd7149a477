// What may change in a Pod once it is there. Source: pkg/apis/core/validation ValidatePodUpdate, 1.34.
import { dequal } from "dequal";
import { type FieldError, forbidden, invalid, required } from "../../../fieldError.ts";
import { FieldPath } from "../../../fieldPath.ts";
import type { Container, NodeAffinity, Pod, PodSpec, Toleration } from "../../../types.ts";
import { each } from "../../../validation/fields.ts";
import { internalDiff } from "../../../validation/internalDiff.ts";
import { inclusiveRangeError } from "../../../validation/texts.ts";
import { withField } from "../../../validation/withField.ts";
import { appArmorPrefix, mirrorPod, validatePodAnnotations } from "./annotations.ts";
import { validateImageSpaces } from "./containers.ts";
import { validatePodState } from "./pod.ts";
import { validateTolerations } from "./scheduling.ts";

const specPath = FieldPath.of("spec");
const annotationsPath = FieldPath.of("metadata", "annotations");
const maxInt32 = 2 ** 31 - 1;

const changeable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/** Beside metadata, which is checked for all kinds. */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors = [...validatePodState(pod), ...validateAnnotationUpdates(pod, old)];
  for (const field of ["containers", "initContainers"] as const) {
    const now = pod.spec[field] ?? [];
    const path = specPath.child(field);
    if (now.length !== (old.spec[field] ?? []).length)
      return [...errors, forbidden(path, "pod updates may not add or remove containers")];
    errors.push(...validateImages(now, path));
  }
  const deadline = validateDeadline(pod.spec, old.spec);
  errors.push(...deadline.errors);
  if (deadline.isFinal) return errors;
  errors.push(
    ...validateAddedTolerations(pod.spec.tolerations, old.spec.tolerations),
    ...validateRemovedGates(pod.spec, old.spec),
  );
  return dequal(pod.spec, old.spec) ? errors : [...errors, ...validateRest(pod.spec, old.spec)];
}

/** Source: ValidatePodSpecificAnnotationUpdates. */
export function validateAnnotationUpdates(pod: Pod, old: Pod): FieldError[] {
  const now = pod.metadata.annotations ?? {};
  const before = old.metadata.annotations ?? {};
  const errors: FieldError[] = [];
  for (const key of Object.keys(before).sort()) {
    if (now[key] === before[key]) continue;
    if (key.startsWith(appArmorPrefix))
      errors.push(
        forbidden(annotationsPath.key(key), "may not remove or update AppArmor annotations"),
      );
    if (key === mirrorPod)
      errors.push(
        forbidden(annotationsPath.key(key), "may not remove or update mirror pod annotation"),
      );
  }
  for (const key of Object.keys(now).sort()) {
    if (before[key] !== undefined) continue;
    if (key.startsWith(appArmorPrefix))
      errors.push(forbidden(annotationsPath.key(key), "may not add AppArmor annotations"));
    if (key === mirrorPod)
      errors.push(forbidden(annotationsPath.key(key), "may not add mirror pod annotation"));
  }
  return [...errors, ...validatePodAnnotations(now, pod.spec, annotationsPath)];
}

function validateImages(containers: readonly Container[], path: FieldPath): FieldError[] {
  return each(containers, path, ({ image }, at) => [
    ...(image ? [] : [required(at.child("image"))]),
    ...validateImageSpaces(image, at),
  ]);
}

/** A deadline may be set, or come sooner; errors about it hide what follows. */
function validateDeadline(
  { activeDeadlineSeconds: now }: PodSpec,
  { activeDeadlineSeconds: before }: PodSpec,
): { readonly errors: FieldError[]; readonly isFinal: boolean } {
  const path = specPath.child("activeDeadlineSeconds");
  if (now === undefined)
    return {
      errors:
        before === undefined
          ? []
          : [invalid(path, "null", "must not update from a positive integer to nil value")],
      isFinal: false,
    };
  if (now < 0 || now > maxInt32)
    return { errors: [invalid(path, now, inclusiveRangeError(0, maxInt32))], isFinal: true };
  if (before !== undefined && before < now)
    return {
      errors: [invalid(path, now, "must be less than or equal to previous value")],
      isFinal: true,
    };
  return { errors: [], isFinal: false };
}

function validateAddedTolerations(
  now: readonly Toleration[] = [],
  before: readonly Toleration[] = [],
): FieldError[] {
  const path = specPath.child("tolerations");
  const timeless = ({ tolerationSeconds: _, ...rest }: Toleration) => rest;
  const isKept = (old: Toleration): boolean =>
    now.some((toleration) => dequal(timeless(toleration), timeless(old)));
  return before.every(isKept)
    ? validateTolerations(now, path)
    : [forbidden(path, "existing toleration can not be modified except its tolerationSeconds")];
}

function validateRemovedGates(
  { schedulingGates: now }: PodSpec,
  { schedulingGates: before = [] }: PodSpec,
): FieldError[] {
  return each(now, specPath.child("schedulingGates"), ({ name }, at) =>
    before.some((gate) => gate.name === name)
      ? []
      : [
          forbidden(
            at.child("name"),
            `only deletion is allowed, but found new scheduling gate '${name}'`,
          ),
        ],
  );
}

/** Everything that has no rule of its own must stay as it was. */
function validateRest(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  let munged: PodSpec = withChangeableFields(spec, old);
  if (old.schedulingGates?.length) {
    errors.push(
      ...validateNodeSelectorMutation(spec, old),
      ...validateNodeAffinityMutation(spec, old),
    );
    munged = withNodeChoice(munged, old);
  }
  if (dequal(munged, old)) return errors;
  const diff = internalDiff("core.v1.PodSpec", old, munged);
  const words = `pod updates may not change fields other than ${changeable}`;
  return [...errors, forbidden(specPath, `${words}\n${diff}`)];
}

function withChangeableFields(spec: PodSpec, old: PodSpec): PodSpec {
  const images = (
    now: readonly Container[] | undefined,
    before: readonly Container[] | undefined,
  ) => now?.map((container, i) => withField(container, "image", before?.[i]?.image));
  let munged: PodSpec = { ...spec, containers: images(spec.containers, old.containers) ?? [] };
  munged = withField(munged, "initContainers", images(spec.initContainers, old.initContainers));
  for (const field of ["activeDeadlineSeconds", "schedulingGates", "tolerations"] as const)
    munged = withField(munged, field, old[field]);
  const grace = old.terminationGracePeriodSeconds;
  return grace !== undefined && grace < 0 && spec.terminationGracePeriodSeconds === 1
    ? withField(munged, "terminationGracePeriodSeconds", grace)
    : munged;
}

function withNodeChoice(spec: PodSpec, old: PodSpec): PodSpec {
  const affinity = withField({ ...spec.affinity }, "nodeAffinity", old.affinity?.nodeAffinity);
  const isEmpty = Object.keys(affinity).length === 0 && old.affinity === undefined;
  return withField(
    withField(spec, "nodeSelector", old.nodeSelector),
    "affinity",
    isEmpty ? undefined : affinity,
  );
}

function validateNodeSelectorMutation(
  { nodeSelector: now = {} }: PodSpec,
  { nodeSelector: before = {} }: PodSpec,
): FieldError[] {
  return Object.entries(before).every(([key, value]) => now[key] === value)
    ? []
    : [
        invalid(
          specPath.child("nodeSelector"),
          now,
          "only additions to spec.nodeSelector are allowed (no mutations or deletions)",
        ),
      ];
}

const requiredTerms = "requiredDuringSchedulingIgnoredDuringExecution";

function validateNodeAffinityMutation(spec: PodSpec, old: PodSpec): FieldError[] {
  const termsOf = (affinity: NodeAffinity | undefined) =>
    affinity?.[requiredTerms]?.nodeSelectorTerms ?? [];
  const before = termsOf(old.affinity?.nodeAffinity);
  const now = termsOf(spec.affinity?.nodeAffinity);
  const path = specPath.child("affinity", "nodeAffinity", requiredTerms, "nodeSelectorTerms");
  if (before.length === 0) return [];
  if (before.length !== now.length)
    return [
      invalid(path, now, "no additions/deletions to non-empty NodeSelectorTerms list are allowed"),
    ];
  return each(now, path, (term, at, i) => {
    const { matchExpressions: expressions = [], matchFields: fields = [] } = before[i] ?? {};
    const isExtended =
      dequal((term.matchExpressions ?? []).slice(0, expressions.length), expressions) &&
      dequal((term.matchFields ?? []).slice(0, fields.length), fields);
    const wasEmpty = expressions.length + fields.length === 0;
    const isEmpty = !term.matchExpressions?.length && !term.matchFields?.length;
    return isExtended && (!wasEmpty || isEmpty)
      ? []
      : [invalid(at, term, "only additions are allowed (no mutations or deletions)")];
  });
}
