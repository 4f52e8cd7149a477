// OpenAPI: what the kinds' objects and URLs look like, for clients that explain, check and patch.
// Documents are made when they are first asked for, and again after a kind has come or gone.
// Source: kube-openapi pkg/{builder,builder3,handler,handler3}, 1.34.

import type { Kind, KindRegistry } from "../../api/kind.ts";
import type { Documentation } from "../../api/openapi/documentation.ts";
import { isCustom } from "./discovery/servedResource.ts";
import { customDefinitions } from "./openapi/customDefinitions.ts";
import { DefinitionPublisher, type Dialect, fullName, type Json } from "./openapi/definitions.ts";
import { encodeOldDocument } from "./openapi/gnostic.ts";
import { listDefinition, withKinds } from "./openapi/kindDefinitions.ts";
import { listSchemaName, pathItems } from "./openapi/operations.ts";
import { oldPaths, paths } from "./openapi/writePaths.ts";

/** A document as it is sent. */
export interface OpenApiDocument {
  readonly text: string;
  /** Changes with the text. */
  readonly hash: string;
}

export interface OpenApiWorld {
  readonly kinds: KindRegistry;
  readonly documentation: Documentation;
  /** "v1.34.2". */
  readonly version: string;
  /** The SHA-512 of a text in upper-case hexadecimal digits. */
  digest(text: string): string;
}

export class OpenApi {
  private readonly documents = new Map<string, OpenApiDocument>();

  constructor(private readonly world: OpenApiWorld) {
    world.kinds.onChanged(() => this.documents.clear());
  }

  /** The body of /openapi/v3: where the documents of the group versions are. */
  index(): OpenApiDocument {
    return this.remembered("", () => ({
      paths: Object.fromEntries(
        this.places().map((place) => {
          const hash = this.document(place)?.hash ?? "";
          return [place, { serverRelativeURL: `/openapi/v3/${place}?hash=${hash}` }];
        }),
      ),
    }));
  }

  /** The document of "api/v1" or "apis/apps/v1"; undefined for a group version that is not served. */
  document(place: string): OpenApiDocument | undefined {
    const kinds = this.byPlace().get(place);
    return kinds && this.remembered(place, () => this.build(kinds));
  }

  /** The body of /openapi/v2: everything in one. */
  oldDocument(): OpenApiDocument {
    return this.remembered("v2", () => ({
      swagger: "2.0",
      info: { title: "Kubernetes", version: this.world.version },
      paths: oldPaths([...this.world.kinds].flatMap(pathItems), this.world.documentation),
      definitions: this.definitions([...this.world.kinds], "v2"),
      securityDefinitions: {
        BearerToken: {
          description: "Bearer Token authentication",
          type: "apiKey",
          name: "authorization",
          in: "header",
        },
      },
      security: [{ BearerToken: [] }],
    }));
  }

  /** The same for clients that are older still. */
  oldDocumentAsProtobuf(): Uint8Array {
    return encodeOldDocument(JSON.parse(this.oldDocument().text));
  }

  private places(): readonly string[] {
    return [...this.byPlace().keys()].sort();
  }

  private byPlace(): ReadonlyMap<string, readonly Kind[]> {
    return Map.groupBy(this.world.kinds, ({ gvk, apiVersion }) =>
      gvk.group === "" ? `api/${apiVersion}` : `apis/${apiVersion}`,
    );
  }

  private build(kinds: readonly Kind[]): Json {
    return {
      openapi: "3.0.0",
      info: { title: "Kubernetes", version: this.world.version },
      paths: paths(kinds.flatMap(pathItems), this.world.documentation),
      components: {
        schemas: this.definitions(kinds, "v3"),
        securitySchemes: {
          BearerToken: {
            type: "apiKey",
            description: "Bearer Token authentication",
            name: "authorization",
            in: "header",
          },
        },
      },
    };
  }

  /** The schemas of kinds, and all that these are made of. */
  private definitions(kinds: readonly Kind[], dialect: Dialect): Json {
    const { documentation } = this.world;
    const publisher = new DefinitionPublisher(dialect, documentation);
    const schemas = new Map<string, Json>();
    const asked = new Set<string>(shared);
    for (const kind of kinds.filter(isCustom))
      for (const [name, schema] of customDefinitions(kind, { dialect, documentation }))
        schemas.set(name, schema);
    const builtIn = kinds.filter((kind) => !isCustom(kind));
    for (const kind of builtIn) asked.add(definitionOf(kind));
    for (const kind of kinds) for (const part of partDefinitions(kind)) asked.add(part);
    // A set that is added to while one walks it is walked to its end.
    for (const definition of asked) {
      const published = publisher.publish(definition);
      if (!published) continue;
      schemas.set(fullName(definition), withKinds(definition, published.schema));
      for (const used of published.uses) asked.add(used);
    }
    for (const kind of builtIn.filter(({ verbs }) => verbs.includes("list")))
      schemas.set(listSchemaName(kind), listDefinition(kind, { dialect, documentation }));
    schemas.set(fullName("meta.v1.Patch"), { type: "object" });
    return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private remembered(key: string, make: () => Json): OpenApiDocument {
    const known = this.documents.get(key);
    if (known) return known;
    const text = JSON.stringify(make());
    const made = { text, hash: this.world.digest(text) };
    this.documents.set(key, made);
    return made;
  }
}

/** What every document has. */
const shared = ["DeleteOptions", "ListMeta", "ObjectMeta", "Status", "WatchEvent"].map(
  (name) => `meta.v1.${name}`,
);

function definitionOf({ gvk: { group, version, kind } }: Kind): string {
  return `${group.split(".")[0] || "core"}.${version}.${kind}`;
}

const partDefinition: Readonly<Record<string, string>> = {
  eviction: "policy.v1.Eviction",
  scale: "autoscaling.v1.Scale",
  token: "authentication.v1.TokenRequest",
};

function partDefinitions({ subresources }: Kind): readonly string[] {
  return subresources.flatMap((subresource) => partDefinition[subresource] ?? []);
}
