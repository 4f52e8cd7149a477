// Answers HTTP requests with the files of a directory.
import { utf8Bytes } from "../../../base/utf8.ts";
import type { HttpHeaders, HttpRequest, HttpResponse } from "../../network/http1.ts";
import { FileError } from "../process/fileError.ts";
import type { FileSystem } from "../process/fileSystem.ts";
import { absolutePath } from "../process/paths.ts";

export interface StaticSite {
  readonly root: string;
  readonly index: readonly string[];
  /** Headers of every answer, e.g. Server. */
  readonly headers: HttpHeaders;
  /** The page that tells of an error. */
  errorPage(status: number): string;
}

const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  css: "text/css",
  js: "application/javascript",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  gif: "image/gif",
  ico: "image/x-icon",
  txt: "text/plain",
  xml: "text/xml",
};

export function siteAnswer(
  files: FileSystem,
  site: StaticSite,
  request: HttpRequest,
): HttpResponse {
  if (request.method !== "GET" && request.method !== "HEAD") return errorAnswer(site, 405);
  const [encoded = "/"] = request.target.split("?");
  const path = absolutePath("/", decoded(encoded));
  try {
    const target = `${site.root}${path === "/" ? "" : path}`;
    if (files.stat(target).kind !== "directory") return fileAnswer(files, site, target);
    if (!encoded.endsWith("/"))
      return { ...errorAnswer(site, 301), headers: [...site.headers, ["Location", `${encoded}/`]] };
    const index = site.index.find((name) => files.exists(`${target}/${name}`));
    return index ? fileAnswer(files, site, `${target}/${index}`) : errorAnswer(site, 403);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return errorAnswer(site, error.code === "EACCES" ? 403 : 404);
  }
}

export function errorAnswer(site: StaticSite, status: number): HttpResponse {
  const headers = [...site.headers, ["Content-Type", "text/html"]] as const;
  return { status, headers, body: utf8Bytes(site.errorPage(status)) };
}

function fileAnswer(files: FileSystem, site: StaticSite, path: string): HttpResponse {
  const type = contentTypes[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream";
  return {
    status: 200,
    headers: [...site.headers, ["Content-Type", type]],
    body: files.read(path),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
