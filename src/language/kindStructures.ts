// What is known of the fields of kinds: of the built-in ones from Kubernetes' own structure, of others
// from the definitions that the workspace and the cluster have.
import { kindNode, type StructNode } from "../api/openapi/compiled.ts";
import { structure } from "../api/openapi/structure.ts";
import type { CustomKinds } from "./customKinds.ts";

export interface FieldFacts {
  /** All texts that the field may be; empty where any may. */
  readonly choices: readonly string[];
  /** The same of the items of a list. */
  readonly itemChoices: readonly string[];
  readonly isRequired: boolean;
  /** True if the server fills it in where the text leaves it out. */
  readonly hasDefault: boolean;
  /** Its definition's own words; absent of built-in kinds, whose words are in the documentation. */
  readonly description?: string;
}

/** The part of a JSON schema that says something of a struct's fields; both kinds of schema have it. */
interface StructSchema {
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
}

interface FieldSchema {
  readonly enum?: readonly unknown[];
  readonly items?: unknown;
  readonly default?: unknown;
  readonly description?: string;
}

const builtIn = Object.keys(structure.kinds).map((key) => {
  const slash = key.lastIndexOf("/");
  return { apiVersion: key.slice(0, slash), kind: key.slice(slash + 1) };
});

export class KindStructures {
  constructor(private readonly custom?: CustomKinds) {}

  get kinds(): readonly { readonly apiVersion: string; readonly kind: string }[] {
    return [...builtIn, ...(this.custom?.all ?? [])];
  }

  node(apiVersion: string, kind: string): StructNode | undefined {
    return kindNode(apiVersion, kind) ?? this.custom?.find(apiVersion, kind)?.node;
  }

  facts(definition: string, field: string): FieldFacts {
    const { required = [], properties = {} } = this.schema(definition);
    const schema: FieldSchema = properties[field] ?? {};
    return {
      choices: textsIn(schema),
      itemChoices: textsIn((schema.items ?? {}) as FieldSchema),
      isRequired: required.includes(field),
      hasDefault: schema.default !== undefined,
      ...(schema.description === undefined ? {} : { description: schema.description }),
    };
  }

  private schema(definition: string): StructSchema {
    const own = structure.definitions[definition];
    if (own) return own;
    for (const kind of this.custom?.all ?? []) {
      const found = kind.struct(definition);
      if (found) return found as StructSchema;
    }
    return {};
  }
}

function textsIn({ enum: choices = [] }: FieldSchema): readonly string[] {
  return choices.filter((choice) => typeof choice === "string" && choice !== "") as string[];
}
