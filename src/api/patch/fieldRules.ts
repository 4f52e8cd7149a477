// What field management knows of a kind, taken from its description and its published structure.
import type { Kind, KindRegistry, Subresource } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import { emptyObject } from "../openapi/emptyObject.ts";
import { kindSchema, type OpenApiSchema } from "../openapi/structure.ts";
import { decode } from "../schema.ts";
import { deducedType, type FieldType, fieldTypeOf } from "./managedFields/fieldType.ts";
import { fieldFilterOf } from "./managedFields/resetFields.ts";
import type { Json } from "./managedFields/typedValue.ts";
import type { FieldRules } from "./serverSideApply.ts";

/** The rules for writes to a resource, or to one of its subresources that takes the whole object. */
export function fieldRulesOf(
  kind: Kind,
  kinds: KindRegistry,
  subresource?: Subresource,
): FieldRules {
  const { apiVersion, gvk } = kind;
  const version = (wanted: string): Kind | undefined => {
    if (wanted === apiVersion) return kind;
    const other = kinds.forObject(wanted, gvk.kind);
    return other && storageOf(other) === storageOf(kind) ? other : undefined;
  };
  return {
    apiVersion,
    kind: gvk.kind,
    ...(subresource === undefined ? {} : { subresource }),
    emptyObject: emptyObject(apiVersion, gvk.kind) ?? { apiVersion, kind: gvk.kind },
    resets: fieldFilterOf(kind, subresource),
    typeOf: (wanted) => {
      const found = version(wanted);
      return found && fieldType(found);
    },
    convert: (object, from, to) => convert(object, version(from), version(to)),
  };
}

function storageOf(kind: Kind): Kind {
  return kind.storedAs?.kind ?? kind;
}

/** Through the stored form. What is merged or pruned is made an object first: conversions rely on that. */
function convert(object: Json, from: Kind | undefined, to: Kind | undefined): Json {
  if (!from || !to) return object;
  const given = decode(object, from.apiVersion, from.gvk.kind)?.object ?? asKubeObject(object);
  const stored = from.storedAs?.toStored(given) ?? given;
  return { ...(to.storedAs?.fromStored(stored) ?? stored) };
}

function asKubeObject(object: Json): KubeObject {
  return object as unknown as KubeObject;
}

const types = new WeakMap<Kind, FieldType>();

function fieldType(kind: Kind): FieldType {
  const known = types.get(kind);
  if (known) return known;
  const made = makeType(kind);
  types.set(kind, made);
  return made;
}

/** Without a schema the type is deduced from what is there. */
function makeType({ apiVersion, gvk, openApiSchema }: Kind): FieldType {
  const builtIn = kindSchema(apiVersion, gvk.kind);
  if (builtIn) return fieldTypeOf(builtIn);
  return openApiSchema ? fieldTypeOf(withObjectFields(openApiSchema)) : deducedType;
}

/** A custom resource's schema says nothing of the fields that all objects have, it and those within it. */
function withObjectFields(schema: OpenApiSchema): OpenApiSchema {
  const complete = withInnerFields(schema);
  return {
    ...complete,
    properties: {
      ...complete.properties,
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { $ref: "#/definitions/meta.v1.ObjectMeta" },
    },
  };
}

function withInnerFields(schema: OpenApiSchema): OpenApiSchema {
  const { properties = {}, items, additionalProperties } = schema;
  const inner = (each: OpenApiSchema): OpenApiSchema =>
    each["x-kubernetes-embedded-resource"] ? withObjectFields(each) : withInnerFields(each);
  const named = Object.entries(properties).map(([name, each]) => [name, inner(each)]);
  return {
    ...schema,
    ...(named.length > 0 ? { properties: Object.fromEntries(named) } : {}),
    ...(items ? { items: inner(items) } : {}),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: inner(additionalProperties) }
      : {}),
  };
}
