// A routed request with its query and body read: what the API server's door takes.
// Source: apiserver pkg/endpoints/handlers/{create,update,patch,delete,get}.go, 1.34.
import type { KindRegistry } from "../../api/kind.ts";
import type { ApiRequest, RequestOptions } from "../../api/request.ts";
import { badRequestError } from "../../api/status.ts";
import { type HttpRequest, headerOf } from "./exchange.ts";
import { decodeProtobuf } from "./protobuf.ts";
import {
  type DeleteParameters,
  deleteOptions,
  deleteQuery,
  readOptions,
  writeOptions,
} from "./queryOptions.ts";
import {
  type BodyValue,
  checkType,
  objectTypeOf,
  parseObject,
  parsePatch,
  patchTypeOf,
  readBody,
  type TypeMeta,
} from "./requestBody.ts";
import type { ResourceInfo } from "./requestInfo.ts";
import type { Route } from "./routing.ts";

export interface RoutedRequest extends Route {
  readonly request: HttpRequest;
  readonly query: URLSearchParams;
  readonly info: ResourceInfo;
}

const deleteOptionsType: TypeMeta = { apiVersion: "meta.k8s.io/v1", kind: "DeleteOptions" };

/** What the subresources take whose body is not of their own kind. */
const subresourceTypes: Readonly<Record<string, TypeMeta>> = {
  binding: { apiVersion: "v1", kind: "Binding" },
  eviction: { apiVersion: "policy/v1", kind: "Eviction" },
  scale: { apiVersion: "autoscaling/v1", kind: "Scale" },
  token: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest" },
};

/** @throws ApiError (as a rejection) for a query or body that the server does not take */
export async function apiRequestOf(
  routed: RoutedRequest,
  kinds: KindRegistry,
): Promise<ApiRequest> {
  const { query, verb } = routed;
  switch (verb) {
    case "create":
    case "update":
      return writeRequest(routed, verb, kinds);
    case "patch":
      return patchRequest(routed);
    case "delete":
    case "deletecollection":
      return deleteRequest(routed);
    default:
      return addressed(routed, { options: readOptions(query) });
  }
}

/** The resource that a request is about, without its options and body. */
export function addressed(
  { info, kind, request, verb }: RoutedRequest,
  more: Partial<ApiRequest>,
): ApiRequest {
  const { subresource, namespace, name } = info;
  return {
    verb,
    apiVersion: kind.apiVersion,
    resource: kind.plural,
    namespace,
    ...(subresource === undefined ? {} : { subresource }),
    ...(name === undefined ? {} : { name }),
    ...userAgentOf(request),
    ...more,
  };
}

async function writeRequest(
  routed: RoutedRequest,
  verb: "create" | "update",
  kinds: KindRegistry,
): Promise<ApiRequest> {
  const { request, query, kind, info } = routed;
  const expected = subresourceTypes[info.subresource ?? ""] ?? {
    apiVersion: kind.apiVersion,
    kind: kind.gvk.kind,
  };
  const mediaType = objectTypeOf(request);
  const bytes = await readBody(request);
  const options = writeOptions(query, verb, userAgentOf(request));
  const { value, duplicates } = bodyValueOf(bytes, mediaType, expected);
  const object = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (!kind.decode || expected.apiVersion !== kind.apiVersion) checkType(object, expected, kinds);
  return addressed(routed, {
    body: { ...object, ...expected, ...typeOf(object) },
    options,
    ...(duplicates.length > 0 ? { duplicateFields: duplicates } : {}),
  });
}

async function patchRequest(routed: RoutedRequest): Promise<ApiRequest> {
  const { request, query } = routed;
  const patchType = patchTypeOf(request);
  const bytes = await readBody(request);
  const options = writeOptions(query, "patch", { patchType, ...userAgentOf(request) });
  const { value, duplicates } = parsePatch(bytes, patchType);
  return addressed(routed, {
    patchType,
    body: value,
    options,
    ...(duplicates.length > 0 ? { duplicateFields: duplicates } : {}),
  });
}

async function deleteRequest(routed: RoutedRequest): Promise<ApiRequest> {
  const { request, query, verb } = routed;
  const bytes = await readBody(request);
  const parameters = bytes.length > 0 ? deleteBody(request, bytes) : deleteQuery(query);
  return addressed(routed, {
    options: {
      ...(verb === "deletecollection" ? selection(query) : {}),
      ...deleteOptions(parameters),
    },
  });
}

/** The options of a deletion may come as the body, which makes the query's silent. */
function deleteBody(request: HttpRequest, bytes: Uint8Array): DeleteParameters {
  const { value } = bodyValueOf(bytes, objectTypeOf(request), deleteOptionsType);
  const { kind = "DeleteOptions", ...options } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (kind !== "DeleteOptions")
    throw badRequestError("decoded object cannot be converted to DeleteOptions");
  return options as DeleteParameters;
}

function selection(query: URLSearchParams): RequestOptions {
  const { labelSelector, fieldSelector } = readOptions(query);
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

function bodyValueOf(bytes: Uint8Array, mediaType: string, expected: TypeMeta): BodyValue {
  return mediaType === "application/vnd.kubernetes.protobuf"
    ? { value: decodeProtobuf(bytes, expected).object, duplicates: [] }
    : parseObject(bytes, mediaType, expected.kind);
}

function typeOf({ apiVersion, kind }: Readonly<Record<string, unknown>>): Partial<TypeMeta> {
  return {
    ...(typeof apiVersion === "string" && apiVersion ? { apiVersion } : {}),
    ...(typeof kind === "string" && kind ? { kind } : {}),
  };
}

function userAgentOf(request: HttpRequest): { readonly userAgent?: string } {
  const userAgent = headerOf(request, "user-agent");
  return userAgent === undefined ? {} : { userAgent };
}
