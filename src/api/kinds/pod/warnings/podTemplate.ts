// What looks odd in a Pod or the template of one, though it is allowed. Source: pkg/api/pod/warnings.go
// warningsForPodSpecAndMeta, kubernetes v1.34.
import { FieldPath } from "../../../fieldPath.ts";
import type { ObjectMeta, PodSpec } from "../../../types.ts";
import { addressWarnings } from "../../../validation/strictAddresses.ts";
import { visitContainers } from "../validation/visitContainers.ts";
import { containerWarnings } from "./containers.ts";
import { portNameWarnings, portWarnings } from "./ports.ts";
import { fractionalByteWarnings } from "./quantities.ts";
import { schedulingWarnings } from "./scheduling.ts";
import { overlappingPathWarnings } from "./virtualPaths.ts";
import { volumeWarnings } from "./volumes.ts";

interface PodLike {
  readonly metadata?: Partial<ObjectMeta>;
  readonly spec?: PodSpec;
}

const deprecatedAnnotations: readonly (readonly [key: string, words: string])[] = [
  [
    "scheduler.alpha.kubernetes.io/critical-pod",
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  ],
  [
    "security.alpha.kubernetes.io/sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
  [
    "security.alpha.kubernetes.io/unsafe-sysctls",
    'non-functional in v1.11+; use the "sysctls" field instead',
  ],
];
const seccompAnnotation = "seccomp.security.alpha.kubernetes.io/pod";

/** `path` leads to the template; the root is a Pod's own. */
export function podTemplateWarnings(
  { metadata = {}, spec }: PodLike,
  path = FieldPath.root,
): readonly string[] {
  if (!spec) return [];
  const specPath = path.child("spec");
  const annotationsPath = path.child("metadata", "annotations");
  const annotations = metadata.annotations ?? {};
  const isTemplate = path !== FieldPath.root;
  return [
    ...schedulingWarnings(spec, specPath),
    ...deprecatedAnnotations
      .filter(([key]) => annotations[key] !== undefined)
      .map(([key, words]) => `${annotationsPath.key(key)}: ${words}`),
    ...volumeWarnings(spec.volumes ?? [], specPath.child("volumes")),
    ...overlappingPathWarnings(spec.volumes),
    ...listWarnings(spec, specPath),
    ...fractionalByteWarnings(spec.overhead, specPath.child("overhead"), ["memory"]),
    ...fractionalByteWarnings(spec.overhead, specPath.child("overhead"), ["ephemeral-storage"]),
    ...(!spec.securityContext?.seccompProfile && annotations[seccompAnnotation] !== undefined
      ? [
          `${annotationsPath.key(seccompAnnotation)}: non-functional in v1.27+; use the "seccompProfile" field instead`,
        ]
      : []),
    ...visitContainers(spec, specPath, (container, at) =>
      containerWarnings(container, at, { spec, annotations, annotationsPath, isTemplate }),
    ),
    ...portWarnings(spec, specPath),
    ...portNameWarnings(spec, specPath),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [
          `${specPath.child("terminationGracePeriodSeconds")}: must be >= 0; negative values are invalid and will be treated as 1`,
        ]
      : []),
    ...affinityWarnings(spec, specPath.child("affinity")),
    ...oldAddressWarnings(spec, specPath),
  ];
}

function listWarnings(
  { hostAliases = [], imagePullSecrets = [] }: PodSpec,
  path: FieldPath,
): readonly string[] {
  const ips = hostAliases.map(({ ip }) => ip);
  const names = imagePullSecrets.map(({ name = "" }) => name);
  const secretsPath = path.child("imagePullSecrets");
  return [
    ...repeated(ips).map(
      (i) => `${path.child("hostAliases").index(i).child("ip")}: duplicate ip ${quoted(ips[i])}`,
    ),
    ...repeated(names).map(
      (i) => `${secretsPath.index(i).child("name")}: duplicate name ${quoted(names[i])}`,
    ),
    ...names.flatMap((name, i) =>
      name === "" ? [`${secretsPath.index(i).child("name")}: invalid empty name ""`] : [],
    ),
  ];
}

function oldAddressWarnings(
  { dnsConfig, hostAliases = [] }: PodSpec,
  path: FieldPath,
): readonly string[] {
  return [
    ...(dnsConfig?.nameservers ?? []).flatMap((address, i) =>
      addressWarnings(address, path.child("dnsConfig", "nameservers").index(i)),
    ),
    ...hostAliases.flatMap(({ ip }, i) =>
      addressWarnings(ip, path.child("hostAliases").index(i).child("ip")),
    ),
  ];
}

/** Where a list says again what it has said. */
function repeated(texts: readonly string[]): readonly number[] {
  return texts.flatMap((text, i) => (texts.indexOf(text) < i ? [i] : []));
}

function quoted(text: string | undefined): string {
  return JSON.stringify(text ?? "");
}

const noMatch = "a null labelSelector results in matching no pod";

function affinityWarnings({ affinity }: PodSpec, path: FieldPath): readonly string[] {
  return (["podAffinity", "podAntiAffinity"] as const).flatMap((field) => {
    const terms = affinity?.[field];
    const at = (list: string, i: number) => path.child(field, list).index(i);
    return [
      ...(terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, i) =>
        term.labelSelector
          ? []
          : [
              `${at("requiredDuringSchedulingIgnoredDuringExecution", i).child("labelSelector")}: ${noMatch}`,
            ],
      ),
      ...(terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(
        ({ podAffinityTerm }, i) =>
          podAffinityTerm?.labelSelector
            ? []
            : [
                `${at("preferredDuringSchedulingIgnoredDuringExecution", i).child("podAffinityTerm", "labelSelector")}: ${noMatch}`,
              ],
      ),
    ];
  });
}
