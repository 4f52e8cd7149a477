// Answers that are not made by a resource: errors, and plain text as Go's http package writes it.
import type { ApiError } from "../../api/status.ts";
import { jsonText, jsonType, yamlText, yamlType } from "./encode.ts";
import { type HttpRequest, type HttpResponse, headerOf } from "./exchange.ts";
import { chooseType } from "./negotiate.ts";
import { warningLines } from "./warnings.ts";

export function textAnswer(status: number, text: string): HttpResponse {
  return {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
    body: text,
  };
}

/** Source: Go's http.NotFound. */
export const pageNotFound: HttpResponse = textAnswer(404, "404 page not found\n");

export function jsonAnswer(status: number, value: unknown): HttpResponse {
  return { status, headers: { "Content-Type": jsonType }, body: jsonText(value) };
}

/** What people read: indented, on several lines. Source: responsewriters.WriteRawJSON. */
export function rawJsonAnswer(value: unknown): HttpResponse {
  return {
    status: 200,
    headers: { "Content-Type": jsonType },
    body: JSON.stringify(value, undefined, 2),
  };
}

/** A Status, in YAML for who likes that better. Source: responsewriters.ErrorNegotiated. */
export function errorAnswer({ status: body, code }: ApiError, request: HttpRequest): HttpResponse {
  const type = chooseType(headerOf(request, "accept"), [jsonType, yamlType]) ?? jsonType;
  const retryAfter = body.details?.retryAfterSeconds;
  return {
    status: code,
    headers: {
      "Content-Type": type,
      ...(retryAfter ? { "Retry-After": String(retryAfter) } : {}),
    },
    body: type === yamlType ? yamlText(body) : jsonText(body, isPretty(request)),
  };
}

/** Whether the client looks like a person's. Source: apiserver negotiation isPrettyPrint. */
export function isPretty(request: HttpRequest): boolean {
  const asked = new URLSearchParams(queryOf(request.target)).get("pretty");
  if (asked) return /^(1|t|true)$/i.test(asked);
  return /^(curl|Wget|Mozilla\/5\.0)/.test(headerOf(request, "user-agent") ?? "");
}

export function pathOf(target: string): string {
  const mark = target.indexOf("?");
  return mark < 0 ? target : target.slice(0, mark);
}

export function queryOf(target: string): string {
  const mark = target.indexOf("?");
  return mark < 0 ? "" : target.slice(mark + 1);
}

/** The answer with a line for each warning. Source: apiserver pkg/endpoints/filters/warning.go. */
export function withWarnings(response: HttpResponse, warnings: readonly string[]): HttpResponse {
  if (warnings.length === 0) return response;
  return { ...response, headers: { ...response.headers, Warning: warningLines(warnings) } };
}

export const notModified: HttpResponse = { status: 304, headers: {}, body: "" };
