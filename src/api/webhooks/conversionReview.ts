// What is sent to conversion webhooks, and what their answers mean.
// Source: apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go, kubernetes v1.34.
import { dequal } from "dequal";
import { aggregateText } from "../aggregateText.ts";
import { isJsonObject } from "../crd/jsonSchema.ts";
import { fieldErrorText } from "../fieldError.ts";
import { FieldPath } from "../fieldPath.ts";
import type { KubeObject } from "../object.ts";
import { validateAnnotations, validateLabels } from "../validation/labels.ts";

type Json = Readonly<Record<string, unknown>>;

export type ConversionReviewVersion = "v1" | "v1beta1";

/** One object, and the version in which it is wanted. */
export interface ConversionRequest {
  readonly version: ConversionReviewVersion;
  readonly uid: string;
  readonly object: KubeObject;
  readonly apiVersion: string;
}

export function conversionReview({ version, uid, object, apiVersion }: ConversionRequest): Json {
  return {
    kind: "ConversionReview",
    apiVersion: `apiextensions.k8s.io/${version}`,
    request: { uid, desiredAPIVersion: apiVersion, objects: [object] },
  };
}

/** Reads an answer; a text goes on after "conversion webhook for stable.example.com/v1, Kind=Foo ". */
export function readConversion(answer: unknown, request: ConversionRequest): KubeObject | string {
  const converted = convertedObjects(answer, request);
  if (typeof converted === "string") return `failed: ${converted}`;
  if (converted.length !== 1) return `returned ${converted.length} objects, expected 1`;
  const [object] = converted;
  if (!isJsonObject(object)) return "failed, no objects returned";
  const { object: original, apiVersion } = request;
  const found = `${object.apiVersion ?? ""}`;
  const wrong = "returned invalid object at index 0: invalid";
  if (found !== apiVersion)
    return `${wrong} groupVersion (expected ${apiVersion}, received ${found})`;
  if (object.kind !== original.kind)
    return `${wrong} kind (expected ${original.kind}, received ${object.kind ?? ""})`;
  const changed = identityProblem(original.metadata, object.metadata);
  if (changed !== undefined) return `returned invalid object: ${changed}`;
  const metadata = restoredMetadata(original.metadata, object.metadata);
  if (typeof metadata === "string") return `returned invalid metadata: ${metadata}`;
  return { ...object, metadata } as unknown as KubeObject;
}

function convertedObjects(
  answer: unknown,
  { version, uid }: ConversionRequest,
): readonly unknown[] | string {
  const { apiVersion = "", kind = "", response } = isJsonObject(answer) ? answer : {};
  const wanted = `apiextensions.k8s.io/${version}, Kind=ConversionReview`;
  const found = `${String(apiVersion)}, Kind=${String(kind)}`;
  // The old version was not as strict.
  const isStrict = version === "v1";
  if (isStrict && found !== wanted)
    return `expected webhook response of ${wanted}, got ${found.replace(/^, /, "/, ")}`;
  if (!isJsonObject(response)) return "no response provided";
  if (isStrict && response.uid !== uid)
    return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? "")}`;
  const { status = "", message } = isJsonObject(response.result) ? response.result : {};
  if (status !== "Success")
    return typeof message === "string" && message !== ""
      ? message
      : `response.result.status was '${String(status)}', not 'Success'`;
  return Array.isArray(response.convertedObjects) ? response.convertedObjects : [];
}

function identityProblem(original: KubeObject["metadata"], converted: unknown): string | undefined {
  const found = isJsonObject(converted) ? converted : {};
  for (const [field, name] of [
    ["name", "name"],
    ["namespace", "namespace"],
    ["uid", "UID"],
  ] as const) {
    const [before = "", after = ""] = [original[field], found[field]];
    if (before !== after) return `must have the same ${name}: ${before} != ${String(after)}`;
  }
  return undefined;
}

/** The original's metadata; only labels and annotations may be the webhook's. */
function restoredMetadata(
  original: KubeObject["metadata"],
  converted: unknown,
): KubeObject["metadata"] | string {
  if (converted === undefined) return "missing metadata in converted object";
  if (!isJsonObject(converted))
    return `invalid metadata of type ${goType(converted)} in converted object`;
  const { labels: _, annotations: __, ...restored } = original;
  for (const field of ["labels", "annotations"] as const) {
    const found = converted[field];
    if (found === undefined || found === null) continue;
    const problem = mapProblem(field, found, original[field]);
    if (problem !== undefined) return problem;
    Object.assign(restored, { [field]: found });
  }
  return restored;
}

function mapProblem(
  field: "labels" | "annotations",
  found: unknown,
  before: unknown,
): string | undefined {
  if (!isJsonObject(found))
    return `invalid metadata.${field} of type ${goType(found)} in converted object`;
  for (const [key, value] of Object.entries(found))
    if (typeof value !== "string")
      return `metadata.${field}[${key}] must be a string, but is ${goType(value)} in converted object`;
  if (dequal(found, before)) return undefined;
  const texts = found as Readonly<Record<string, string>>;
  const errors =
    field === "labels"
      ? validateLabels(texts, FieldPath.of("metadata", "labels"))
      : validateAnnotations(texts, FieldPath.of("metadata", "annotation"));
  return errors.length === 0 ? undefined : aggregateText(errors.map(fieldErrorText));
}

/** What Go's %T says of a value read from JSON. */
function goType(value: unknown): string {
  if (value === null) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  if (typeof value === "number") return Number.isInteger(value) ? "int64" : "float64";
  return typeof value === "boolean" ? "bool" : typeof value;
}
