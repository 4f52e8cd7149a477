// Evaluates the rules of a schema on a custom resource.
// Source: apiextensions-apiserver pkg/apiserver/schema/cel/validation.go, kubernetes v1.34.
import { dequal } from "dequal";
import { type Activation, tooExpensive } from "../cel/evaluator.ts";
import { CelOptional, type CelValue } from "../cel/value.ts";
import {
  duplicate,
  type FieldError,
  fieldErrorText,
  forbidden,
  invalid,
  required,
} from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps, ValidationRule } from "../types.ts";
import { byteLength } from "../validation/texts.ts";
import { type Declaration, declarationOf, stepInto, withTypeAndMeta } from "./celDeclaration.ts";
import { escapeName } from "./celEscape.ts";
import { type CompiledRule, compileRules, costPerResource } from "./celRules.ts";
import { schemaValue } from "./celValue.ts";
import {
  isEmbedded,
  isJsonObject,
  itemsOf,
  type JsonObject,
  propertyOf,
  someSchema,
  sortedProperties,
  valuesOf,
} from "./jsonSchema.ts";

export interface RuleOutcome {
  readonly errors: readonly FieldError[];
  /** What an update may leave as it was: errors of unchanged values, as texts. */
  readonly warnings: readonly string[];
}

const nothingWrong: RuleOutcome = { errors: [], warnings: [] };
const longestMessageBytes = 5 * 1024;

/** The rules of a schema and of all schemas within it. */
export class CelValidator {
  private readonly root: RuleNode | undefined;

  constructor(schema: JSONSchemaProps, { isResource }: { readonly isResource: boolean }) {
    const hasRules = someSchema(schema, (each) => rulesOf(each).length > 0);
    this.root = hasRules
      ? nodeOf(schema, declarationOf(schema, isResource), isResource)
      : undefined;
  }

  get hasRules(): boolean {
    return this.root !== undefined;
  }

  /** @param old the resource before an update */
  validate(value: unknown, old?: unknown): RuleOutcome {
    if (!this.root) return nothingWrong;
    const run = new RuleRun();
    const isUpdate = old !== undefined;
    run.visit(this.root, {
      value,
      old,
      path: FieldPath.root,
      ...(isUpdate ? { correlated: { value, old } } : {}),
    });
    return run;
  }
}

function rulesOf(schema: JSONSchemaProps): readonly ValidationRule[] {
  return schema["x-kubernetes-validations"] ?? [];
}

/** A schema with rules, or with rules within. */
interface RuleNode {
  readonly schema: JSONSchemaProps;
  readonly rules: readonly CompiledRule[];
  readonly items: RuleNode | undefined;
  readonly values: RuleNode | undefined;
  readonly properties: ReadonlyMap<string, RuleNode>;
}

function nodeOf(
  schema: JSONSchemaProps | undefined,
  declaration: Declaration | undefined,
  isResourceRoot: boolean,
): RuleNode | undefined {
  if (!schema || !declaration) return undefined;
  const child = (inner: JSONSchemaProps | undefined, declared: Declaration | undefined) =>
    nodeOf(inner, declared, isEmbedded(inner));
  const properties = new Map<string, RuleNode>();
  for (const [name, property] of sortedProperties(schema)) {
    const node = child(property, fieldDeclaration(declaration, name, property));
    if (node) properties.set(name, node);
  }
  const node = {
    schema: isResourceRoot ? withTypeAndMeta(schema) : schema,
    rules: compileRules(schema, declaration),
    items: child(itemsOf(schema), stepInto(declaration, "@items")),
    values: child(valuesOf(schema), stepInto(declaration, "@values")),
    properties,
  };
  const isEmpty =
    node.rules.length === 0 && !node.items && !node.values && node.properties.size === 0;
  return isEmpty ? undefined : node;
}

/** A field whose name can't be spelt is seen from its own rules only. */
function fieldDeclaration(
  declaration: Declaration,
  name: string,
  property: JSONSchemaProps,
): Declaration | undefined {
  const spelling = escapeName(name);
  return spelling === undefined
    ? declarationOf(property, isEmbedded(property))
    : stepInto(declaration, spelling);
}

interface Correlated {
  readonly value: unknown;
  readonly old: unknown;
}

interface Place {
  readonly value: unknown;
  /** What transition rules compare with; undefined if there is nothing to compare. */
  readonly old: unknown;
  readonly path: FieldPath;
  /** The value and its counterpart before the update, or of the nearest place that has one. */
  readonly correlated?: Correlated;
}

class RuleRun implements RuleOutcome {
  readonly errors: FieldError[] = [];
  readonly warnings: string[] = [];
  private budget = costPerResource;
  private isOver = false;

  visit(node: RuleNode, place: Place): void {
    const { value } = place;
    if (this.isOver || value === null || value === undefined) return;
    this.runRules(node, place);
    if (Array.isArray(value)) this.visitItems(node, value, place);
    else if (isJsonObject(value)) this.visitFields(node, value, place);
  }

  private visitItems(node: RuleNode, items: readonly unknown[], place: Place): void {
    if (!node.items) return;
    for (const [i, item] of items.entries()) {
      const old = sameItem(node.schema, place.old, item);
      const before = sameItem(node.schema, place.correlated?.old, item);
      this.visit(node.items, {
        value: item,
        old,
        path: place.path.index(i),
        ...correlate(place, item, before),
      });
    }
  }

  private visitFields(node: RuleNode, object: JsonObject, place: Place): void {
    const isCorrelatable = node.schema["x-kubernetes-map-type"] !== "atomic";
    for (const name of Object.keys(object).sort()) {
      const property = node.properties.get(name);
      const inner = property ?? (propertyOf(node.schema, name) ? undefined : node.values);
      if (!inner) continue;
      this.visit(inner, {
        value: object[name],
        old: isCorrelatable ? fieldOf(place.old, name) : undefined,
        path: property ? place.path.child(name) : place.path.key(name),
        ...correlate(place, object[name], fieldOf(place.correlated?.old, name)),
      });
    }
  }

  private runRules({ schema, rules }: RuleNode, place: Place): void {
    if (rules.length === 0) return;
    const type = schema.type ?? "";
    if (this.budget <= 0) {
      this.stop(place.path, type, outOfBudget);
      return;
    }
    for (const rule of rules) {
      if (this.isOver) return;
      this.runRule(rule, schema, place);
    }
  }

  private runRule(compiled: CompiledRule, schema: JSONSchemaProps, place: Place): void {
    const { rule, program, problem, usesOldSelf } = compiled;
    const { path } = place;
    const type = schema.type ?? "";
    if (problem !== undefined) {
      this.errors.push(invalid(path, type, `rule compile error: ${problem}`));
      return;
    }
    const hasOld = place.old !== undefined && place.old !== null;
    if (!program || (usesOldSelf && !hasOld && !rule.optionalOldSelf)) return;
    const outcome = program.evaluate(activationOf(schema, place, rule.optionalOldSelf === true));
    this.budget -= outcome.cost;
    if (this.budget < 0) {
      this.stop(path, type, outOfBudget);
      return;
    }
    if ("error" in outcome) this.fail(rule, outcome.error, path, type);
    else if (outcome.value !== true) this.refuse(compiled, schema, place);
  }

  /** The rule could not be evaluated. */
  private fail(rule: ValidationRule, error: string, path: FieldPath, type: string): void {
    const named = ruleText(rule);
    if (error.startsWith(tooExpensive))
      this.stop(
        path,
        type,
        `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${named}`,
      );
    else if (error.startsWith("no such overload"))
      this.errors.push(
        invalid(
          path,
          type,
          `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${named}`,
        ),
      );
    else this.errors.push(invalid(path, type, `${error} evaluating rule: ${named}`));
  }

  private refuse(compiled: CompiledRule, schema: JSONSchemaProps, place: Place): void {
    const { rule, fieldPath, usesOldSelf } = compiled;
    const path = fieldPath ? place.path.append(fieldPath) : place.path;
    const type = schema.type ?? "";
    const detail = this.messageOf(compiled, schema, place) ?? defaultMessage(rule);
    const error = this.isOver
      ? invalid(path, type, detail)
      : errorFor(rule, path, { type, detail });
    const { correlated } = place;
    if (!usesOldSelf && correlated && dequal(correlated.value, correlated.old))
      this.warnings.push(fieldErrorText(error));
    else this.errors.push(error);
  }

  /** What messageExpression says; undefined if there is none, or nothing fit to be shown. */
  private messageOf(
    { rule, message }: CompiledRule,
    schema: JSONSchemaProps,
    place: Place,
  ): string | undefined {
    if (!message) return undefined;
    const outcome = message.evaluate(activationOf(schema, place, rule.optionalOldSelf === true));
    this.budget -= outcome.cost;
    if (this.budget < 0) {
      this.isOver = true;
      return "messageExpression evaluation failed due to running out of cost budget, no further validation rules will be run";
    }
    if ("error" in outcome) {
      if (!outcome.error.startsWith(tooExpensive)) return undefined;
      this.isOver = true;
      return `no further validation rules will be run due to call cost exceeds limit for messageExpression: ${JSON.stringify(rule.messageExpression)}`;
    }
    const text = typeof outcome.value === "string" ? outcome.value.trim() : "";
    const isFit = text !== "" && !text.includes("\n") && byteLength(text) <= longestMessageBytes;
    return isFit ? text : undefined;
  }

  private stop(path: FieldPath, type: string, message: string): void {
    this.errors.push(invalid(path, type, message));
    this.isOver = true;
  }
}

const outOfBudget =
  "validation failed due to running out of cost budget, no further validation rules will be run";

function activationOf(schema: JSONSchemaProps, place: Place, isOptional: boolean): Activation {
  const self = lazily(() => schemaValue(place.value, schema));
  const old = lazily(() => oldValue(schema, place.old, isOptional));
  return (name) => (name === "self" ? self() : name === "oldSelf" ? old() : undefined);
}

function oldValue(
  schema: JSONSchemaProps,
  old: unknown,
  isOptional: boolean,
): CelValue | undefined {
  const isThere = old !== undefined && old !== null;
  if (!isOptional) return isThere ? schemaValue(old, schema) : undefined;
  return isThere ? new CelOptional(schemaValue(old, schema)) : CelOptional.none;
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function fieldOf(object: unknown, name: string): unknown {
  return isJsonObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The item of the same keys in a list that is a map; other lists can't be compared item by item. */
function sameItem(schema: JSONSchemaProps, old: unknown, item: unknown): unknown {
  if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(old)) return undefined;
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  return old.find(
    (other) =>
      isJsonObject(other) &&
      isJsonObject(item) &&
      keys.every((key) => dequal(other[key] ?? null, item[key] ?? null)),
  );
}

/** A place without a counterpart goes by the nearest one around it. */
function correlate(
  { correlated }: Place,
  value: unknown,
  old: unknown,
): { readonly correlated?: Correlated } {
  if (!correlated) return {};
  return { correlated: old === undefined ? correlated : { value, old } };
}

function ruleText({ message, rule }: ValidationRule): string {
  return (message || rule).trim();
}

function defaultMessage(rule: ValidationRule): string {
  return rule.message ? rule.message.trim() : `failed rule: ${ruleText(rule)}`;
}

function errorFor(
  { reason }: ValidationRule,
  path: FieldPath,
  { type, detail }: { readonly type: string; readonly detail: string },
): FieldError {
  switch (reason) {
    case "FieldValueForbidden":
      return forbidden(path, detail);
    case "FieldValueRequired":
      return required(path, detail);
    case "FieldValueDuplicate":
      return duplicate(path, type);
    default:
      return invalid(path, type, detail);
  }
}
