// Where a webhook listens. Source: apiserver pkg/util/webhook/validation.go, kubernetes v1.34.
import { type FieldError, invalid, required } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import { dnsSubdomain, portNumberErrors } from "./texts.ts";

const form = "; desired format: https://host[/path]";

/** Always over TLS. */
export function validateWebhookUrl(text: string, path: FieldPath): FieldError[] {
  const { scheme, user, host, query, fragment } = splitUrl(text);
  return [
    ...(scheme === "https"
      ? []
      : [invalid(path, scheme, `'https' is the only allowed URL scheme${form}`)]),
    ...(host === "" ? [invalid(path, host, `host must be specified${form}`)] : []),
    ...(user === undefined
      ? []
      : [invalid(path, user, "user information is not permitted in the URL")]),
    ...(fragment ? [invalid(path, fragment, "fragments are not permitted in the URL")] : []),
    ...(query ? [invalid(path, query, "query parameters are not permitted in the URL")] : []),
  ];
}

interface UrlParts {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly query: string;
  readonly fragment: string;
}

/** The parts of a URL by RFC 3986, whatever they hold. */
function splitUrl(text: string): UrlParts {
  const match = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  const [, scheme = "", authority = "", query = "", fragment = ""] = match ?? [];
  const at = authority.lastIndexOf("@");
  return {
    scheme: scheme.toLowerCase(),
    user: at < 0 ? undefined : authority.slice(0, at),
    host: authority.slice(at + 1),
    query,
    fragment,
  };
}

export interface WebhookService {
  readonly name?: string;
  readonly namespace?: string;
  readonly path?: string;
  readonly port?: number;
}

export function validateWebhookService(
  { name, namespace, path: urlPath = "", port = 0 }: WebhookService,
  path: FieldPath,
): FieldError[] {
  const portErrors = portNumberErrors(port);
  return [
    ...(name ? [] : [required(path.child("name"), "service name is required")]),
    ...(namespace ? [] : [required(path.child("namespace"), "service namespace is required")]),
    ...(portErrors.length === 0
      ? []
      : [invalid(path.child("port"), port, `port is not valid: ${portErrors.join(", ")}`)]),
    ...validateUrlPath(urlPath, path.child("path")),
  ];
}

function validateUrlPath(urlPath: string, path: FieldPath): FieldError[] {
  if (urlPath === "" || urlPath === "/") return [];
  if (urlPath === "//") return [invalid(path, urlPath, "segment[0] may not be empty")];
  const segments = urlPath.slice(1).replace(/\/$/, "").split("/");
  return [
    ...(urlPath.startsWith("/") ? [] : [invalid(path, urlPath, "must start with a '/'")]),
    ...segments.flatMap((segment, i) =>
      segment === ""
        ? [invalid(path, urlPath, `segment[${i}] may not be empty`)]
        : dnsSubdomain(segment).map((words) => invalid(path, urlPath, `segment[${i}]: ${words}`)),
    ),
  ];
}
