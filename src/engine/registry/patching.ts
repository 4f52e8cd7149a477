// From a PATCH to the object that it makes of the present one.
// Source: apiserver pkg/endpoints/handlers/patch.go, 1.34.
import { invalid } from "../../api/fieldError.ts";
import { FieldPath } from "../../api/fieldPath.ts";
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import { kindNode } from "../../api/openapi/compiled.ts";
import { kindSchema, type OpenApiSchema } from "../../api/openapi/structure.ts";
import { goText } from "../../api/patch/goText.ts";
import { applyJsonPatch, type Operation } from "../../api/patch/jsonPatch.ts";
import { applyMergePatch } from "../../api/patch/mergePatch.ts";
import { applyStrategicMerge } from "../../api/patch/strategicMerge.ts";
import { conversionProblem } from "../../api/patch/unstructured.ts";
import type { PatchType } from "../../api/request.ts";
import { type Decoded, type DecodeProblem, decodeFailureText } from "../../api/schema.ts";
import {
  type ApiError,
  badRequestError,
  entityTooLargeError,
  invalidError,
  unprocessableError,
  unsupportedMediaTypeError,
} from "../../api/status.ts";
import type { Draft } from "../../base/draft.ts";
import type { Call } from "./call.ts";
import { asObject, decodeValue } from "./decode.ts";
import { duplicateProblems } from "./duplicateFields.ts";
import { otherTypeProblem } from "./otherType.ts";
import { readOperations } from "./patchBody.ts";
import { patchedText } from "./patchedText.ts";

const mostOperations = 10_000;

const mediaTypes: Readonly<Record<PatchType, string>> = {
  json: "application/json-patch+json",
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

/** @throws ApiError UnsupportedMediaType for a type of patch that the kind has not */
export function checkPatchType(kind: Kind, patchType: PatchType | undefined): void {
  const isBuiltIn = kindSchema(kind.apiVersion, kind.gvk.kind) !== undefined;
  const offered = Object.entries(mediaTypes).filter(([type]) => isBuiltIn || type !== "strategic");
  if (!offered.some(([type]) => type === patchType))
    throw unsupportedMediaTypeError(offered.map(([, mediaType]) => mediaType).join(", "));
}

/**
 * What a merge patch, a JSON patch or a strategic merge patch makes of `old`, as an object of its kind.
 * @throws ApiError BadRequest for a patch that can't be read; Invalid if it can't be carried out or what
 *   comes out is no object of the kind
 */
export function applyPatch(call: Call, old: KubeObject): Draft<KubeObject> {
  const { kind, request } = call;
  checkPatchType(kind, request.patchType);
  const schema = kindSchema(kind.apiVersion, kind.gvk.kind);
  if (request.patchType === "strategic" && schema) return strategicMerged(call, old, schema);
  return request.patchType === "json" ? jsonPatched(call, old) : merged(call, old);
}

function merged(call: Call, old: KubeObject): Draft<KubeObject> {
  const patch = call.request.body;
  if (!isMap(patch)) throw badRequestError(`error decoding patch: ${notAMap(patch)}`);
  const patched = applyMergePatch(old, patch);
  return decoded(call, patched, duplicateProblems(call.request.duplicateFields), () =>
    patchedText(call.kind, patched, patch),
  );
}

function jsonPatched(call: Call, old: KubeObject): Draft<KubeObject> {
  const { operations, unknown } = readOperations(call.request.body);
  if (operations.length > mostOperations)
    throw entityTooLargeError(
      `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${operations.length}`,
    );
  const patched = applyJsonPatch(old, operations);
  if (!patched) throw unprocessableError();
  const strict = [...duplicateProblems(call.request.duplicateFields), ...unknown].map(
    (problem) => `json patch ${problem}`,
  );
  return decoded(call, patched.value, strict, () =>
    patchedText(call.kind, patched.value, touchedBy(operations)),
  );
}

/** The places that operations reach, as a tree. */
function touchedBy(operations: readonly Operation[]): unknown {
  const root: Record<string, unknown> = Object.create(null);
  for (const { path } of operations) {
    let here = root;
    for (const step of path.split("/").slice(1, -1)) {
      here[step] ??= Object.create(null);
      here = here[step] as Record<string, unknown>;
    }
  }
  return root;
}

function strategicMerged(call: Call, old: KubeObject, schema: OpenApiSchema): Draft<KubeObject> {
  const { kind, request } = call;
  const patch = request.body;
  if (!isMap(patch)) throw badRequestError(notAMap(patch));
  const result = applyStrategicMerge({ ...old }, patch, schema);
  const node = kindNode(kind.apiVersion, kind.gvk.kind);
  const problem = node && conversionProblem(node, result);
  if (problem !== undefined) throw invalidPatch(goText(patch), problem);
  return decoded(
    call,
    result,
    duplicateProblems(request.duplicateFields),
    () => goText(patch),
    "sorted",
  );
}

/**
 * The patched value as an object of the kind. Problems of the patch's own text come before those of what
 * it makes.
 */
function decoded(
  { kind, request, warnings }: Call,
  value: unknown,
  ownProblems: readonly string[],
  text: () => string,
  order: "asRead" | "sorted" = "asRead",
): Draft<KubeObject> {
  const { fieldValidation = "Warn" } = request.options ?? {};
  if (!isMap(value)) throw invalidPatch(text(), notAMap(value));
  const other = order === "sorted" ? undefined : typeProblem(kind, value);
  if (other !== undefined) throw invalidPatch(text(), other);
  const { object, problems } = decodeSharing(kind, value);
  const failure = decodeFailureText(problems, false);
  if (failure !== undefined) throw invalidPatch(text(), failure);
  if (fieldValidation !== "Ignore") {
    const unknown = problems.map(({ message }: DecodeProblem) => message);
    const strict = [...ownProblems, ...(order === "sorted" ? unknown.sort() : unknown)];
    if (fieldValidation === "Warn") warnings.push(...strict);
    else if (strict.length > 0)
      throw invalidPatch(text(), `strict decoding error: ${strict.join(", ")}`);
  }
  return asObject(kind, object);
}

/** A strategic merge patches a struct, which stays what it is; custom resources are judged by their rules. */
function typeProblem(kind: Kind, value: Readonly<Record<string, unknown>>): string | undefined {
  if (kind.decode) return undefined;
  const expected = { apiVersion: kind.apiVersion, kind: kind.gvk.kind };
  const { apiVersion, kind: name } = value;
  const found = {
    apiVersion: typeof apiVersion === "string" ? apiVersion : expected.apiVersion,
    kind: typeof name === "string" ? name : expected.kind,
  };
  return otherTypeProblem(found, expected);
}

/** Managed fields that the patch left alone are long read, and taken over as they are. */
function decodeSharing(kind: Kind, value: Readonly<Record<string, unknown>>): Decoded {
  const { metadata } = value;
  if (!isMap(metadata) || !Object.isFrozen(metadata.managedFields)) return decodeValue(kind, value);
  const { managedFields, ...rest } = metadata;
  const decoded = decodeValue(kind, { ...value, metadata: rest });
  if (managedFields !== undefined) Object.assign(decoded.object.metadata, { managedFields });
  return decoded;
}

function invalidPatch(value: string, problem: string): ApiError {
  const errors = [invalid(FieldPath.of("patch"), value, problem)];
  return invalidError({ group: "", kind: "", name: "" }, errors);
}

function notAMap(value: unknown): string {
  const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
  return `json: cannot unmarshal ${found} into Go value of type map[string]interface {}`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
