// Which requests a FlowSchema is about. Source: pkg/apis/flowcontrol/validation, kubernetes v1.34.
import { type FieldError, invalid, notSupported, required } from "../../fieldError.ts";
import type { FieldPath } from "../../fieldPath.ts";
import type { NonResourcePolicyRule, ResourcePolicyRule } from "../../types.ts";
import { each } from "../../validation/fields.ts";
import { dnsLabel } from "../../validation/texts.ts";

const verbs = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "proxy",
  "update",
  "watch",
];

export function validateResourceRule(rule: ResourcePolicyRule, path: FieldPath): FieldError[] {
  const { namespaces = [], clusterScope = false } = rule;
  const at = path.child("namespaces");
  return [
    ...validateVerbs(rule.verbs ?? [], path.child("verbs")),
    ...validateList(rule.apiGroups ?? [], path.child("apiGroups"), "api group", "api groups"),
    ...validateList(rule.resources ?? [], path.child("resources"), "resource", "resources"),
    ...(namespaces.length === 0 && !clusterScope
      ? [
          required(
            at,
            "resource rules that are not cluster scoped must supply at least one namespace",
          ),
        ]
      : namespaces.includes("*")
        ? loneStar(namespaces, at, "namespaces")
        : each(namespaces, at, (namespace, item) =>
            dnsLabel(namespace).map((words) =>
              invalid(
                item,
                namespace,
                `each member of this list must be '*' or a DNS-1123 label; ${words}`,
              ),
            ),
          )),
  ];
}

export function validateNonResourceRule(
  rule: NonResourcePolicyRule,
  path: FieldPath,
): FieldError[] {
  const { nonResourceURLs: urls = [] } = rule;
  const at = path.child("nonResourceURLs");
  return [
    ...validateVerbs(rule.verbs ?? [], path.child("verbs")),
    ...(urls.length === 0
      ? [required(at, "nonResourceURLs must contain at least one value")]
      : urls.includes("*")
        ? loneStar(urls, at, "non-resource URLs")
        : each(urls, at, (url, item) => {
            const words = urlError(url);
            return words === undefined ? [] : [invalid(item, url, words)];
          })),
  ];
}

function validateVerbs(asked: readonly string[], path: FieldPath): FieldError[] {
  if (asked.length === 0) return [required(path, "verbs must contain at least one value")];
  if (asked.includes("*")) return loneStar(asked, path, "verbs");
  return asked.every((verb) => verbs.includes(verb)) ? [] : [notSupported(path, asked, verbs)];
}

function validateList(
  items: readonly string[],
  path: FieldPath,
  one: string,
  many: string,
): FieldError[] {
  if (items.length === 0) return [required(path, `resource rules must supply at least one ${one}`)];
  return items.includes("*") ? loneStar(items, path, many) : [];
}

/** A wildcard goes with nothing else. */
function loneStar(items: readonly string[], path: FieldPath, many: string): FieldError[] {
  return items.length > 1
    ? [invalid(path, items, `if '*' is present, must not specify other ${many}`)]
    : [];
}

/** Source: ValidateNonResourceURLPath. */
function urlError(url: string): string | undefined {
  if (url === "") return "must not be empty";
  if (url === "/") return undefined;
  if (!url.startsWith("/")) return "must start with slash";
  if (url.includes(" ")) return "must not contain white-space";
  if (url.includes("//")) return "must not contain double slash";
  const stars = url.split("*").length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith("/*"))
    ? "wildcard can only do suffix matching"
    : undefined;
}
