// Gathers what Kubernetes says of its kinds and fields: the words from the typings of
// @kubernetes/client-node (made from Kubernetes 1.34, but with line breaks lost and without fields that
// are objects), breaks, enumerations and the rest from those of kubernetes-models (made from a newer one).
// The texts are Kubernetes' own (Apache-2.0). The build writes them beside the bundles; none is kept here.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const packages = join(root, "node_modules");

/** @returns what src/api/openapi/documentation.ts reads. */
export function gatherFieldDocs() {
  const { definitions } = readJson("src/api/openapi/v1.34.json");
  const { structs } = readJson("src/api/openapi/goStructs.json");
  const clientNode = readClientNode();
  const models = readModels();
  const names = new Set([...Object.keys(definitions), ...Object.keys(structs)]);
  const gathered = [...names].flatMap((name) => {
    const properties = definitions[name]?.properties ?? {};
    const own = clientNode(name);
    const newer = models.get(modelName(name));
    if (!own && !newer) return [];
    const known = definitions[name] ? [] : [...(newer?.keys() ?? [])];
    const fields = new Set([...Object.keys(properties), ...(own?.keys() ?? []), ...known]);
    fields.delete("");
    const texts = [...fields].flatMap((field) => {
      const text = merged(own?.get(field), newer?.get(field), properties[field]?.enum);
      return text ? [[field, text]] : [];
    });
    const text = merged(own?.get(""), newer?.get("")) ?? "";
    return [[name, [text, { ...typeMeta(own, fields), ...Object.fromEntries(texts) }]]];
  });
  return { definitions: Object.fromEntries(gathered), parameters: readParameters() };
}

function typeMeta(own, fields) {
  const pick = ["apiVersion", "kind"].filter((name) => fields.has(name) && own?.has(name));
  return Object.fromEntries(pick.map((name) => [name, own.get(name)]));
}

/** Texts by field, that of the class under "". */
function readClientNode() {
  const folder = join(packages, "@kubernetes/client-node/dist/gen/models");
  const classes = new Map();
  for (const file of readdirSync(folder)) {
    if (!file.endsWith(".d.ts")) continue;
    const text = readFileSync(join(folder, file), "utf8");
    const fields = new Map();
    const head = /\/\*\*\n\* ([^\n]*)\n\*\/\nexport declare class/.exec(text);
    if (head) fields.set("", unescapeText(head[1]));
    for (const [, doc, name] of text.matchAll(
      /^ {4}\/\*\*\n {4}\* ([^\n]*)\n {4}\*\/\n {4}'([^']+)'/gm,
    ))
      fields.set(name.replace(/^_/, ""), unescapeText(doc));
    classes.set(file.slice(0, -".d.ts".length), fields);
  }
  return (definition) => {
    const [group, version, kind] = definition.split(".").map(capitalized);
    return classes.get(`${group}${version}${kind}`) ?? classes.get(`${version}${kind}`);
  };
}

function unescapeText(text) {
  return text.replace(/\\(['"\\])/g, "$1").replace(/\*\\\//g, "*/");
}

/** The same from kubernetes-models, by the names that it gives to definitions. */
function readModels() {
  const models = new Map();
  for (const folder of ["kubernetes-models", "@kubernetes-models/apimachinery"])
    for (const file of readdirSync(join(packages, folder), { recursive: true })) {
      if (!file.endsWith(".d.ts") || file.includes("_schemas")) continue;
      const text = readFileSync(join(packages, folder, file), "utf8");
      const name = /export type \{[^}]* as I?(IoK8s\w+)/.exec(text)?.[1];
      if (name) models.set(name, readModel(text));
    }
  return models;
}

function readModel(text) {
  const fields = new Map();
  const head = /\/\*\*\n((?: \*[^\n]*\n)+) \*\/\nexport (?:interface|type)/.exec(text);
  if (head) fields.set("", commentText(head[1]));
  const [declaration] = text.split("export declare class");
  for (const [, doc, name] of declaration.matchAll(
    /^ {4}\/\*\*\n((?: {5}\*[^\n]*\n)+) {5}\*\/\n {4}"([^"]+)"/gm,
  ))
    fields.set(name, commentText(doc));
  return fields;
}

function commentText(comment) {
  return comment
    .replace(/^ *\* ?/gm, "")
    .replace(/\n@deprecated\s*$/, "")
    .replace(/\\\*/g, "*")
    .replace(/\*\\\//g, "*/")
    .trim();
}

/** core.v1.Pod → IoK8sApiCoreV1Pod. */
function modelName(definition) {
  const [first] = definition.split(".");
  const places = {
    meta: "ApimachineryPkgApis",
    api: "ApimachineryPkg",
    util: "ApimachineryPkg",
    runtime: "ApimachineryPkg",
    apiextensions: "ApiextensionsApiserverPkgApis",
    apiregistration: "KubeAggregatorPkgApis",
  };
  return `IoK8s${places[first] ?? "Api"}${definition.split(".").map(capitalized).join("")}`;
}

/** What client-node says of a field when it means the field's type. */
const ofType = /^(?:IntOrString is a type that|MicroTime is version of)/;
const enumeration = /(?:\n\n|^)Possible enum values:\n[\s\S]*$/;

/** The words of `own`, with the breaks of `newer` and what it says of the values in `values`. */
function merged(own, newer, values = []) {
  if (newer === undefined) return own;
  const body = newer.replace(enumeration, "");
  const isOwn = own !== undefined && (!ofType.test(own) || body === "");
  const text = isOwn ? withBreaks(own, body) : body;
  const lines = (enumeration.exec(newer)?.[0] ?? "")
    .split("\n")
    .filter((line) => values.some((value) => line.startsWith(` - \`${JSON.stringify(value)}\``)));
  if (lines.length === 0) return text;
  return [...(text ? [text, ""] : []), "Possible enum values:", ...lines].join("\n");
}

/** Puts the space of `model` between each two words that stand beside each other in it as well. */
function withBreaks(text, model) {
  const spaces = new Map();
  const parts = model.split(/(\s+)/);
  for (let i = 0; i + 2 < parts.length; i += 2)
    spaces.set(`${parts[i]} ${parts[i + 2]}`, parts[i + 1]);
  const words = text.split(/(\s+)/);
  const breakBetween = (before, after, space) => {
    const found = spaces.get(`${before} ${after}`) ?? space;
    return found.includes("\n") ? found : space;
  };
  return words
    .map((part, i) => (i % 2 === 0 ? part : breakBetween(words[i - 1], words[i + 1], part)))
    .join("");
}

/** What the typings say of the parameters that all resources share. */
function readParameters() {
  const file = join(packages, "@kubernetes/client-node/dist/gen/types/ObjectParamAPI.d.ts");
  const parameters = {};
  for (const [, doc, name] of readFileSync(file, "utf8").matchAll(
    /\/\*\*\n\s+\* ([^\n]*)\n(?:\s+\*[^\n]*\n)*?\s+\*\/\n\s+(\w+)\??:/g,
  ))
    if (!/^(name of the|body|@)/.test(doc))
      parameters[name.replace(/^_/, "")] ??= unescapeHtml(doc);
  return parameters;
}

function unescapeHtml(text) {
  return text.replace(
    /\\?&(?:#39|quot|#x60|lt|gt|amp|#x3D);/g,
    (escaped) => htmlCharacters[escaped.replace("\\", "")],
  );
}

const htmlCharacters = {
  "&#39;": "'",
  "&quot;": '"',
  "&#x60;": "`",
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&#x3D;": "=",
};

function capitalized(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}
