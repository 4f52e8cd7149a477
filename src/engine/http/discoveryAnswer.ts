// Discovery over HTTP: in one document for clients that know it, in many small ones for the others, and
// not again for those who have it. Source: apiserver pkg/endpoints/discovery/aggregated, 1.34.
import { sha256 } from "../network/sha256.ts";
import { jsonAnswer, notModified, pageNotFound } from "./answers.ts";
import type { Discovery } from "./discovery.ts";
import { jsonText } from "./encode.ts";
import { type HttpRequest, type HttpResponse, headerOf } from "./exchange.ts";
import { parseAccept } from "./negotiate.ts";

/** @returns undefined for a path that is none of discovery's */
export function discoveryAnswer(
  path: string,
  request: HttpRequest,
  discovery: Discovery,
): HttpResponse | undefined {
  const [root, group, version, ...rest] = path.split("/").filter((part) => part !== "");
  if ((root !== "api" && root !== "apis") || rest.length > 0) return undefined;
  if (group === undefined) return rootAnswer(root, request, discovery);
  if (root === "api")
    return version === undefined ? found(discovery.resourceList("", group)) : undefined;
  return found(
    version === undefined ? discovery.group(group) : discovery.resourceList(group, version),
  );
}

function rootAnswer(
  root: "api" | "apis",
  request: HttpRequest,
  discovery: Discovery,
): HttpResponse {
  const version = aggregatedVersion(headerOf(request, "accept"));
  if (version === undefined) {
    const address = headerOf(request, "host") ?? "";
    return {
      ...jsonAnswer(200, root === "api" ? discovery.coreVersions(address) : discovery.groupList()),
    };
  }
  const body = jsonText(discovery.aggregated(root, version));
  const etag = `"${hexadecimal(sha256(body))}"`;
  const headers = { Etag: etag, Vary: "Accept", "Cache-Control": "public" };
  if (headerOf(request, "if-none-match") === etag) return { ...notModified, headers };
  const type = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  return { status: 200, headers: { ...headers, "Content-Type": type }, body };
}

/** Which of the single documents the client likes best; undefined for the many. */
function aggregatedVersion(accept: string | undefined): "v2" | "v2beta1" | undefined {
  for (const { type, parameters } of parseAccept(accept ?? "")) {
    const { g, v, as } = parameters;
    if (type !== "application/json" && type !== "*/*") continue;
    if (g !== "apidiscovery.k8s.io" || as !== "APIGroupDiscoveryList") return undefined;
    if (v === "v2" || v === "v2beta1") return v;
  }
  return undefined;
}

function found(document: unknown): HttpResponse {
  return document === undefined ? pageNotFound : jsonAnswer(200, document);
}

function hexadecimal(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0").toUpperCase()).join("");
}
