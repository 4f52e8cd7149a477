// What the schema of a custom resource may say, and that its rules compile and are affordable.
// Source: ValidateCustomResourceDefinitionOpenAPISchema, apiextensions-apiserver
// pkg/apis/apiextensions/validation/validation.go, kubernetes v1.34.
import {
  type FieldError,
  forbidden,
  internal,
  invalid,
  notSupported,
  required,
} from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps, ValidationRule } from "../types.ts";
import { goShape, goValue } from "../validation/goShape.ts";
import { declarationOf } from "./celDeclaration.ts";
import { type CompiledRule, compileRules } from "./celRules.ts";
import { hasDefault } from "./defaulting.ts";
import {
  isEmbedded,
  isSchema,
  itemsOf,
  metaFields,
  sortedProperties,
  valuesOf,
} from "./jsonSchema.ts";
import { listTypeErrors } from "./listTypeRules.ts";
import { findField } from "./relativePath.ts";
import {
  type Cardinality,
  cardinalityWithin,
  costPerRule,
  TotalCost,
  tooExpensive,
  totalCostOf,
} from "./ruleCosts.ts";
import { conversionError } from "./structural.ts";

/** What holds for a schema and all schemas within it. */
interface Inherited {
  readonly isRoot: boolean;
  readonly isInsideMeta: boolean;
  /** Why defaults are not allowed here: " in top-level metadata". */
  readonly forbidsDefaults?: string;
  /** The outermost place whose parts can't be told apart between two states of an object. */
  readonly uncorrelatable?: FieldPath;
  /** Rules are looked at unless something else about the schema is wrong. */
  readonly rules?: { readonly total: TotalCost; readonly cardinality: Cardinality };
  /** Rules that cost too much are let pass where the schema is what it was. */
  readonly allowsCostlyRules: boolean;
}

/**
 * @param isSound nothing is known yet to be wrong with the schema: its rules are worth compiling
 */
export function validateOpenApi(
  schema: JSONSchemaProps,
  path: FieldPath,
  { isSound, allowsCostlyRules }: { isSound: boolean; allowsCostlyRules: boolean },
): FieldError[] {
  const total = new TotalCost();
  const { own, rules } = validateSchema(schema, path, {
    isRoot: true,
    isInsideMeta: false,
    allowsCostlyRules,
    ...(isSound ? { rules: { total, cardinality: 1 } } : {}),
  });
  return [...own, ...rules, ...total.errors(path)];
}

interface Found {
  readonly own: FieldError[];
  readonly rules: FieldError[];
}

function validateSchema(schema: JSONSchemaProps, path: FieldPath, inherited: Inherited): Found {
  const found: Found = { own: supportErrors(schema, path, inherited), rules: [] };
  for (const child of partsOf(schema, path, inherited)) {
    const { own, rules } = validateSchema(child.schema, child.path, child.inherited);
    found.own.push(...own);
    found.rules.push(...rules);
  }
  found.own.push(...extensionErrors(schema, path));
  found.own.push(...listTypeErrors(schema, path));
  const rulesPath = path.child("x-kubernetes-validations");
  for (const [i, rule] of (schema["x-kubernetes-validations"] ?? []).entries())
    found.own.push(...ruleTextErrors(rule, schema, rulesPath.index(i)));
  // What else is wrong would only make the complaints about rules hard to understand.
  if (found.own.length === 0) found.rules.push(...ruleErrors(schema, rulesPath, inherited));
  return found;
}

const types = ["array", "boolean", "integer", "number", "object", "string"];

function supportErrors(
  schema: JSONSchemaProps,
  path: FieldPath,
  { forbidsDefaults, isInsideMeta }: Inherited,
): FieldError[] {
  const errors: FieldError[] = [];
  if (schema.type && !types.includes(schema.type))
    errors.push(notSupported(path.child("type"), schema.type, types));
  if (hasDefault(schema) && forbidsDefaults !== undefined)
    errors.push(forbidden(path.child("default"), `must not be set${forbidsDefaults}`));
  if (schema.id) errors.push(forbidden(path.child("id"), "id is not supported"));
  for (const name of [
    "additionalItems",
    "patternProperties",
    "definitions",
    "dependencies",
  ] as const)
    if (isGiven(schema[name])) errors.push(forbidden(path.child(name), `${name} is not supported`));
  if (schema.$ref !== undefined)
    errors.push(forbidden(path.child("$ref"), "$ref is not supported"));
  if (schema.type === "null")
    errors.push(
      forbidden(path.child("type"), "type cannot be set to null, use nullable as an alternative"),
    );
  if (Array.isArray(schema.items) && schema.items.length > 0)
    errors.push(forbidden(path.child("items"), "items must be a schema object and not an array"));
  if (isInsideMeta && isEmbedded(schema))
    errors.push(
      forbidden(
        path.child("x-kubernetes-embedded-resource"),
        "must not be used inside of resource meta",
      ),
    );
  if (schema.uniqueItems)
    errors.push(
      forbidden(
        path.child("uniqueItems"),
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      ),
    );
  const { additionalProperties: others, properties = {} } = schema;
  if (Object.keys(properties).length > 0 && (others === false || isSchema(others)))
    errors.push(
      forbidden(
        path.child("additionalProperties"),
        "additionalProperties and properties are mutual exclusive",
      ),
    );
  return errors;
}

function isGiven(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

interface Part {
  readonly schema: JSONSchemaProps;
  readonly path: FieldPath;
  readonly inherited: Inherited;
}

/** The schemas within a schema, with what holds for each. */
function partsOf(schema: JSONSchemaProps, path: FieldPath, inherited: Inherited): readonly Part[] {
  const { rules, ...rest } = inherited;
  const inner: Inherited = { ...rest, isRoot: false };
  const ruled = rules && {
    rules: { ...rules, cardinality: cardinalityWithin(rules.cardinality, schema) },
  };
  const part = (
    child: JSONSchemaProps | undefined,
    at: FieldPath,
    changes: Partial<Inherited> = {},
  ): readonly Part[] =>
    child ? [{ schema: child, path: at, inherited: { ...inner, ...changes } }] : [];
  const alternatives = (["allOf", "oneOf", "anyOf"] as const).flatMap((name) =>
    (schema[name] ?? []).flatMap((each, i) => part(each, path.child(name).index(i))),
  );
  const metaDefaults = inherited.isInsideMeta
    ? { forbidsDefaults: " inside additionalProperties applying to object metadata" }
    : {};
  const isList = schema["x-kubernetes-list-type"] === "map";
  return [
    ...part(valuesOf(schema), path.child("additionalProperties"), { ...ruled, ...metaDefaults }),
    ...sortedProperties(schema).flatMap(([name, property]) =>
      part(property, path.child("properties").key(name), {
        ...ruled,
        ...propertyContext(schema, name, path, inherited),
      }),
    ),
    ...part(schema.not, path.child("not")),
    ...alternatives,
    ...part(itemsOf(schema), path.child("items"), {
      ...ruled,
      ...(isList ? {} : { uncorrelatable: inherited.uncorrelatable ?? path }),
    }),
  ];
}

function propertyContext(
  schema: JSONSchemaProps,
  name: string,
  path: FieldPath,
  { isRoot, uncorrelatable }: Inherited,
): Partial<Inherited> {
  const isAtomic = schema["x-kubernetes-map-type"] === "atomic";
  const isMeta = (isRoot || isEmbedded(schema)) && metaFields.has(name);
  return {
    ...(isAtomic ? { uncorrelatable: uncorrelatable ?? path } : {}),
    ...(isMeta ? { isInsideMeta: true } : {}),
    ...(isMeta && isRoot ? { forbidsDefaults: ` in top-level ${name}` } : {}),
  };
}

function extensionErrors(schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const type = schema.type ?? "";
  const mapType = schema["x-kubernetes-map-type"];
  if (schema["x-kubernetes-preserve-unknown-fields"] === false)
    errors.push(
      invalid(
        path.child("x-kubernetes-preserve-unknown-fields"),
        false,
        "must be true or undefined",
      ),
    );
  if (mapType !== undefined && type !== "object") {
    const words = "must be object if x-kubernetes-map-type is specified";
    const at = path.child("type");
    errors.push(type === "" ? required(at, words) : invalid(at, type, words));
  }
  if (mapType !== undefined && mapType !== "atomic" && mapType !== "granular")
    errors.push(notSupported(path.child("x-kubernetes-map-type"), mapType, ["atomic", "granular"]));
  return errors;
}

const reasons = [
  "FieldValueDuplicate",
  "FieldValueForbidden",
  "FieldValueInvalid",
  "FieldValueRequired",
];

function ruleTextErrors(
  { rule = "", message = "", messageExpression = "", reason, fieldPath = "" }: ValidationRule,
  schema: JSONSchemaProps,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const messagePath = path.child("message");
  if (rule.trim() === "") errors.push(required(path.child("rule"), "rule is not specified"));
  else if (message !== "" && message.trim() === "")
    errors.push(invalid(messagePath, message, "message must be non-empty if specified"));
  else if (hasNewline(message.trim()))
    errors.push(invalid(messagePath, message, "message must not contain line breaks"));
  else if (hasNewline(rule.trim()) && message.trim() === "")
    errors.push(required(messagePath, "message must be specified if rule contains line breaks"));
  if (messageExpression !== "" && messageExpression.trim() === "")
    errors.push(
      required(path.child("messageExpression"), "messageExpression must be non-empty if specified"),
    );
  if (reason !== undefined && !reasons.includes(reason))
    errors.push(notSupported(path.child("reason"), reason, reasons));
  return [...errors, ...fieldPathErrors(fieldPath, schema, path.child("fieldPath"))];
}

function fieldPathErrors(text: string, schema: JSONSchemaProps, path: FieldPath): FieldError[] {
  if (text === "") return [];
  const errors: FieldError[] = [];
  if (text.trim() === "")
    errors.push(invalid(path, text, "fieldPath must be non-empty if specified"));
  if (hasNewline(text)) errors.push(invalid(path, text, "fieldPath must not contain line breaks"));
  const isReadable = conversionError(schema) === undefined;
  if (isReadable && typeof findField(text, schema, { allowsBrackets: true }) === "string")
    errors.push(invalid(path, text, "fieldPath must be a valid path"));
  return errors;
}

function hasNewline(text: string): boolean {
  return /[\n\r]/.test(text);
}

function ruleErrors(
  schema: JSONSchemaProps,
  path: FieldPath,
  { rules, isRoot, uncorrelatable, allowsCostlyRules }: Inherited,
): FieldError[] {
  if (!rules || !schema["x-kubernetes-validations"]?.length) return [];
  const declaration = declarationOf(schema, isRoot || isEmbedded(schema));
  if (!declaration)
    return [
      internal(
        path,
        "internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations",
      ),
    ];
  return compileRules(schema, declaration).flatMap((compiled, i) => {
    const costs = costErrors(compiled, path.index(i), {
      total: rules.total,
      allows: allowsCostlyRules,
      cost: totalCostOf(compiled.cost, rules.cardinality, declaration.minSerializedSize),
    });
    return [...costs, ...oldSelfErrors(compiled, path.index(i), uncorrelatable)];
  });
}

function costErrors(
  compiled: CompiledRule,
  path: FieldPath,
  { total, cost, allows }: { total: TotalCost; cost: number; allows: boolean },
): FieldError[] {
  const { rule, problem, message, messageProblem, messageCost } = compiled;
  const rulePath = path.child("rule");
  const messagePath = path.child("messageExpression");
  const errors: FieldError[] = [];
  if (!allows && cost > costPerRule)
    errors.push(forbidden(rulePath, tooExpensive("estimated rule cost", cost, costPerRule)));
  total.add(rulePath, cost);
  if (problem !== undefined) errors.push(invalid(rulePath, goValue(rule, ruleShape), problem));
  if (messageProblem !== undefined)
    errors.push(invalid(messagePath, goValue(rule, ruleShape), messageProblem));
  else if (message) {
    if (!allows && messageCost > costPerRule)
      errors.push(
        forbidden(
          messagePath,
          tooExpensive("estimated messageExpression cost", messageCost, costPerRule),
        ),
      );
    total.add(messagePath, messageCost);
  }
  return errors;
}

function oldSelfErrors(
  { rule, usesOldSelf }: CompiledRule,
  path: FieldPath,
  uncorrelatable: FieldPath | undefined,
): FieldError[] {
  if (usesOldSelf && uncorrelatable)
    return [
      invalid(
        path.child("rule"),
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`,
      ),
    ];
  if (!usesOldSelf && rule.optionalOldSelf !== undefined)
    return [
      invalid(
        path.child("optionalOldSelf"),
        rule.optionalOldSelf,
        "may not be set if oldSelf is not used in rule",
      ),
    ];
  return [];
}

export const ruleShape = goShape(
  ["Rule", "rule", ""],
  ["Message", "message", ""],
  ["MessageExpression", "messageExpression", ""],
  ["Reason", "reason", null],
  ["FieldPath", "fieldPath", ""],
  ["OptionalOldSelf", "optionalOldSelf", null],
);
