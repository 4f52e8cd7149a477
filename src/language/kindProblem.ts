// Which kinds a server knows, and what kubectl says of those it does not.
import { FieldPath } from "../api/fieldPath.ts";
import { structure } from "../api/openapi/structure.ts";
import type { Range } from "../base/yaml/yamlTree.ts";
import { missingKindText } from "./kindText.ts";
import type { ManifestDocument } from "./manifest.ts";
import type { Hint, Problem } from "./problem.ts";
import { problemRange } from "./problemRange.ts";
import { similarName } from "./similarName.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** Why no server would know what to do with an object; undefined if one would. */
export function kindProblem(
  document: ManifestDocument,
  fields: Fields,
  text: string,
): Problem | undefined {
  const { kind, apiVersion } = fields;
  const at = (field: string): Range => problemRange(document, FieldPath.of(field), text);
  if (typeof kind !== "string" || kind === "")
    return {
      ...at("kind"),
      severity: "error",
      message: missingKindText(fields),
      source: "kind",
      code: "missingKind",
      path: "kind",
    };
  const version = typeof apiVersion === "string" ? apiVersion : "";
  if (structure.kinds[`${version}/${kind}`] || isList(fields)) return undefined;
  if (version !== "" && !isBuiltInGroup(version)) return undefined;
  const versions = versionsOf(kind);
  const field = versions.length > 0 ? "apiVersion" : "kind";
  const hint = kindHint(kind, versions);
  return {
    ...at(field),
    severity: "error",
    message: `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(version)}`,
    source: "kind",
    code: "unknownKind",
    path: field,
    ...(hint ? { hint } : {}),
  };
}

const kindKeys = Object.keys(structure.kinds);
const kindNames = [...new Set(kindKeys.map((key) => key.slice(key.lastIndexOf("/") + 1)))];
const builtInVersions = new Set(kindKeys.map((key) => key.slice(0, key.lastIndexOf("/"))));
const builtInGroups = new Set([...builtInVersions].map(groupOf));

/** True for v1 List, and for lists of one kind such as v1 PodList: kubectl sends their items. */
export function isList({ apiVersion, kind }: Fields): boolean {
  if (apiVersion === "v1" && kind === "List") return true;
  return (
    typeof kind === "string" &&
    kind.endsWith("List") &&
    Boolean(structure.kinds[`${String(apiVersion)}/${kind.slice(0, -"List".length)}`])
  );
}

/** Custom resources may be served elsewhere: only groups of Kubernetes' own are judged. */
function isBuiltInGroup(apiVersion: string): boolean {
  const group = groupOf(apiVersion);
  return builtInGroups.has(group) || !group.includes(".");
}

function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}

function versionsOf(kind: string): string[] {
  return [...builtInVersions].filter((version) => structure.kinds[`${version}/${kind}`]);
}

function kindHint(kind: string, versions: readonly string[]): Hint | undefined {
  const [version] = versions;
  if (version !== undefined) return { key: "hint.apiVersion", args: [kind, versions.join(", ")] };
  const similar = similarName(kind, kindNames);
  return similar === undefined ? undefined : { key: "hint.didYouMean", args: [similar] };
}
