// The kinds that a definition makes: one for each version that is served.
// Source: apiextensions-apiserver pkg/apiserver/customresource_handler.go, kubernetes v1.34.
import { draft } from "../../base/draft.ts";
import { compareVersions } from "../groupPriorities.ts";
import {
  defineKind,
  type FieldReader,
  type Kind,
  type StoredAs,
  type Subresource,
} from "../kind.ts";
import { isConditionTrue } from "../kinds/customResourceDefinition/conditions.ts";
import { keepMetadata } from "../kinds/keepMetadata.ts";
import { apiVersionOf, gvk, type KubeObject } from "../object.ts";
import type { OpenApiSchema } from "../openapi/structure.ts";
import { goText } from "../patch/goText.ts";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionVersion,
  SelectableField,
} from "../types.ts";
import { type ConversionWebhook, type Converter, conversionWebhookOf } from "./conversion.ts";
import { applyDefaults } from "./defaulting.ts";
import { finalizerWarnings } from "./finalizerWarnings.ts";
import { parseJsonPath } from "./jsonPath.ts";
import type { JsonObject } from "./jsonSchema.ts";
import { printerColumns } from "./printerColumns.ts";
import { ResourceSchema } from "./resourceSchema.ts";

/** The kinds of all served versions, under the names that were accepted. */
export function customResourceKinds(
  crd: CustomResourceDefinition,
  converter?: Converter,
): readonly Kind[] {
  const maker = new KindMaker(crd, converter);
  return crd.spec.versions.filter(({ served }) => served).map((version) => maker.make(version));
}

/** The kind of the version in which objects are kept, served or not. */
export function customResourceKind(crd: CustomResourceDefinition): Kind | undefined {
  const storage = crd.spec.versions.find((version) => version.storage);
  return storage && new KindMaker(crd).make(storage);
}

class KindMaker {
  private readonly names: CustomResourceDefinitionNames;
  private readonly schemas: ReadonlyMap<string, ResourceSchema>;
  private readonly stored: Kind;

  constructor(
    private readonly crd: CustomResourceDefinition,
    private readonly converter?: Converter,
  ) {
    const { spec, status } = crd;
    this.names = status?.acceptedNames?.plural ? status.acceptedNames : spec.names;
    this.schemas = new Map(
      spec.versions.map((version) => {
        const apiVersion = apiVersionOf(this.gvkOf(version));
        const { kind } = spec.names;
        const { namespaced } = this;
        return [apiVersion, new ResourceSchema({ apiVersion, kind, namespaced, version })];
      }),
    );
    const storage = spec.versions.find((version) => version.storage);
    this.stored = defineKind({
      gvk: gvk(spec.group, storage?.name ?? "", spec.names.kind),
      plural: this.names.plural,
      namespaced: this.namespaced,
      storagePlace: `${spec.group}/${this.names.plural}`,
    });
  }

  make(version: CustomResourceDefinitionVersion): Kind {
    const { subresources = {}, selectableFields = [] } = version;
    const { spec } = this.crd;
    const { plural, singular, listKind, shortNames, categories } = this.names;
    const schema = this.schemaOf(apiVersionOf(this.gvkOf(version)));
    const hasStatus = subresources.status !== undefined;
    const served: Subresource[] = [
      ...(hasStatus ? (["status"] as const) : []),
      ...(subresources.scale ? (["scale"] as const) : []),
    ];
    return defineKind<KubeObject>({
      gvk: this.gvkOf(version),
      plural,
      ...(singular ? { singular } : {}),
      ...(listKind ? { listKind } : {}),
      ...(shortNames ? { shortNames } : {}),
      ...(categories ? { categories } : {}),
      namespaced: this.namespaced,
      subresources: served,
      ...(subresources.scale ? { scale: subresources.scale } : {}),
      storedAs: this.storedAs(version),
      ...(isConditionTrue(this.crd, "Terminating") ? { isTerminating: true } : {}),
      allowsUnconditionalUpdate: false,
      checksFinalizerNames: false,
      columns: printerColumns(version.additionalPrinterColumns),
      fields: Object.fromEntries(selectableFields.map(selectableField)),
      ...(version.deprecated ? { deprecation: deprecationOf(version, spec) } : {}),
      openApiSchema: schema.schema as OpenApiSchema,
      decode: (value) => schema.decode(value),
      desiredState: ({ metadata: _, ...rest }) => rest,
      setDefaults: (object) => applyDefaults(object, schema.schema),
      prepareForCreate(object) {
        if (hasStatus) Reflect.deleteProperty(object, "status");
      },
      prepareForSubresource(subresource, object, old) {
        if (subresource !== "status") return;
        keepMetadata(object, old);
        const { status } = object as { status?: unknown };
        if (status === undefined) Reflect.deleteProperty(object, "status");
      },
      validate: (object) => schema.validate(object),
      validateUpdate: (object, old) => schema.validateUpdate(object, old),
      validateStatusUpdate: (object, old) => schema.validateStatusUpdate(object, old),
      warningsOnCreate: (object) => finalizerWarnings(object),
      warningsOnUpdate: (object, old) => [
        ...schema.warnings(object),
        ...finalizerWarnings(object, old),
      ],
    });
  }

  /** Of all versions, controllers list the objects of one. */
  private get collected(): string | undefined {
    const served = this.crd.spec.versions.filter((version) => version.served);
    const storage = served.find((version) => version.storage);
    return storage?.name ?? served.map(({ name }) => name).sort(compareVersions)[0];
  }

  private get webhook(): ConversionWebhook | undefined {
    return this.converter && conversionWebhookOf(this.crd);
  }

  private get namespaced(): boolean {
    return this.crd.spec.scope === "Namespaced";
  }

  private gvkOf({ name }: CustomResourceDefinitionVersion): Kind["gvk"] {
    const { group, names } = this.crd.spec;
    return gvk(group, name, names.kind);
  }

  /** A version that the definition no longer has says nothing of its objects. */
  private schemaOf(apiVersion: string): ResourceSchema {
    const known = this.schemas.get(apiVersion);
    if (known) return known;
    const version = { name: "", served: false, storage: false };
    const { kind } = this.crd.spec.names;
    return new ResourceSchema({ apiVersion, kind, namespaced: this.namespaced, version });
  }

  /**
   * Objects are kept in one version. Each version drops what its own schema does not know; defaults are
   * those of the version in which an object was kept.
   */
  private storedAs(version: CustomResourceDefinitionVersion): StoredAs {
    const own = apiVersionOf(this.gvkOf(version));
    const { stored, webhook } = this;
    return {
      kind: stored,
      ...(version.name === this.collected ? { isCollected: true } : {}),
      ...(webhook
        ? {
            isAsked: true,
            prepare: (kept) => {
              this.ask(
                kept.map((object) => this.asKept(object)),
                own,
              );
            },
          }
        : {}),
      toStored: (object) => this.converted(object, stored.apiVersion),
      fromStored: (object) => this.converted(this.asKept(object), own),
    };
  }

  /** As the version in which it was kept would have it now. */
  private asKept(object: KubeObject): KubeObject {
    const read = draft(object) as unknown as JsonObject;
    const kept = this.schemaOf(object.apiVersion);
    kept.coerce(read);
    applyDefaults(read, kept.schema);
    return read as unknown as KubeObject;
  }

  private converted(object: KubeObject, apiVersion: string): KubeObject {
    if (object.apiVersion === apiVersion) return object;
    const [asked = object] = this.ask([object], apiVersion) ?? [];
    const copy = { ...draft(asked), apiVersion };
    this.schemaOf(apiVersion).coerce(copy as unknown as JsonObject);
    return copy as KubeObject;
  }

  /** Undefined without a webhook: versions differ in their name alone. */
  private ask(objects: readonly KubeObject[], apiVersion: string) {
    const others = objects.filter((object) => object.apiVersion !== apiVersion);
    return this.webhook && this.converter?.convert(this.webhook, others, apiVersion);
  }
}

function selectableField({ jsonPath }: SelectableField): [string, FieldReader<KubeObject>] {
  const path = parseJsonPath(jsonPath);
  const read = (object: KubeObject): string => {
    const value = path?.(object)[0];
    return value === undefined || value === null ? "" : goText(value);
  };
  return [jsonPath.replace(/^\./, ""), read];
}

function deprecationOf(
  { name, deprecationWarning }: CustomResourceDefinitionVersion,
  { group, names, versions }: CustomResourceDefinition["spec"],
): string {
  if (deprecationWarning !== undefined) return deprecationWarning;
  const [better] = versions
    .filter((other) => other.served && !other.deprecated && compareVersions(other.name, name) < 0)
    .map((other) => other.name)
    .sort(compareVersions);
  const said = `${group}/${name} ${names.kind} is deprecated`;
  return better === undefined ? said : `${said}; use ${group}/${better} ${names.kind}`;
}
