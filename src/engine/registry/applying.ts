// From an apply to the object that it makes of the present one.
// Source: apiserver pkg/endpoints/handlers/patch.go applyPatcher, 1.34.
import type { Subresource } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import { kindNode } from "../../api/openapi/compiled.ts";
import { type ApplyOutcome, objectText } from "../../api/patch/serverSideApply.ts";
import { conversionProblem } from "../../api/patch/unstructured.ts";
import { badRequestError, conflictError, unknownError } from "../../api/status.ts";
import type { Draft } from "../../base/draft.ts";
import type { Call } from "./call.ts";
import { checkName } from "./checkName.ts";
import { asObject, decodeValue } from "./decode.ts";
import { yamlProblem } from "./duplicateFields.ts";
import type { FieldManagement } from "./fieldManagement.ts";
import { readConfiguration } from "./patchBody.ts";

/**
 * The object with its managed fields, ready to be created or to take the place of `live`.
 * @throws ApiError Conflict where others manage fields, BadRequest
 */
export function applied(
  call: Call,
  fields: FieldManagement,
  live: KubeObject | undefined,
  subresource?: Subresource,
): Draft<KubeObject> {
  const { kind, key, request, warnings } = call;
  const { force = false, fieldManager = "", fieldValidation = "Warn" } = request.options ?? {};
  const config = readConfiguration(request);
  const writer = { manager: fieldManager, force };
  const object = converted(call, config, fields.apply({ kind, subresource }, live, config, writer));
  const doubled = yamlProblem(request.duplicateFields);
  const problem = doubled && `error converting YAML to JSON: ${doubled}`;
  if (problem !== undefined && fieldValidation === "Strict")
    throw badRequestError(`error strict decoding YAML: ${problem}`);
  if (problem !== undefined && fieldValidation === "Warn") warnings.push(problem);
  if (!live && object.metadata.uid)
    throw conflictError(
      { group: kind.gvk.group, kind: kind.plural, name: key.name },
      `uid mismatch: the provided object specified uid ${object.metadata.uid}, and no existing object was found`,
    );
  checkName(object, key);
  return object;
}

function converted(
  { kind }: Call,
  config: Readonly<Record<string, unknown>>,
  { object: merged, managedFields }: ApplyOutcome,
): Draft<KubeObject> {
  const node = kindNode(kind.apiVersion, kind.gvk.kind);
  const problem = node && conversionProblem(node, merged);
  if (problem !== undefined)
    throw unknownError(
      `failed to convert new object (${objectText(config)}) to proper version: ${problem}`,
    );
  const object = asObject(kind, decodeValue(kind, merged).object);
  if (managedFields) Object.assign(object.metadata, { managedFields: [...managedFields] });
  return object;
}
