// Names of signers: "example.com/signer-name".
// Source: pkg/apis/certificates/validation ValidateSignerName, kubernetes v1.34.
import { type FieldError, invalid, required, tooLong } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import { byteLength, dnsLabel, dnsSubdomain, type TextRule } from "../../validation/texts.ts";

const maxDomainBytes = 253;
const maxBytes = 571;

/** Of each part, only the first bad label is reported. */
export function validateSignerName(name: string, path: FieldPath): FieldError[] {
  if (name === "") return [required(path)];
  const [domain = "", rest = "", ...more] = name.split("/");
  if (!name.includes("/") || more.length > 0)
    return [
      invalid(
        path,
        name,
        "must be a fully qualified domain and path of the form 'example.com/signer-name'",
      ),
    ];
  return [
    ...(byteLength(domain) > maxDomainBytes ? [tooLong(path, maxDomainBytes)] : []),
    ...checkLabels(domain, dnsLabel, path),
    ...(domain.includes(".")
      ? []
      : [invalid(path, domain, "should be a domain with at least two segments separated by dots")]),
    ...checkLabels(rest, dnsSubdomain, path),
    ...(byteLength(name) > maxBytes ? [tooLong(path, maxBytes)] : []),
  ];
}

function checkLabels(part: string, rule: TextRule, path: FieldPath): FieldError[] {
  for (const label of part.split(".")) {
    const errors = rule(label);
    if (errors.length > 0)
      return errors.map((words) =>
        invalid(path, part, `validating label ${JSON.stringify(label)}: ${words}`),
      );
  }
  return [];
}
