// OpenAPI over HTTP. Source: kube-openapi pkg/handler and pkg/handler3, 1.34.
import type { Instant } from "../../base/time.ts";
import { day } from "../../base/time.ts";
import { notModified, pageNotFound, queryOf } from "./answers.ts";
import { jsonType } from "./encode.ts";
import { type HttpRequest, type HttpResponse, headerOf } from "./exchange.ts";
import { chooseType } from "./negotiate.ts";
import type { OpenApi, OpenApiDocument } from "./openapi.ts";

const protobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
/** What clients ask for, though no media type may have such a name. */
const misspeltProtobufType = protobufType.replace("v2.", "v2@");
const yearOfDays = 365;

/** @returns undefined for a path that is none of OpenAPI's. `now` is the wall's time. */
export function openapiAnswer(
  path: string,
  request: HttpRequest,
  { openApi, now }: { readonly openApi: OpenApi; now(): Instant },
): HttpResponse | undefined {
  if (path === "/openapi/v2") return oldAnswer(request, openApi);
  if (path === "/openapi/v3" || path === "/openapi/v3/")
    return served(request, openApi.index(), { "Content-Type": "text/plain; charset=utf-8" });
  if (!path.startsWith("/openapi/v3/")) return undefined;
  const place = path.slice("/openapi/v3/".length);
  const document = openApi.document(place);
  if (!document) return pageNotFound;
  const hash = new URLSearchParams(queryOf(request.target)).get("hash");
  if (hash !== null && hash !== document.hash) {
    const location = `/openapi/v3/${place}?hash=${document.hash}`;
    return { status: 301, headers: { Location: location }, body: "" };
  }
  if (chooseType(headerOf(request, "accept"), [jsonType]) === undefined)
    return { status: 406, headers: {}, body: "" };
  const lasting = {
    "Cache-Control": "public, immutable",
    Expires: new Date(now() + yearOfDays * day).toUTCString(),
  };
  return served(request, document, {
    "Content-Type": jsonType,
    Vary: "Accept",
    ...(hash === null ? {} : lasting),
  });
}

function oldAnswer(request: HttpRequest, openApi: OpenApi): HttpResponse {
  const type = chooseType(headerOf(request, "accept"), [
    jsonType,
    misspeltProtobufType,
    protobufType,
  ]);
  if (type === undefined) return { status: 406, headers: {}, body: "" };
  const document = openApi.oldDocument();
  const answer = served(request, document, {
    "Content-Type": type === jsonType ? jsonType : protobufType,
    Vary: "Accept",
  });
  if (type === jsonType || answer.status === 304) return answer;
  return { ...answer, body: openApi.oldDocumentAsProtobuf() };
}

function served(
  request: HttpRequest,
  { text, hash }: OpenApiDocument,
  headers: Readonly<Record<string, string>>,
): HttpResponse {
  const etag = `"${hash}"`;
  if (headerOf(request, "if-none-match") === etag)
    return { ...notModified, headers: { Etag: etag } };
  return { status: 200, headers: { ...headers, Etag: etag }, body: text };
}
