// Name resolution in a Pod. Source: pkg/apis/core/validation validatePodDNSConfig, kubernetes v1.34.
import { type FieldError, invalid, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import type { HostAlias, PodDNSConfig, PodSpec } from "../../../types.ts";
import { validateAddress } from "../../../validation/addresses.ts";
import { check, checkDnsSubdomain, each } from "../../../validation/fields.ts";
import { byteLength, dnsSubdomainWithUnderscore } from "../../../validation/texts.ts";

// Limits of the C library's resolver.
const maxNameservers = 3;
const maxSearchPaths = 32;
const maxSearchCharacters = 2048;

export function validateDnsConfig(
  { dnsPolicy, dnsConfig }: PodSpec,
  path: FieldPath,
): FieldError[] {
  const at = path.child("nameservers");
  if (dnsPolicy === "None") {
    if (!dnsConfig) return [required(path, "must provide `dnsConfig` when `dnsPolicy` is None")];
    if (!dnsConfig.nameservers?.length)
      return [required(at, "must provide at least one DNS nameserver when `dnsPolicy` is None")];
  }
  if (!dnsConfig) return [];
  const { nameservers = [], options } = dnsConfig;
  return [
    ...(nameservers.length > maxNameservers
      ? [invalid(at, nameservers, `must not have more than ${maxNameservers} nameservers`)]
      : []),
    ...each(nameservers, at, validateAddress),
    ...validateSearches(dnsConfig, path.child("searches")),
    ...each(options, path.child("options"), ({ name }, optionPath) =>
      name ? [] : [required(optionPath, "must not be empty")],
    ),
  ];
}

function validateSearches({ searches = [] }: PodDNSConfig, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (searches.length > maxSearchPaths)
    errors.push(invalid(path, searches, `must not have more than ${maxSearchPaths} search paths`));
  if (byteLength(searches.join(" ")) > maxSearchCharacters)
    errors.push(
      invalid(
        path,
        searches,
        `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`,
      ),
    );
  return [
    ...errors,
    ...each(searches, path, (search, at) =>
      search === "." ? [] : check(dnsSubdomainWithUnderscore, search.replace(/\.$/, ""), at),
    ),
  ];
}

export function validateHostAliases(
  aliases: readonly HostAlias[] | undefined,
  path: FieldPath,
): FieldError[] {
  return each(aliases, path, ({ ip, hostnames }, at) => [
    ...validateAddress(ip ?? "", at.child("ip")),
    ...each(hostnames, at.child("hostnames"), checkDnsSubdomain),
  ]);
}
