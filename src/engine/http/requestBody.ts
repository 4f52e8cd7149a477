// The body of a write as a value: JSON, YAML or protobuf, and what is wrong with it in the server's words.
// Source: apiserver pkg/endpoints/handlers/{create,rest,delete,patch}.go and negotiation, apimachinery
// pkg/runtime/serializer, 1.34.
import type { KindRegistry } from "../../api/kind.ts";
import type { DuplicateField, PatchType } from "../../api/request.ts";
import { decode, decodeFailure } from "../../api/schema.ts";
import {
  badRequestError,
  genericError,
  requestTooLargeError,
  unsupportedMediaTypeError,
} from "../../api/status.ts";
import { type ParsedYaml, parseYaml as readYaml } from "../../base/yaml/yamlParser.ts";
import { treeValue } from "../../base/yaml/yamlTree.ts";
import { ExcessiveAliasing } from "../../base/yaml/yamlTreeBuilder.ts";
import { notRegistered, unknownConversion, versionOf } from "../registry/otherType.ts";
import { BodyAborted, BodyTooLarge, type HttpRequest, headerOf } from "./exchange.ts";
import { JsonError, parseJson } from "./jsonText.ts";

/** Source: apiserver DefaultMaxRequestSizeBytes. */
const largestBodyBytes = 3 * 1024 * 1024;
const objectTypes: readonly string[] = [
  "application/json",
  "application/yaml",
  "application/vnd.kubernetes.protobuf",
];
const patchTypes: Readonly<Record<string, PatchType>> = {
  "application/json-patch+json": "json",
  "application/merge-patch+json": "merge",
  "application/strategic-merge-patch+json": "strategic",
  "application/apply-patch+yaml": "apply",
};

/** Names a kind: "apps/v1", "Deployment". */
export interface TypeMeta {
  readonly apiVersion: string;
  readonly kind: string;
}

/** What a body holds. */
export interface BodyValue {
  readonly value: unknown;
  /** The fields that the text names twice. */
  readonly duplicates: readonly DuplicateField[];
}

/** @throws ApiError (as a rejection) RequestEntityTooLarge, BadRequest */
export async function readBody(request: HttpRequest): Promise<Uint8Array> {
  try {
    return await request.readBody(largestBodyBytes);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw requestTooLargeError(largestBodyBytes);
    if (error instanceof BodyAborted) throw badRequestError("unexpected EOF");
    throw error;
  }
}

/** The media type of a body of objects; JSON unless said otherwise. @throws ApiError UnsupportedMediaType */
export function objectTypeOf(request: HttpRequest): string {
  const type = mediaTypeOf(request) ?? "application/json";
  if (!objectTypes.includes(type)) throw unsupportedMediaTypeError(objectTypes.join(", "));
  return type;
}

/** @throws ApiError UnsupportedMediaType */
export function patchTypeOf(request: HttpRequest): PatchType {
  const type = patchTypes[mediaTypeOf(request) ?? ""];
  if (type === undefined)
    throw genericError(415, "UnsupportedMediaType", "415: Unsupported Media Type");
  return type;
}

function mediaTypeOf(request: HttpRequest): string | undefined {
  const [type = ""] = (headerOf(request, "content-type") ?? "").split(";");
  return type === "" ? undefined : type.trim().toLowerCase();
}

/**
 * A body of JSON or YAML as a value that an endpoint takes as `expected`.
 * @throws ApiError BadRequest
 */
export function parseObject(bytes: Uint8Array, mediaType: string, expected: string): BodyValue {
  try {
    const text = textOf(bytes);
    const body = mediaType === "application/yaml" ? parseYaml(text) : parseJsonBody(text);
    const { value } = body;
    if (typeof value !== "object" || Array.isArray(value))
      throw new JsonError(`json: cannot unmarshal ${goTypeOf(value)} into ${typeMetaStruct}`);
    return body;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const why = `couldn't get version/kind; json parse error: ${error.message}`;
    throw badRequestError(
      `the object provided is unrecognized (must be of type ${expected}): ${why} (${summary(bytes)})`,
    );
  }
}

/** @throws ApiError BadRequest */
export function parsePatch(bytes: Uint8Array, type: PatchType): BodyValue {
  try {
    const text = textOf(bytes);
    return type === "apply" ? parseYaml(text) : parseJsonBody(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw badRequestError(`${patchErrorPrefixes[type]}${error.message}`);
  }
}

const patchErrorPrefixes: Readonly<Record<PatchType, string>> = {
  apply: "error decoding YAML: error converting YAML to JSON: ",
  json: "error decoding patch: ",
  merge: "error decoding patch: ",
  strategic: "",
};

/**
 * Compares what a body says it is with what the endpoint takes; what it leaves open is filled in.
 * @throws ApiError BadRequest
 */
export function checkType(
  value: Readonly<Record<string, unknown>>,
  expected: TypeMeta,
  kinds: KindRegistry,
): void {
  const found = typeOf(value, expected);
  if (found.kind !== expected.kind) throw otherKindError(value, found, { expected, kinds });
  if (found.apiVersion === expected.apiVersion) return;
  if (!kinds.forObject(found.apiVersion, found.kind))
    throw badRequestError(`${cannotHandle(found, expected)}: ${notRegistered(found)}`);
  throw badRequestError(
    `the API version in the data (${found.apiVersion}) does not match the expected API version (${expected.apiVersion})`,
  );
}

function typeOf(value: Readonly<Record<string, unknown>>, expected: TypeMeta): TypeMeta {
  const { apiVersion, kind } = value;
  return {
    apiVersion: typeof apiVersion === "string" && apiVersion ? apiVersion : expected.apiVersion,
    kind: typeof kind === "string" && kind ? kind : expected.kind,
  };
}

/** The server reads the object as what it says it is, and cannot make of that what it wants. */
function otherKindError(
  value: Readonly<Record<string, unknown>>,
  found: TypeMeta,
  { expected, kinds }: { readonly expected: TypeMeta; readonly kinds: KindRegistry },
) {
  const kind = kinds.forObject(found.apiVersion, found.kind);
  const decoded = kind && decode(value, found.apiVersion, found.kind);
  if (!kind || !decoded)
    return badRequestError(`${cannotHandle(found, expected)}: ${notRegistered(found)}`);
  const failure = decodeFailure(kind.gvk, decoded.problems, false);
  const why = failure?.slice(failure.indexOf(": ") + 2) ?? unknownConversion(found, expected);
  return badRequestError(`${cannotHandle(found, expected)}: ${why}`);
}

function cannotHandle(found: TypeMeta, expected: TypeMeta): string {
  const version = JSON.stringify(versionOf(found));
  return `${found.kind} in version ${version} cannot be handled as a ${expected.kind}`;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** @throws JsonError */
function parseJsonBody(text: string): BodyValue {
  const { value, duplicates } = parseJson(text);
  return { value, duplicates: duplicates.map((path) => ({ path })) };
}

/** @throws JsonError */
function parseYaml(text: string): BodyValue {
  return parseJsonAsYaml(text) ?? parseWholeYaml(text);
}

/** JSON is YAML, and faster to read; what is wrong with it is told as YAML's reader tells it. */
function parseJsonAsYaml(text: string): BodyValue | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const { value, duplicates } = parseJson(text);
    return duplicates.length === 0 ? { value, duplicates: [] } : undefined;
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    return undefined;
  }
}

/** @throws JsonError */
function parseWholeYaml(text: string): BodyValue {
  const parsed = parseYamlText(text);
  if ("syntaxFault" in parsed) throw new JsonError(`yaml: ${parsed.syntaxFault.message}`);
  const { root, errors, duplicates } = parsed;
  const [error] = errors;
  if (error) throw new JsonError(`yaml: ${error.message}`);
  return {
    value: (root && treeValue(root)) ?? {},
    duplicates: duplicates.map(({ key, valueStart }) => ({ key, line: lineAt(text, valueStart) })),
  };
}

/** @throws JsonError */
function parseYamlText(text: string): ParsedYaml {
  try {
    return readYaml(text, 0);
  } catch (error) {
    if (!(error instanceof ExcessiveAliasing)) throw error;
    throw new JsonError(`yaml: ${error.message}`);
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

const typeMetaStruct =
  'Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function goTypeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** The start of a body for an error. Source: handlers/rest.go summarizeData. */
function summary(bytes: Uint8Array): string {
  const longest = 30;
  if (bytes.length === 0) return "<empty>";
  const start = bytes.subarray(0, longest);
  const shown =
    start[0] === 0x7b
      ? textOf(start)
      : [...start].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return bytes.length > longest ? `${shown} ...` : shown;
}
