// Reduces Kubernetes' OpenAPI structure (JSON schema of the built-in kinds, without descriptions)
// to the two files the project keeps: the structure as data and the object types made from it.
// Usage: node scripts/reduceOpenapi.mjs k8s-1.34.structure.json [apis_GROUP_VERSION.json...]
// Documents of /openapi/v3 add the kinds that the structure lacks. The structure comes from kube-apiserver 1.34's /openapi/v3 (Kubernetes, Apache-2.0).
import { readFileSync, writeFileSync } from "node:fs";

const [source, ...documents] = process.argv.slice(2);
if (!source)
  throw new Error("usage: node scripts/reduceOpenapi.mjs STRUCTURE.json [OPENAPI.json...]");
const { kinds, definitions } = JSON.parse(readFileSync(source, "utf8"));
for (const document of documents) addKinds(JSON.parse(readFileSync(document, "utf8")));

const structurePath = new URL("../src/api/openapi/v1.34.json", import.meta.url);
const note =
  "Structure of Kubernetes v1.34's built-in kinds, from kube-apiserver's OpenAPI v3 (Apache-2.0).";
writeFileSync(structurePath, `${JSON.stringify({ $comment: note, kinds, definitions })}\n`);

/** The resources of a group's document, and what they are made of. */
function addKinds({ paths, components: { schemas } }) {
  for (const [path, item] of Object.entries(paths)) {
    const match = /^\/apis\/([^/]+)\/([^/]+)\/(namespaces\/\{namespace\}\/)?([^/]+)$/.exec(path);
    const target = item.post?.["x-kubernetes-group-version-kind"];
    if (!match || !target) continue;
    const [, group, version, namespaced, plural] = match;
    const name = Object.keys(schemas).find((key) => key.endsWith(`.${version}.${target.kind}`));
    kinds[`${group}/${version}/${target.kind}`] ??= {
      def: shortDefinition(name),
      plural,
      namespaced: namespaced !== undefined,
    };
    addDefinition(name, schemas);
  }
}

function addDefinition(name, schemas) {
  if (definitions[shortDefinition(name)]) return;
  definitions[shortDefinition(name)] = reduced(schemas[name]);
  for (const reference of JSON.stringify(schemas[name]).matchAll(
    /#\/components\/schemas\/([^"]+)/g,
  ))
    addDefinition(reference[1], schemas);
}

/** io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService → apiregistration.v1.APIService. */
function shortDefinition(name) {
  return name.split(".").slice(-3).join(".");
}

/** A schema without descriptions and in the structure's manner: references bare, empty defaults gone. */
function reduced(schema) {
  if (Array.isArray(schema)) return schema.map(reduced);
  if (typeof schema !== "object" || schema === null) return schema;
  if (schema.allOf?.length === 1 && schema.allOf[0].$ref) return reduced(schema.allOf[0]);
  if (schema.$ref) return { $ref: `#/definitions/${shortDefinition(schema.$ref)}` };
  const dropped = ["description", "default", "x-kubernetes-group-version-kind"];
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !dropped.includes(key))
      .map(([key, value]) => [key, key === "properties" ? reducedEach(value) : reduced(value)]),
  );
}

function reducedEach(properties) {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, reduced(value)]),
  );
}

/** core.v1.PodSpec → PodSpec, unless two groups share the name: then EventsV1Event. */
const shortNames = nameDefinitions(Object.keys(definitions));
const body = Object.entries(definitions)
  .map(([name, definition]) => declaration(name, definition))
  .join("\n");
writeFileSync(
  new URL("../src/api/types.ts", import.meta.url),
  `// Object types of Kubernetes v1.34, made by scripts/reduceOpenapi.mjs: do not edit.\n\n${body}`,
);

function nameDefinitions(names) {
  const last = (name) => name.split(".").at(-1);
  const preferred = new Map();
  for (const name of names)
    if (!preferred.has(last(name)) || name.startsWith("core.")) preferred.set(last(name), name);
  preferred.set("HorizontalPodAutoscaler", "autoscaling.v2.HorizontalPodAutoscaler");
  return new Map(
    names.map((name) => [
      name,
      preferred.get(last(name)) === name
        ? last(name)
        : name
            .split(".")
            .map((part) => part[0].toUpperCase() + part.slice(1))
            .join(""),
    ]),
  );
}

function declaration(name, definition) {
  const typeName = shortNames.get(name);
  if (!definition.properties) return `export type ${typeName} = ${typeOf(definition)};\n`;
  const isKind = "metadata" in definition.properties && "kind" in definition.properties;
  const required = new Set(definition.required ?? []);
  if (isKind) for (const field of ["apiVersion", "kind", "metadata", "spec"]) required.add(field);
  if (typeName === "ObjectMeta") required.add("name");
  const fields = Object.entries(definition.properties).map(
    ([field, schema]) =>
      `  readonly ${key(field)}${required.has(field) ? "" : "?"}: ${typeOf(schema)};`,
  );
  return `export interface ${typeName} {\n${fields.join("\n")}\n}\n`;
}

function typeOf(schema) {
  if (schema.$ref) return shortNames.get(schema.$ref.split("/").at(-1));
  if (schema.allOf) return schema.allOf.map(typeOf).join(" & ");
  if (schema.oneOf) return [...new Set(schema.oneOf.map(typeOf))].join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema["x-kubernetes-int-or-string"]) return "number | string";
  if (schema.type === "array") return `readonly ${wrap(typeOf(schema.items ?? {}))}[]`;
  if (schema.type === "object" || schema.additionalProperties)
    return `Readonly<Record<string, ${schema.additionalProperties ? typeOf(schema.additionalProperties) : "unknown"}>>`;
  return (
    { string: "string", integer: "number", number: "number", boolean: "boolean" }[schema.type] ??
    "unknown"
  );
}

function wrap(text) {
  return /[ |&]/.test(text) ? `(${text})` : text;
}

function key(field) {
  return /^[A-Za-z_$][\w$]*$/.test(field) ? field : JSON.stringify(field);
}
