// What one version of a custom resource must be like: reading, defaults, rules.
// Source: apiextensions-apiserver pkg/apiserver/customresource_handler.go and
// pkg/registry/customresource/{strategy,status_strategy,validator}.go, kubernetes v1.34.
import { draft } from "../../base/draft.ts";
import { type FieldError, invalid } from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import type { KubeObject } from "../object.ts";
import type { Decoded, DecodeProblem } from "../schema.ts";
import type {
  CustomResourceDefinitionVersion,
  CustomResourceSubresourceScale,
  JSONSchemaProps,
} from "../types.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../validation/objectMeta.ts";
import { CelValidator, type RuleOutcome } from "./celValidator.ts";
import { applyDefaults, dropForbiddenNulls } from "./defaulting.ts";
import { readEmbeddedMeta, readMeta, validateEmbedded } from "./embeddedMeta.ts";
import { type JsonObject, propertyOf } from "./jsonSchema.ts";
import { validateListTypes } from "./listTypes.ts";
import { prune } from "./pruning.ts";
import { validateScaleSpec, validateScaleStatus } from "./scaleRules.ts";
import { validateAgainstSchema } from "./schemaValidator.ts";

export interface ResourceSchemaOptions {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly version: CustomResourceDefinitionVersion;
}

const metaRules = { checksFinalizerNames: false };

export class ResourceSchema {
  readonly schema: JSONSchemaProps;
  private readonly scale: CustomResourceSubresourceScale | undefined;
  private rules: CelValidator | undefined;
  /** What the rules said of an update, for its warnings are asked for later. */
  private readonly outcomes = new WeakMap<KubeObject, RuleOutcome>();

  constructor(private readonly options: ResourceSchemaOptions) {
    const { schema, subresources } = options.version;
    this.schema = schema?.openAPIV3Schema ?? {};
    this.scale = subresources?.scale;
  }

  /** Reads a value from a request: unknown fields go, defaults come. */
  decode(value: Readonly<Record<string, unknown>>): Decoded {
    const object: JsonObject = draft(value);
    const problems = this.coerce(object);
    applyDefaults(object, this.schema);
    return { object: object as unknown as KubeObject, problems };
  }

  /** Brings an object into the form that this version has, in place. */
  coerce(object: JsonObject): readonly DecodeProblem[] {
    const problems = [...readMeta(object, FieldPath.root)];
    // Other objects are refused later on, as they are.
    if (object.kind !== this.options.kind) return problems;
    for (const { path, knownNames } of prune(object, this.schema, true))
      problems.push({
        stage: "strict",
        kind: "unknown",
        path,
        message: `unknown field "${path}"`,
        isFinal: false,
        knownNames,
      });
    dropForbiddenNulls(object, this.schema);
    problems.push(...readEmbeddedMeta(object, this.schema));
    return problems;
  }

  validate(object: KubeObject): readonly FieldError[] {
    const typeErrors = this.typeErrors(object);
    if (typeErrors.length > 0) return typeErrors;
    const { scale, schema } = this;
    const { namespaced } = this.options;
    const metaErrors = validateObjectMeta(object.metadata, { namespaced, ...metaRules });
    const errors = [
      ...validateAgainstSchema(object, schema),
      ...(scale
        ? [...validateScaleSpec(object, scale), ...validateScaleStatus(object, scale)]
        : []),
      ...validateEmbedded(object, schema),
      ...validateListTypes(object, schema, FieldPath.root),
    ];
    return this.withRules([...metaErrors, ...errors], errors, object, undefined);
  }

  validateUpdate(object: KubeObject, old: KubeObject): readonly FieldError[] {
    const typeErrors = this.typeErrors(object);
    if (typeErrors.length > 0) return typeErrors;
    const { scale, schema } = this;
    const errors = [
      ...validateAgainstSchema(object, schema, FieldPath.root, { value: old }),
      ...(scale
        ? [...validateScaleSpec(object, scale), ...validateScaleStatus(object, scale)]
        : []),
      ...validateEmbedded(object, schema),
      ...this.newListErrors(object, old),
    ];
    return this.withRules([...updateErrors(object, old), ...errors], errors, object, old);
  }

  validateStatusUpdate(object: KubeObject, old: KubeObject): readonly FieldError[] {
    const typeErrors = this.typeErrors(object);
    if (typeErrors.length > 0) return typeErrors;
    const statusSchema = propertyOf(this.schema, "status");
    const { status } = object as { readonly status?: unknown };
    const { status: oldStatus } = old as { readonly status?: unknown };
    const errors = [
      ...(statusSchema && status !== undefined
        ? validateAgainstSchema(status, statusSchema, FieldPath.of("status"), { value: oldStatus })
        : []),
      ...(this.scale ? validateScaleStatus(object, this.scale) : []),
      ...this.newListErrors(object, old),
    ];
    return this.withRules([...updateErrors(object, old), ...errors], errors, object, old);
  }

  /** Of rules that were broken before and are let be. */
  warnings(object: KubeObject): readonly string[] {
    return this.outcomes.get(object)?.warnings ?? [];
  }

  private typeErrors({ apiVersion, kind }: KubeObject): FieldError[] {
    const { options } = this;
    const check = (field: string, found: string, wanted: string) =>
      found === wanted ? [] : [invalid(FieldPath.of(field), found, `must be ${wanted}`)];
    return [
      ...check("kind", kind, options.kind),
      ...check("apiVersion", apiVersion, options.apiVersion),
    ];
  }

  /** What was wrong with lists before may stay wrong. */
  private newListErrors(object: KubeObject, old: KubeObject): FieldError[] {
    const errors = validateListTypes(object, this.schema, FieldPath.root);
    const isNew =
      errors.length > 0 && validateListTypes(old, this.schema, FieldPath.root).length === 0;
    return isNew ? errors : [];
  }

  /**
   * The errors, and what the rules say. They are not asked if a value is not of its type, for they
   * take that for granted. @param all the errors so far, those of metadata included
   */
  private withRules(
    all: readonly FieldError[],
    errors: readonly FieldError[],
    object: KubeObject,
    old: KubeObject | undefined,
  ): readonly FieldError[] {
    this.rules ??= new CelValidator(this.schema, { isResource: true });
    if (!this.rules.hasRules) return errors;
    if (all.some(({ type }) => blocking.has(type)))
      return [...errors, invalid(FieldPath.root, null, unchecked)];
    const outcome = this.rules.validate(object, old);
    this.outcomes.set(object, outcome);
    return [...errors, ...outcome.errors];
  }
}

function updateErrors({ metadata }: KubeObject, old: KubeObject): FieldError[] {
  return validateObjectMetaUpdate(metadata, old.metadata, metaRules);
}

const blocking: ReadonlySet<FieldError["type"]> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);
const unchecked =
  "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
