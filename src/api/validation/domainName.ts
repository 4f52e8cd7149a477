// Fully qualified domain names. Source: apimachinery pkg/util/validation, kubernetes v1.34.
import { type FieldError, invalid, required } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import { dnsLabel, dnsSubdomain } from "./texts.ts";

/** At least two segments; a trailing dot is fine. Only the first error is reported. */
export function validateFullyQualifiedDomainName(text: string, path: FieldPath): FieldError[] {
  if (text === "") return [required(path)];
  const name = text.replace(/\.$/, "");
  const errors = dnsSubdomain(name);
  if (errors.length > 0) return [invalid(path, name, errors.join(","))];
  const segments = name.split(".");
  if (segments.length < 2)
    return [invalid(path, name, "should be a domain with at least two segments separated by dots")];
  for (const segment of segments) {
    const words = dnsLabel(segment);
    if (words.length > 0) return [invalid(path, segment, words.join(","))];
  }
  return [];
}

/** At least three segments, without a trailing dot. */
export function validateFullyQualifiedName(name: string, path: FieldPath): FieldError[] {
  if (name === "") return [required(path)];
  const errors = dnsSubdomain(name);
  if (errors.length > 0) return [invalid(path, name, errors.join(","))];
  return name.split(".").length < 3
    ? [invalid(path, name, "should be a domain with at least three segments separated by dots")]
    : [];
}

const httpPath = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const wholeHttpPath = new RegExp(`^${httpPath}$`);

/** A domain, a slash and a path, e.g. "example.com/ingress-controller". */
export function validateDomainPrefixedPath(text: string, path: FieldPath): FieldError[] {
  if (text === "") return [required(path)];
  const slash = text.indexOf("/");
  const [host, rest] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 1 || rest === "")
    return [invalid(path, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const errors = dnsSubdomain(host).map((words) => invalid(path, host, words));
  if (!wholeHttpPath.test(rest))
    errors.push(invalid(path, rest, `Invalid path (regex used for validation is '${httpPath}')`));
  return errors;
}
