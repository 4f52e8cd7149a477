// The structure of kinds that are not built in, as definitions of the workspace or the cluster give it.
import { isIntOrString, itemsOf, sortedProperties, valuesOf } from "../api/crd/jsonSchema.ts";
import { ResourceSchema } from "../api/crd/resourceSchema.ts";
import { definitionNode, type SchemaNode, type StructNode } from "../api/openapi/compiled.ts";
import type { CustomResourceDefinition, JSONSchemaProps } from "../api/types.ts";
import { objectsOf } from "./fields.ts";
import { judge } from "./judge.ts";
import { parseManifest } from "./manifest.ts";

/** What is known of one kind in one version. */
export interface CustomKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly schema: ResourceSchema;
  /** The same structure as the built-in kinds have it. */
  readonly node: StructNode;
  /** The schema of one of its structs, by the name of its definition. */
  struct(definition: string): JSONSchemaProps | undefined;
}

export interface CustomKinds {
  find(apiVersion: string, kind: string): CustomKind | undefined;
  readonly all: readonly CustomKind[];
}

/**
 * The kinds that these definitions make. Versions without a schema are left out: nothing is known of
 * their objects. Where two define the same, the earlier counts.
 */
export function customKindsOf(definitions: readonly CustomResourceDefinition[]): CustomKinds {
  const kinds = new Map<string, CustomKind>();
  for (const { spec } of definitions)
    for (const version of spec.versions) {
      const apiVersion = `${spec.group}/${version.name}`;
      const { kind } = spec.names;
      const key = keyOf(apiVersion, kind);
      if (!version.served || !version.schema?.openAPIV3Schema || kinds.has(key)) continue;
      const namespaced = spec.scope === "Namespaced";
      const schema = new ResourceSchema({ apiVersion, kind, namespaced, version });
      const structs = new Structs(key);
      const node = structs.root(schema.schema);
      const struct = (definition: string) => structs.of(definition);
      kinds.set(key, { apiVersion, kind, namespaced, schema, node, struct });
    }
  return {
    find: (apiVersion, kind) => kinds.get(keyOf(apiVersion, kind)),
    all: [...kinds.values()],
  };
}

/** The definitions in a text that the server would take. */
export function definitionsIn(text: string): readonly CustomResourceDefinition[] {
  if (!text.includes("CustomResourceDefinition")) return [];
  return parseManifest(text)
    .flatMap(objectsOf)
    .filter(({ fields }) => fields?.kind === "CustomResourceDefinition")
    .flatMap((document) => {
      const judged = judge(document);
      const isGood = judged?.errors.length === 0 && judged.problems.length === 0;
      return isGood ? [judged.object as unknown as CustomResourceDefinition] : [];
    });
}

function keyOf(apiVersion: string, kind: string): string {
  return `${apiVersion}/${kind}`;
}

/** Turns schemas into structure, and remembers which struct came of which. */
class Structs {
  private readonly schemas = new Map<string, JSONSchemaProps>();

  constructor(private readonly kind: string) {}

  root(schema: JSONSchemaProps): StructNode {
    const { properties, ...node } = this.struct(schema, "");
    const metadata = definitionNode("meta.v1.ObjectMeta");
    const text: SchemaNode = { type: "string", goType: "string" };
    const own = new Map(properties);
    for (const name of ["apiVersion", "kind"]) own.set(name, text);
    return { ...node, properties: own.set("metadata", metadata) };
  }

  of(definition: string): JSONSchemaProps | undefined {
    return this.schemas.get(definition);
  }

  private struct(schema: JSONSchemaProps, path: string): StructNode {
    const definition = `${this.kind}#${path}`;
    this.schemas.set(definition, schema);
    return {
      type: "struct",
      goType: "object",
      definition,
      properties: new Map(
        sortedProperties(schema).map(([name, property]) => [
          name,
          this.node(property, `${path}.${name}`),
        ]),
      ),
      alwaysPresent: [],
      omittedWhenZero: new Set(),
      printedZeros: [],
    };
  }

  private node(schema: JSONSchemaProps, path: string): SchemaNode {
    if (isIntOrString(schema)) return { type: "intOrString", goType: "int32" };
    const values = valuesOf(schema);
    const items = itemsOf(schema);
    if (schema.type === "array" && items) {
      const element = this.node(items, `${path}[]`);
      return { type: "list", goType: `[]${element.goType}`, element };
    }
    if (schema.properties) return this.struct(schema, path);
    if (values) {
      const value = this.node(values, `${path}{}`);
      return { type: "map", goType: `map[string]${value.goType}`, value };
    }
    return scalars[schema.type ?? ""] ?? { type: "any", goType: "interface {}" };
  }
}

const scalars: Readonly<Record<string, SchemaNode>> = {
  string: { type: "string", goType: "string" },
  boolean: { type: "bool", goType: "bool" },
  integer: { type: "int64", goType: "int64" },
  number: { type: "double", goType: "float64" },
};
