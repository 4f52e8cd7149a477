// Containers of all sorts. Source: pkg/apis/core/validation validateContainers,
// validateInitContainers and validateEphemeralContainers, kubernetes v1.34.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { Container, EphemeralContainer, PodSpec } from "../../../types.ts";
import { checkDnsLabel, checkRequiredChoice, each } from "../../../validation/fields.ts";
import { checkContainerResourceName } from "../../../validation/resourceNames.ts";
import { validateResourceRequirements } from "../../../validation/resources.ts";
import { validateEnv, validateEnvFrom } from "./env.ts";
import { validateContainerPorts, validateHostPorts } from "./ports.ts";
import { validateLifecycleAndProbes } from "./probes.ts";
import { validateSecurityContext } from "./securityContext.ts";
import { validateVolumeDevices, validateVolumeMounts } from "./volumeMounts.ts";
import type { VolumesByName } from "./volumes.ts";

/** What containers need to know of their Pod. */
export interface ContainerContext {
  readonly spec: PodSpec;
  readonly volumes: VolumesByName;
  readonly claimNames: readonly string[];
}

export function validateContainers(context: ContainerContext, path: FieldPath): FieldError[] {
  const { containers = [], terminationGracePeriodSeconds } = context.spec;
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  return [
    ...each(containers, path, (container, at) => {
      const errors = validateContainer(container, context, at);
      const { name = "" } = container;
      if (names.has(name)) errors.push(duplicate(at.child("name"), name));
      names.add(name);
      errors.push(...validateLifecycleAndProbes(container, at, terminationGracePeriodSeconds));
      if (container.restartPolicy !== undefined)
        errors.push(forbidden(at.child("restartPolicy"), "may not be set for non-init containers"));
      return errors;
    }),
    ...validateHostPorts(containers, path),
  ];
}

export function validateInitContainers(context: ContainerContext, path: FieldPath): FieldError[] {
  const { spec } = context;
  const names = new Set((spec.containers ?? []).map(({ name }) => name ?? ""));
  return each(spec.initContainers, path, (container, at) => {
    const { name = "", restartPolicy } = container;
    const errors = validateContainer(container, context, at);
    if (restartPolicy !== undefined && restartPolicy !== "Always")
      errors.push(notSupported(at.child("restartPolicy"), restartPolicy, ["Always"]));
    if (names.has(name)) errors.push(duplicate(at.child("name"), name));
    else if (name) names.add(name);
    // Init containers run one after the other, so each has the node's ports to itself; the server
    // counts from the list's beginning all the same.
    errors.push(...validateHostPorts([container], path));
    if (restartPolicy === "Always")
      errors.push(...validateLifecycleAndProbes(container, at, spec.terminationGracePeriodSeconds));
    else
      for (const field of ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const)
        if (container[field])
          errors.push(
            forbidden(
              at.child(field),
              "may not be set for init containers without restartPolicy=Always",
            ),
          );
    return errors;
  });
}

/** In the order of Go's struct: what ephemeral containers may not have. */
const barredFields = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

export function validateEphemeralContainers(
  context: ContainerContext,
  path: FieldPath,
): FieldError[] {
  const { containers = [], initContainers = [], ephemeralContainers } = context.spec;
  const lasting = [...containers, ...initContainers].map(({ name }) => name ?? "");
  const names = new Set(lasting);
  return each(ephemeralContainers, path, (container, at) => {
    const { name = "", targetContainerName } = container;
    const errors = validateContainer(container, context, at);
    errors.push(...validateImageSpaces(container.image, at));
    if (names.has(name)) errors.push(duplicate(at.child("name"), name));
    names.add(name);
    if (targetContainerName && !lasting.includes(targetContainerName))
      errors.push(notFound(at.child("targetContainerName"), targetContainerName));
    return [...errors, ...validateBarred(container, at)];
  });
}

function validateBarred(container: EphemeralContainer, path: FieldPath): FieldError[] {
  const words = "cannot be set for an Ephemeral Container";
  const isSet = (value: unknown): boolean =>
    value !== undefined && (typeof value !== "object" || Object.keys(value ?? {}).length > 0);
  return [
    ...barredFields
      .filter((field) => isSet(container[field]))
      .map((field) => forbidden(path.child(field), words)),
    ...each(container.volumeMounts, path.child("volumeMounts"), (mount, at) =>
      (["subPath", "subPathExpr"] as const)
        .filter((field) => mount[field])
        .map((field) => forbidden(at.child(field), words)),
    ),
  ];
}

/** Pods only: templates were once allowed spaces around an image. */
export function validateImageSpaces(image: string | undefined, path: FieldPath): FieldError[] {
  return image && image.trim() !== image
    ? [invalid(path.child("image"), image, "must not have leading or trailing whitespace")]
    : [];
}

function validateContainer(
  container: Container | EphemeralContainer,
  context: ContainerContext,
  path: FieldPath,
): FieldError[] {
  const { name, image, terminationMessagePolicy, imagePullPolicy, resources = {} } = container;
  const { volumes, claimNames, spec } = context;
  return [
    ...(name ? checkDnsLabel(name, path.child("name")) : [required(path.child("name"))]),
    ...(image ? [] : [required(path.child("image"))]),
    ...checkRequiredChoice(
      terminationMessagePolicy,
      ["File", "FallbackToLogsOnError"],
      path.child("terminationMessagePolicy"),
    ),
    ...validateContainerPorts(container.ports, path.child("ports")),
    ...validateEnv(container.env, path.child("env")),
    ...validateEnvFrom(container.envFrom, path.child("envFrom")),
    ...validateVolumeMounts(container, volumes, path.child("volumeMounts")),
    ...validateVolumeDevices(container, volumes, path.child("volumeDevices")),
    ...checkRequiredChoice(imagePullPolicy, pullPolicies, path.child("imagePullPolicy")),
    ...validateResourceRequirements(resources, path.child("resources"), {
      checkName: checkContainerResourceName,
      claimNames,
    }),
    ...validateResizePolicy(container, spec.restartPolicy, path.child("resizePolicy")),
    ...validateSecurityContext(
      container.securityContext,
      path.child("securityContext"),
      spec.hostUsers ?? true,
    ),
  ];
}

export const pullPolicies = ["Always", "IfNotPresent", "Never"];

function validateResizePolicy(
  { resizePolicy }: Pick<Container, "resizePolicy">,
  podRestartPolicy: string | undefined,
  path: FieldPath,
): FieldError[] {
  const seen = new Set<string>();
  return each(resizePolicy, path, ({ resourceName = "", restartPolicy = "" }, at) => {
    const errors: FieldError[] = [];
    if (seen.has(resourceName)) errors.push(duplicate(at, resourceName));
    seen.add(resourceName);
    errors.push(
      ...checkRequiredChoice(resourceName, ["cpu", "memory"], path),
      ...checkRequiredChoice(restartPolicy, ["NotRequired", "RestartContainer"], path),
    );
    if (podRestartPolicy === "Never" && restartPolicy !== "NotRequired")
      errors.push(
        invalid(path, restartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'"),
      );
    return errors;
  });
}
