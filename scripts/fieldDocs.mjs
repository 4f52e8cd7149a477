// Gathers what Kubernetes says of its kinds and fields: the words from the typings of
// @kubernetes/client-node (made from Kubernetes 1.34, but with line breaks lost and without fields that
// are objects), breaks, enumerations and the rest from those of kubernetes-models (made from a newer one),
// and what neither has from kubernetes-types (made from an older one).
// The texts are Kubernetes' own (Apache-2.0). The build writes them beside the bundles; none is kept here.
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";

const root = join(import.meta.dirname, "..");
const packages = join(root, "node_modules");

/** @returns what src/api/openapi/documentation.ts reads. */
export function gatherFieldDocs() {
  const { definitions } = readJson("src/api/openapi/v1.34.json");
  const { structs } = readJson("src/api/openapi/goStructs.json");
  const clientNode = readClientNode();
  const models = readModels();
  const types = readTypes();
  const names = new Set([...Object.keys(definitions), ...Object.keys(structs)]);
  const gathered = [...names].flatMap((name) => {
    const properties = definitions[name]?.properties ?? {};
    const own = clientNode(name);
    const newer = models.get(modelName(name));
    const older = types.get(name);
    // The other groups were reworded after 1.34.
    const prefersNewer = /^(core|apps)\./.test(name);
    const known = definitions[name] ? [] : [...(newer?.keys() ?? []), ...(older?.keys() ?? [])];
    const fields = new Set([...Object.keys(properties), ...(own?.keys() ?? []), ...known]);
    fields.delete("");
    const texts = [...fields].flatMap((field) => {
      const text = merged(own?.get(field), {
        older: older?.get(field),
        newer: newer?.get(field),
        prefersNewer,
        values: properties[field]?.enum,
      });
      return text ? [[field, text]] : [];
    });
    const text = merged(own?.get(""), { older: older?.get(""), newer: newer?.get("") }) ?? "";
    return [[name, [text, Object.fromEntries(texts)]]];
  });
  const $comment =
    "Kubernetes' documentation of its API (Apache-2.0), gathered when this was built.";
  return { $comment, definitions: Object.fromEntries(gathered), parameters: readParameters() };
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

/** The same from kubernetes-types, whose files are called as the definitions: batch/v1.d.ts. */
function readTypes() {
  const folder = join(packages, "kubernetes-types");
  const types = new Map();
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith(".d.ts")) continue;
    const place = file.slice(0, -".d.ts".length).replaceAll(sep, ".");
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, doc, name, body = ""] of text.matchAll(
      /^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:interface|type) (\w+)(?: = |[^{]*\{\n([\s\S]*?)^\}$)/gm,
    )) {
      const fields = new Map([["", commentText(doc)]]);
      for (const [, fieldDoc, field] of body.matchAll(
        /^ {4}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n {4}"?([\w$-]+)"?\??:/gm,
      ))
        fields.set(field, commentText(fieldDoc));
      types.set(`${place}.${name}`, fields);
    }
  }
  return types;
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

/** The words of `own`, with the breaks of the others and what `newer` says of the values in `values`. */
function merged(own, { older, newer, prefersNewer = true, values = [] }) {
  const body = newer?.replace(enumeration, "");
  const isOwn = own !== undefined && (!ofType.test(own) || !(older || body));
  const others = prefersNewer ? [body, older] : [older, body];
  const text = isOwn ? withBreaks(own, others) : (others[0] ?? others[1]);
  const lines = (enumeration.exec(newer ?? "")?.[0] ?? "")
    .split("\n")
    .filter((line) => values.some((value) => line.startsWith(` - \`${JSON.stringify(value)}\``)));
  if (lines.length === 0) return text;
  return [...(text ? [text, ""] : []), "Possible enum values:", ...lines].join("\n");
}

/** Puts the space of `models` between each two words that stand beside each other in them as well. */
function withBreaks(text, models) {
  const spaces = new Map();
  for (const model of models.filter((each) => each !== undefined)) {
    const parts = model.split(/(\s+)/);
    for (let i = 0; i + 2 < parts.length; i += 2)
      spaces.set(`${parts[i]} ${parts[i + 2]}`, parts[i + 1]);
  }
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
