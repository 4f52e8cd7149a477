// How much the rules of a definition may cost at worst. Source: apiextensions-apiserver
// pkg/apis/apiextensions/validation/cel_validation.go, kubernetes v1.34.
import { type FieldError, forbidden } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import type { JSONSchemaProps } from "../types.ts";
import { maxRequestBytes } from "./celDeclaration.ts";
import { allowsOtherNames } from "./jsonSchema.ts";

/** Of one rule or messageExpression. Source: StaticEstimatedCostLimit. */
export const costPerRule = 10_000_000;
/** Of all rules of a schema together. Source: StaticEstimatedCRDCostLimit. */
const costPerSchema = 100_000_000;
const mostNamed = 4;

/** Sums up the costs of a schema's rules and remembers the most expensive ones. */
export class TotalCost {
  private total = 0;
  private readonly expensive: { readonly path: FieldPath; readonly cost: number }[] = [];

  add(path: FieldPath, cost: number): void {
    this.total += cost;
    if (cost < costPerSchema / 100) return;
    this.expensive.push({ path, cost });
    this.expensive.sort((a, b) => (a.cost === b.cost ? 0 : b.cost - a.cost));
    this.expensive.length = Math.min(this.expensive.length, mostNamed);
  }

  errors(schemaPath: FieldPath): FieldError[] {
    if (this.total <= costPerSchema) return [];
    const contributed =
      "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
    const what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
    return [
      ...this.expensive.map(({ path }) => forbidden(path, contributed)),
      forbidden(schemaPath, tooExpensive(what, this.total, costPerSchema)),
    ];
  }
}

/** "estimated rule cost exceeds budget by factor of 1.6x (try simplifying ...)". */
export function tooExpensive(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const shown =
    factor > 100
      ? "more than 100x"
      : factor < 1.5
        ? `${factor.toFixed(6)}x`
        : `${factor.toFixed(1)}x`;
  return `${what} exceeds budget by factor of ${shown} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** How many values of a schema one resource can hold; undefined if its containers set no bound. */
export type Cardinality = number | undefined;

/** The same for the parts of such a value. */
export function cardinalityWithin(cardinality: Cardinality, schema: JSONSchemaProps): Cardinality {
  const most = mostElements(schema);
  return cardinality === undefined || most === undefined ? undefined : cardinality * most;
}

function mostElements(schema: JSONSchemaProps): Cardinality {
  if (schema.type === "array") return atLeastZero(schema.maxItems);
  if (schema.type === "object" && allowsOtherNames(schema))
    return atLeastZero(schema.maxProperties);
  return 1;
}

function atLeastZero(limit: number | undefined | null): Cardinality {
  return limit === undefined || limit === null ? undefined : Math.max(0, limit);
}

/** The cost of a rule for all values it is evaluated on. */
export function totalCostOf(
  cost: number,
  cardinality: Cardinality,
  minSerializedSize: number,
): number {
  if (cost === 0) return 0;
  const times = cardinality ?? Math.floor(maxRequestBytes / (minSerializedSize + 1));
  return times === 0 ? 0 : cost * times;
}
