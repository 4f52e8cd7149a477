// From a request's body to an object of the kind, as strict as the request asks.
import { FieldPath } from "../../api/fieldPath.ts";
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import type { DuplicateField, RequestOptions } from "../../api/request.ts";
import { type Decoded, type DecodeProblem, decode, decodeFailure } from "../../api/schema.ts";
import { badRequestError } from "../../api/status.ts";
import { type Draft, draft } from "../../base/draft.ts";
import { duplicateProblems } from "./duplicateFields.ts";

export interface DecodeContext {
  readonly options: RequestOptions;
  readonly warnings: string[];
  /** The fields that the body's text names twice. */
  readonly duplicateFields?: readonly DuplicateField[];
}

/**
 * Unknown fields, and those that are there twice, refuse the object (Strict), are dropped with a warning
 * (Warn, the default) or dropped.
 * @throws ApiError BadRequest in the server's words
 */
export function decodeBody(
  kind: Kind,
  body: unknown,
  { options, warnings, duplicateFields = [] }: DecodeContext,
): Draft<KubeObject> {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw badRequestError("the body of the request is not an object");
  const { fieldValidation = "Warn" } = options;
  const decoded = decodeValue(kind, { ...body });
  const { object } = decoded;
  const problems = [...decoded.problems, ...duplicateProblems(duplicateFields).map(strictProblem)];
  const failure = decodeFailure(kind.gvk, problems, fieldValidation === "Strict");
  if (failure !== undefined) throw badRequestError(failure);
  if (fieldValidation === "Warn")
    warnings.push(
      ...problems.filter(({ stage }) => stage === "strict").map(({ message }) => message),
    );
  return asObject(kind, object);
}

function strictProblem(message: string): DecodeProblem {
  return { stage: "strict", kind: "unknown", path: FieldPath.of(message), message, isFinal: false };
}

/** Reads a value as an object of any kind, built in or not. @throws ApiError BadRequest without a structure */
export function decodeValue(kind: Kind, value: Readonly<Record<string, unknown>>): Decoded {
  const decoded = kind.decode?.(draft(value)) ?? decode(value, kind.apiVersion, kind.gvk.kind);
  if (!decoded) throw badRequestError(`no kind ${JSON.stringify(kind.gvk.kind)} is registered`);
  return decoded;
}

/** The decoded value, under the names of its kind. */
export function asObject(kind: Kind, decoded: KubeObject): Draft<KubeObject> {
  const object = decoded as Draft<KubeObject>;
  if (kind.decode) {
    // A custom resource is refused for what it calls itself once its rules are checked.
    object.apiVersion ||= kind.apiVersion;
    object.kind ||= kind.gvk.kind;
  } else {
    object.apiVersion = kind.apiVersion;
    object.kind = kind.gvk.kind;
  }
  object.metadata ??= { name: "" };
  return object;
}
