// The bodies of patches: JSON patch's operations, an apply's configuration.
// Source: apiserver pkg/endpoints/handlers/patch.go, 1.34.
import type { Operation } from "../../api/patch/jsonPatch.ts";
import type { ApiRequest } from "../../api/request.ts";
import { badRequestError } from "../../api/status.ts";

const operationFields: ReadonlySet<string> = new Set(["op", "path", "from", "value"]);

/**
 * The operations of a JSON patch.
 * @throws ApiError BadRequest if the value is no list of them
 */
export function readOperations(value: unknown): {
  readonly operations: readonly Operation[];
  /** `unknown field "[0].x"` */
  readonly unknown: readonly string[];
} {
  if (value === null) return { operations: [], unknown: [] };
  if (!Array.isArray(value)) throw undecodable(value, "[]handlers.jsonPatchOp");
  const unknown: string[] = [];
  for (const [i, operation] of (value as readonly unknown[]).entries()) {
    if (typeof operation !== "object" || operation === null || Array.isArray(operation))
      throw undecodable(operation, "handlers.jsonPatchOp");
    for (const [name, inner] of Object.entries(operation)) {
      if (!operationFields.has(name)) unknown.push(`unknown field "[${i}].${name}"`);
      else if (name !== "value" && typeof inner !== "string")
        throw badRequestError(
          `error decoding patch: json: cannot unmarshal ${jsonType(inner)} into Go struct field jsonPatchOp.${name} of type string`,
        );
    }
  }
  return { operations: value as Operation[], unknown };
}

function undecodable(value: unknown, type: string) {
  return badRequestError(
    `error decoding patch: json: cannot unmarshal ${jsonType(value)} into Go value of type ${type}`,
  );
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** The configuration of an apply. @throws ApiError BadRequest if it is no map */
export function readConfiguration({ body }: ApiRequest): Readonly<Record<string, unknown>> {
  if (typeof body === "object" && body !== null && !Array.isArray(body))
    return body as Readonly<Record<string, unknown>>;
  throw badRequestError(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${jsonType(body)} into Go value of type map[string]interface {}`,
  );
}
