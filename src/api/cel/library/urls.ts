// URLs in expressions. Source: apiserver pkg/cel/library/urls.go and Go's net/url, kubernetes v1.34.
import { utf8Text } from "../../../base/utf8.ts";
import { type CelLibrary, declare, overload } from "../declaration.ts";
import {
  ArrayList,
  CelError,
  type CelMap,
  type CelValue,
  EntryMap,
  type OpaqueValue,
} from "../value.ts";

const type = "kubernetes.URL";

interface UrlParts {
  readonly scheme: string;
  readonly userInfo: string;
  readonly host: string;
  /** As written, escapes and all. */
  readonly path: string;
  readonly query: string;
}

class UrlValue implements OpaqueValue {
  readonly opaqueType = type;

  constructor(readonly parts: UrlParts) {}

  equals(other: CelValue): boolean {
    return other instanceof UrlValue && urlText(this.parts) === urlText(other.parts);
  }
}

function urlText({ scheme, userInfo, host, path, query }: UrlParts): string {
  const authority = host === "" && userInfo === "" ? "" : `//${userInfo}${host}`;
  return `${scheme === "" ? "" : `${scheme}:`}${authority}${path}${query === "" ? "" : `?${query}`}`;
}

/** Reads what Go's ParseRequestURI reads: an absolute URI or an absolute path, without a fragment. */
function parseUrl(text: string): UrlParts | string {
  const failure = (reason: string) =>
    `URL parse error during conversion from string: parse ${JSON.stringify(text)}: ${reason}`;
  if ([...text].some((c) => c < " " || c === "\x7f"))
    return failure("net/url: invalid control character in URL");
  if (text === "") return failure("empty url");
  const [, scheme = "", rest = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  if (scheme === "" && text.startsWith(":")) return failure("missing protocol scheme");
  if (!rest.startsWith("/") && scheme === "") return failure("invalid URI for request");
  const [, authority = "", path = "", query = ""] =
    /^(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/s.exec(rest) ?? [];
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(authority + path)?.[0];
  if (badEscape !== undefined) return failure(`invalid URL escape ${JSON.stringify(badEscape)}`);
  const at = authority.lastIndexOf("@");
  const host = authority.slice(at + 1);
  const badHost = /[ "<>^`{|}\\]/.exec(host)?.[0];
  if (badHost !== undefined)
    return failure(`invalid character ${JSON.stringify(badHost)} in host name`);
  const port = /:([^\]]*)$/.exec(host)?.[1];
  if (port !== undefined && !/^\d*$/.test(port))
    return failure(`invalid port ${JSON.stringify(`:${port}`)} after host`);
  return { scheme: scheme.toLowerCase(), userInfo: authority.slice(0, at + 1), host, path, query };
}

function url(text: string): UrlValue {
  const parts = parseUrl(text);
  if (typeof parts === "string") throw new CelError(parts);
  return new UrlValue(parts);
}

/** A path with its escapes, and with escapes for what needs them. */
function escapedPath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-_.~$&+,/:;=@!'()*[\]%]/gu, (character) =>
    encodeURIComponent(character),
  );
}

function hostname(host: string): string {
  const bracketed = /^\[(.*)\](?::\d*)?$/.exec(host)?.[1];
  return bracketed ?? host.replace(/:\d*$/, "");
}

function queryOf(query: string): CelMap {
  const values = new Map<string, string[]>();
  for (const part of query.split("&")) {
    if (part === "" || part.includes(";")) continue;
    const [key = "", value = ""] = part.split(/=(.*)/s).map(unescapeQuery);
    if (key === undefined || value === undefined) continue;
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return new EntryMap([...values].map(([key, all]) => [key, new ArrayList(all)]));
}

function unescapeQuery(text: string): string {
  const bytes: number[] = [];
  const plain = text.replaceAll("+", " ");
  for (let at = 0; at < plain.length; at++) {
    const hex = /^%([0-9a-fA-F]{2})/.exec(plain.slice(at, at + 3))?.[1];
    if (hex !== undefined) at += 2;
    bytes.push(hex === undefined ? plain.charCodeAt(at) & 0xff : Number.parseInt(hex, 16));
  }
  return utf8Text(Uint8Array.from(bytes)) ?? plain;
}

function part(name: string, id: string, read: (parts: UrlParts) => string) {
  return declare(
    name,
    overload(id, `${type}.${name}() -> string`, ({ parts }: UrlValue) => read(parts)),
  );
}

export const urlsLibrary: CelLibrary = {
  functions: [
    declare("url", overload("string_to_url", `(string) -> ${type}`, url)),
    declare(
      "isURL",
      overload(
        "is_url_string",
        "(string) -> bool",
        (text: string) => typeof parseUrl(text) !== "string",
      ),
    ),
    part("getScheme", "url_get_scheme", ({ scheme }) => scheme),
    part("getHost", "url_get_host", ({ host }) => host),
    part("getHostname", "url_get_hostname", ({ host }) => hostname(host)),
    part("getPort", "url_get_port", ({ host }) => /:(\d*)$/.exec(host)?.[1] ?? ""),
    part("getEscapedPath", "url_get_escaped_path", ({ path }) => escapedPath(path)),
    declare(
      "getQuery",
      overload(
        "url_get_query",
        `${type}.getQuery() -> map<string, list<string>>`,
        ({ parts }: UrlValue) => queryOf(parts.query),
      ),
    ),
  ],
};
