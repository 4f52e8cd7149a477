// What an update would change, as errors about immutable parts append it.
// Source: apimachinery pkg/util/diff Diff, 1.34.
import { unifiedDiff } from "../../base/unifiedDiff.ts";
import { internalJson } from "../openapi/internalJson.ts";

/** @param definition of both objects: "core.v1.PodSpec" */
export function internalDiff(definition: string, old: object, object: object): string {
  return unifiedDiff(internalJson(definition, old), internalJson(definition, object));
}
