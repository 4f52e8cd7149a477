// Semantic versions in expressions. Source: apiserver pkg/cel/library/semver.go and
// github.com/blang/semver/v4, kubernetes v1.34.
import { type CelLibrary, declare, overload } from "../declaration.ts";
import { CelError, type CelValue, type OpaqueValue } from "../value.ts";

const type = "kubernetes.Semver";

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly prerelease: readonly string[];
}

class SemverValue implements OpaqueValue {
  readonly opaqueType = type;

  constructor(readonly version: Version) {}

  equals(other: CelValue): boolean {
    return other instanceof SemverValue && compareVersions(this.version, other.version) === 0;
  }
}

/** The version, or the library's words for what is wrong. */
function parseVersion(text: string): Version | string {
  if (text === "") return "Version string empty";
  const [numbers = "", ...rest] = text.split(/([-+].*)/s).filter((part) => part !== "");
  const parts = numbers.split(".");
  if (parts.length !== 3) return "No Major.Minor.Patch elements found";
  for (const [i, part] of parts.entries()) {
    const name = ["major", "minor", "patch"][i] ?? "";
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    if (!/^\d+$/.test(part))
      return `Invalid character(s) found in ${name} number ${JSON.stringify(part)}`;
    if (/^0\d/.test(part))
      return `${title} number must not contain leading zeroes ${JSON.stringify(part)}`;
  }
  const [, pre, build] = /^(?:-([^+]*))?(?:\+(.*))?$/s.exec(rest.join("")) ?? [];
  for (const part of [...(pre?.split(".") ?? []), ...(build?.split(".") ?? [])]) {
    if (part === "") return "Prerelease is empty";
    if (!/^[0-9A-Za-z-]+$/.test(part))
      return `Invalid character(s) found in prerelease ${JSON.stringify(part)}`;
  }
  const [major = 0n, minor = 0n, patch = 0n] = parts.map(BigInt);
  return { numbers: [major, minor, patch], prerelease: pre?.split(".") ?? [] };
}

/** "v1.2", "01.0": as written by people, brought into form. */
function normalized(text: string): string {
  const [core = "", rest = ""] = text.replace(/^v/, "").split(/([-+].*)/s);
  const parts = core.split(".").map((part) => part.replace(/^0+(?=\d)/, ""));
  while (parts.length < 3) parts.push("0");
  return parts.join(".") + rest;
}

function compareVersions(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) {
    const [left = 0n, right = 0n] = [a.numbers[i], b.numbers[i]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return Math.sign(b.length - a.length);
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = comparePart(a[i] ?? "", b[i] ?? "");
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

/** Numbers come before words. */
function comparePart(a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left && right) return BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0;
  if (left !== right) return left ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

function semver(text: string, isNormalized = false): SemverValue {
  const version = parseVersion(isNormalized ? normalized(text) : text);
  if (typeof version === "string") throw new CelError(version);
  return new SemverValue(version);
}

function isSemver(text: string, isNormalized = false): boolean {
  return typeof parseVersion(isNormalized ? normalized(text) : text) !== "string";
}

function number(name: string, i: 0 | 1 | 2) {
  return declare(
    name,
    overload(
      `semver_${name}`,
      `${type}.${name}() -> int`,
      ({ version }: SemverValue) => version.numbers[i],
    ),
  );
}

function comparison(name: string, id: string, result: string, read: (order: number) => CelValue) {
  return declare(
    name,
    overload(id, `${type}.${name}(${type}) -> ${result}`, (a: SemverValue, b: SemverValue) =>
      read(compareVersions(a.version, b.version)),
    ),
  );
}

export const semverLibrary: CelLibrary = {
  functions: [
    declare(
      "semver",
      overload("string_to_semver", `(string) -> ${type}`, semver),
      overload("string_bool_to_semver", `(string, bool) -> ${type}`, semver),
    ),
    declare(
      "isSemver",
      overload("is_semver_string", "(string) -> bool", isSemver),
      overload("is_semver_string_bool", "(string, bool) -> bool", isSemver),
    ),
    number("major", 0),
    number("minor", 1),
    number("patch", 2),
    comparison("isGreaterThan", "semver_is_greater_than", "bool", (order) => order > 0),
    comparison("isLessThan", "semver_is_less_than", "bool", (order) => order < 0),
    comparison("compareTo", "semver_compare_to", "int", (order) => BigInt(order)),
  ],
};
