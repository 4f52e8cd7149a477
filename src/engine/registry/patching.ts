// From a PATCH to the object that it makes of the present one.
import type { Kind } from "../../api/kind.ts";
import type { KubeObject } from "../../api/object.ts";
import { kindSchema } from "../../api/openapi/structure.ts";
import { applyMergePatch } from "../../api/patch/mergePatch.ts";
import { applyStrategicMerge } from "../../api/patch/strategicMerge.ts";
import { unsupportedMediaTypeError } from "../../api/status.ts";
import { type Draft, draft } from "../../base/draft.ts";
import type { Call } from "./call.ts";
import { decodeBody } from "./decode.ts";

/** @throws ApiError UnsupportedMediaType for a type of patch that the kind has not */
export function applyPatch({ kind, request, warnings }: Call, old: KubeObject): Draft<KubeObject> {
  return decodeBody(kind, patchedValue(kind, request, old), {
    options: request.options ?? {},
    warnings,
  });
}

function patchedValue(kind: Kind, { patchType, body }: Call["request"], old: KubeObject): unknown {
  const schema = kindSchema(kind.apiVersion, kind.gvk.kind);
  if (patchType === "merge") return applyMergePatch(old, body);
  if (patchType === "strategic" && schema)
    return applyStrategicMerge(
      draft(old) as unknown as Record<string, unknown>,
      body as Record<string, unknown>,
      schema,
    );
  throw unsupportedMediaTypeError(patchType ?? "");
}
