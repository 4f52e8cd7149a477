// Links of a proxied page lead through the proxy again.
// Source: apimachinery pkg/util/proxy/transport.go (atomsToAttrs, rewriteURL), kubernetes v1.34.
import type { HttpResponse } from "../exchange.ts";

/** Attributes that hold URLs, by the elements that have them. */
const linkAttributes: Readonly<Record<string, readonly string[]>> = {
  a: ["href"],
  applet: ["codebase"],
  area: ["href"],
  audio: ["src"],
  base: ["href"],
  blockquote: ["cite"],
  body: ["background"],
  button: ["formaction"],
  command: ["icon"],
  del: ["cite"],
  embed: ["src"],
  form: ["action"],
  frame: ["longdesc", "src"],
  head: ["profile"],
  html: ["manifest"],
  iframe: ["longdesc", "src"],
  img: ["longdesc", "src", "usemap"],
  input: ["src", "usemap", "formaction"],
  ins: ["cite"],
  link: ["href"],
  object: ["classid", "codebase", "data", "usemap"],
  q: ["cite"],
  script: ["src"],
  source: ["src"],
  video: ["poster", "src"],
};

const tag = /<([a-z][a-z0-9]*)((?:\s+[^<>]*)?)>/gi;
const attribute = /([a-z-]+)(\s*=\s*")([^"]*)"/gi;

/** @param prefix the path of the proxy: "/api/v1/namespaces/default/pods/web:80/proxy" */
export function withRewrittenLinks(response: HttpResponse, prefix: string): HttpResponse {
  const { headers, body } = response;
  const location = headerNamed(headers, "location");
  if (location !== undefined) {
    const [name, value] = location;
    return { ...response, headers: { ...headers, [name]: rewritten(value, prefix) } };
  }
  const [, type = ""] = headerNamed(headers, "content-type") ?? [];
  if (type.split(";")[0]?.trim() !== "text/html" || typeof body === "function") return response;
  if (!(body instanceof Uint8Array)) return response;
  const page = new TextDecoder()
    .decode(body)
    .replace(tag, (whole, element: string, rest: string) => {
      const own = linkAttributes[element.toLowerCase()];
      if (!own) return whole;
      const links = rest.replace(attribute, (found, name: string, equals: string, url: string) =>
        own.includes(name.toLowerCase()) ? `${name}${equals}${rewritten(url, prefix)}"` : found,
      );
      return `<${element}${links}>`;
    });
  const { "content-length": _, "Content-Length": __, ...others } = headers;
  return { ...response, headers: others, body: new TextEncoder().encode(page) };
}

function headerNamed(
  headers: HttpResponse["headers"],
  wanted: string,
): readonly [string, string] | undefined {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === wanted);
  return found && [found[0], String(found[1])];
}

/** What leads to another host, or from where the page is, stays. */
function rewritten(url: string, prefix: string): string {
  const isOfThisHost = url.startsWith("/") && !url.startsWith("//");
  return isOfThisHost && !url.startsWith(prefix) ? prefix + url : url;
}
