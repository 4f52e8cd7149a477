// Reduces the field tables of Kubernetes' Go types to src/api/openapi/goStructs.json: for every field
// of every kind its protobuf number, JSON name, type, and whether Go has it by pointer or by value.
// Usage: node scripts/reduceGoStructs.mjs PROTOBUF-FIELDS.json K8S-IO-FOLDER
//   PROTOBUF-FIELDS.json  message → field → [number, type], from the generated.proto files of 1.34
//   K8S-IO-FOLDER         Go sources of k8s.io/api and k8s.io/apimachinery (Apache-2.0), which say
//                         what is a pointer; `newerGoTypes` has what they are too old to know
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { newerGoTypes } from "./newerGoTypes.mjs";

const [fieldsPath, sources] = process.argv.slice(2);
if (!fieldsPath || !sources)
  throw new Error("usage: node scripts/reduceGoStructs.mjs PROTOBUF-FIELDS.json K8S-IO-FOLDER");

const messages = JSON.parse(readFileSync(fieldsPath, "utf8"));
const structure = JSON.parse(
  readFileSync(new URL("../src/api/openapi/v1.34.json", import.meta.url), "utf8"),
);
const goStructs = new Map();
for (const group of readdirSync(join(sources, "api")))
  for (const [folder, version] of [
    ["v1alpha3", "v1"],
    ["v1beta1", "v1"],
    ["v1", "v1"],
    ["v2", "v2"],
  ])
    readGoPackage(join(sources, "api", group, folder), `${group}.${version}`);
readGoPackage(join(sources, "apimachinery/pkg/apis/meta/v1"), "meta.v1");
readNewer();

/** Messages that stand for something other than an object with their fields. */
const special = new Set([
  "api.resource.Quantity",
  "util.intstr.IntOrString",
  "meta.v1.Time",
  "meta.v1.MicroTime",
  "meta.v1.FieldsV1",
  "runtime.RawExtension",
  ...["", "SchemaPropsOrArray", "SchemaPropsOrBool", "SchemaPropsOrStringArray"].map(
    (rest) => `apiextensions.v1.JSON${rest}`,
  ),
  "authentication.v1.ExtraValue",
  "authorization.v1.ExtraValue",
  "certificates.v1.ExtraValue",
  "meta.v1.Verbs",
]);
const reduced = {};
const roots = [
  ...Object.values(structure.kinds).map(({ def }) => def),
  ..."Create Delete Get List Patch Update".split(" ").map((verb) => `meta.v1.${verb}Options`),
  ...["APIGroupList", "APIResourceList", "APIVersions", "WatchEvent"].map((n) => `meta.v1.${n}`),
  ..."meta.v1.Status meta.v1.PartialObjectMetadata meta.v1.ListMeta core.v1.Binding".split(" "),
  ..."core.v1.Endpoints core.v1.ComponentStatus policy.v1.Eviction autoscaling.v1.Scale".split(" "),
  ..."SelfSubjectReview TokenRequest TokenReview"
    .split(" ")
    .map((kind) => `authentication.v1.${kind}`),
  ...["LocalSubjectAccess", "SelfSubjectAccess", "SelfSubjectRules", "SubjectAccess"].map(
    (name) => `authorization.v1.${name}Review`,
  ),
];
const byShortName = new Map(Object.keys(messages).map((name) => [shortName(name), name]));
roots.forEach(reduce);
const comment =
  "Fields of Kubernetes v1.34's Go types (Apache-2.0), made by scripts/reduceGoStructs.mjs.";
const sorted = Object.fromEntries(Object.entries(reduced).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(
  new URL("../src/api/openapi/goStructs.json", import.meta.url),
  `${JSON.stringify({ $comment: comment, structs: sorted })}\n`,
);

/** "number name type", the type with "*" for a pointer, "[]" for a list, "{}" for a map. */
function reduce(name) {
  if (name in reduced || special.has(name)) return;
  const message = messages[byShortName.get(name)];
  if (!message) throw new Error(`no message ${name}`);
  reduced[name] = "";
  reduced[name] = Object.entries(message)
    .map(([field, [number, type]]) => reduceField({ message: name, field, number, type }))
    .join(",");
}

function reduceField({ message, field, number, type }) {
  const go = goStructs.get(`${message}.${number}`);
  if (!go) throw new Error(`nothing known of ${message}.${field} (${number} ${type})`);
  const list = type.startsWith("repeated ");
  const map = type.startsWith("map<");
  const plain = list ? type.slice("repeated ".length) : map ? type.slice(11, -1) : type;
  const element = plain.includes(".") ? shortName(plain) : plain;
  if (element.includes(".")) reduce(element);
  const shape = list ? "[]" : map ? "{}" : go.isPointer ? "*" : "";
  const kept = go.isOmitted ? "" : "!";
  return `${number} ${go.isInline ? "" : go.json} ${shape}${element}${kept}`;
}

function shortName(name) {
  const parts = name.split(".");
  return parts.slice(parts.at(-2) === "runtime" ? -2 : -3).join(".");
}

function readGoPackage(folder, name) {
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".go") || /generated|_test/.test(file)) continue;
    let struct;
    for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
      struct =
        /^type (\w+) struct \{/.exec(line)?.[1] ?? (line.startsWith("}") ? undefined : struct);
      const field = /^\t(?:\w+\s+)?(\S+)\s+`(.*)`/.exec(line);
      const number = /protobuf:"\w+,(\d+)/.exec(field?.[2])?.[1];
      if (!struct || number === undefined) continue;
      const [, type, tags] = field;
      const json = /json:"([^"]*)"/.exec(tags)?.[1] ?? "";
      const [jsonName, ...options] = json.split(",");
      goStructs.set(`${name}.${struct}.${number}`, {
        json: jsonName,
        isPointer: type.startsWith("*"),
        isOmitted: options.includes("omitempty"),
        isInline: jsonName === "",
      });
    }
  }
}

function readNewer() {
  for (const [struct, text] of Object.entries(newerGoTypes))
    for (const field of text.split(/\s+/)) {
      const [, mark, json, proto] = /^([*!]*)([^=]+)=?(.*)$/.exec(field);
      const message = Object.entries(messages).find(([name]) => shortName(name) === struct)?.[1];
      const number = message?.[proto || json]?.[0];
      if (number === undefined) throw new Error(`1.34 has no ${struct}.${field}`);
      goStructs.set(`${struct}.${number}`, {
        json,
        isPointer: mark.includes("*"),
        isOmitted: !mark.includes("!"),
        isInline: false,
      });
    }
}
