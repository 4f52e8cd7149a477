// How `kubectl apply --server-side` takes over what `kubectl apply` has made: fields that the annotation
// of the client-side apply still describes are no conflict, and the annotation stays true.
// Source: apimachinery pkg/util/managedfields/internal/lastapplied*.go, 1.34.
import { dequal } from "dequal";
import { byteLength } from "../../validation/texts.ts";
import { goJson } from "../goText.ts";
import { compareTyped } from "./compareTyped.ts";
import type { FieldSet } from "./fieldSet.ts";
import type { FieldType } from "./fieldType.ts";
import { toFieldSet } from "./toFieldSet.ts";
import { isMap, type Json } from "./typedValue.ts";
import { typeProblem } from "./validateTyped.ts";

export const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
/** Only this field manager takes over. */
export const kubectlManager = "kubectl";
const mostAnnotationBytes = 256 * 1024;

/** The fields of the last client-side apply that the live object still has; undefined if there was none. */
export function lastAppliedFields(
  live: Json,
  apiVersion: string,
  type: FieldType,
): FieldSet | undefined {
  const config = parsedAnnotation(annotationsOf(live)?.[lastAppliedAnnotation]);
  if (!config || config.apiVersion !== apiVersion) return undefined;
  if (typeProblem(type, config, { allowsDuplicates: false }) !== undefined) return undefined;
  const { modified, added, removed } = compareTyped(type, config, live);
  return toFieldSet(type, config).difference(modified).difference(added).difference(removed);
}

/** The object with its annotation, if it has one, made what is applied now. */
export function withLastApplied(object: Json, config: Json): Json {
  const annotations = annotationsOf(object);
  if (!annotations?.[lastAppliedAnnotation] || !isMap(object.metadata)) return object;
  const updated: Record<string, unknown> = {
    ...annotations,
    [lastAppliedAnnotation]: `${goJson(withoutAnnotation(config))}\n`,
  };
  if (totalSize(updated) > mostAnnotationBytes) delete updated[lastAppliedAnnotation];
  if (dequal(updated, annotations)) return object;
  return { ...object, metadata: { ...object.metadata, annotations: updated } };
}

function annotationsOf({ metadata }: Json): Json | undefined {
  const annotations = isMap(metadata) ? metadata.annotations : undefined;
  return isMap(annotations) ? annotations : undefined;
}

function parsedAnnotation(text: unknown): Json | undefined {
  if (typeof text !== "string" || text === "") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function withoutAnnotation(config: Json): Json {
  const annotations = annotationsOf(config);
  if (!annotations || !isMap(config.metadata)) return config;
  const { [lastAppliedAnnotation]: _, ...rest } = annotations;
  return { ...config, metadata: { ...config.metadata, annotations: rest } };
}

function totalSize(annotations: Json): number {
  return Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + byteLength(key) + byteLength(String(value)),
    0,
  );
}
