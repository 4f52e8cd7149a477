// What a namespace's labels ask of the Pods in it.
// Source: pod-security-admission api/helpers.go and constants.go, 1.34.
import { type FieldError, invalid } from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";

/** From loose to strict. */
const levels = ["privileged", "baseline", "restricted"] as const;

export type PodSecurityLevel = (typeof levels)[number];

export const latest = "latest";

export interface LevelVersion {
  readonly level: PodSecurityLevel;
  /** A minor version of Kubernetes 1. */
  readonly version: number | typeof latest;
}

export interface PodSecurityPolicy {
  readonly enforce: LevelVersion;
  readonly audit: LevelVersion;
  readonly warn: LevelVersion;
}

type Labels = Readonly<Record<string, string>>;

const prefix = "pod-security.kubernetes.io/";

/**
 * A policy comes back in any case. Labels that cannot be understood are errors, and mean: enforce what
 * is strictest, and leave out audits and warnings.
 */
export function policyOf(labels: Labels = {}): {
  readonly policy: PodSecurityPolicy;
  readonly errors: readonly FieldError[];
} {
  const errors: FieldError[] = [];
  const read = (mode: keyof PodSecurityPolicy): LevelVersion => ({
    level: readLevel(labels, mode, errors),
    version: readVersion(labels, mode, errors),
  });
  const enforce = read("enforce");
  const isEnforceGood = labels[`${prefix}enforce`] !== undefined && errors.every(isAboutVersion);
  const audit = read("audit");
  const warn = read("warn");
  // Whoever enforces a level wants to hear of it in time: workloads are warned as their Pods are refused.
  const follows =
    labels[`${prefix}warn`] === undefined && isEnforceGood && isStricter(enforce, warn);
  const versionOf = labels[`${prefix}warn-version`] === undefined ? enforce : warn;
  const warned = follows ? { level: enforce.level, version: versionOf.version } : warn;
  return { policy: { enforce, audit, warn: warned }, errors };
}

function isAboutVersion({ path }: FieldError): boolean {
  return path.toString().includes("-version");
}

function readLevel(
  labels: Labels,
  mode: keyof PodSecurityPolicy,
  errors: FieldError[],
): PodSecurityLevel {
  const key = prefix + mode;
  const value = labels[key];
  if (value === undefined) return "privileged";
  const known = levels.find((level) => level === value);
  if (known) return known;
  errors.push(invalid(pathOf(key), value, `must be one of ${levels.join(", ")}`));
  return mode === "enforce" ? "restricted" : "privileged";
}

function readVersion(
  labels: Labels,
  mode: keyof PodSecurityPolicy,
  errors: FieldError[],
): LevelVersion["version"] {
  const key = `${prefix}${mode}-version`;
  const value = labels[key];
  if (value === undefined || value === latest) return latest;
  const [, minor] = /^v1\.(0|[1-9][0-9]*)$/.exec(value) ?? [];
  if (minor !== undefined) return Number(minor);
  errors.push(invalid(pathOf(key), value, 'must be "latest" or "v1.x"'));
  return latest;
}

function pathOf(label: string): FieldPath {
  return FieldPath.of("metadata", "labels").key(label);
}

/** "restricted:latest", "baseline:v1.28". */
export function levelVersionText({ level, version }: LevelVersion): string {
  return `${level}:${version === latest ? latest : `v1.${version}`}`;
}

export function isSame(a: LevelVersion, b: LevelVersion): boolean {
  return a.level === b.level && a.version === b.version;
}

export function isStricter(a: LevelVersion, b: LevelVersion): boolean {
  return levels.indexOf(a.level) > levels.indexOf(b.level);
}
