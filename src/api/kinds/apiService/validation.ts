// APIServices. Source: kube-aggregator pkg/apis/apiregistration/{v1/defaults.go,validation}, 1.34.
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { APIService, APIServiceSpec } from "../../types.ts";
import { check, checkChoice, checkDnsSubdomain, each } from "../../validation/fields.ts";
import { dns1035Label, portNumberErrors } from "../../validation/texts.ts";
import { decodedLength } from "../configMap/validation.ts";

const specPath = FieldPath.of("spec");
const maxGroupPriority = 20_000;
const maxVersionPriority = 1_000;

export function setApiServiceDefaults({ spec }: Draft<APIService>): void {
  if (spec.service) spec.service.port ??= 443;
}

export function validateApiService({ metadata, spec }: APIService): FieldError[] {
  const { group = "", version = "" } = spec;
  const name = `${version}.${group}`;
  const groupPath = specPath.child("group");
  return [
    ...(metadata.name === name
      ? []
      : [
          invalid(
            FieldPath.of("metadata", "name"),
            metadata.name,
            `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(name)}`,
          ),
        ]),
    ...(group === "" && version !== "v1"
      ? [required(groupPath, "only v1 may have an empty group and it better be legacy kube")]
      : []),
    ...(group === "" ? [] : checkDnsSubdomain(group, groupPath)),
    ...check(dns1035Label, version, specPath.child("version")),
    ...validatePriority(spec, "groupPriorityMinimum", maxGroupPriority),
    ...validatePriority(spec, "versionPriority", maxVersionPriority),
    ...(spec.service ? validateRemote(spec, spec.service) : validateLocal(spec)),
  ];
}

export function validateApiServiceStatus({ status }: APIService): FieldError[] {
  const conditionsPath = FieldPath.of("status", "conditions");
  return each(status?.conditions, conditionsPath, (condition, at) =>
    checkChoice(condition.status ?? "", ["True", "False", "Unknown"], at.child("status")),
  );
}

function validatePriority(
  spec: APIServiceSpec,
  field: "groupPriorityMinimum" | "versionPriority",
  most: number,
): FieldError[] {
  const priority = spec[field] ?? 0;
  return priority > 0 && priority <= most
    ? []
    : [invalid(specPath.child(field), priority, `must be positive and less than ${most}`)];
}

function validateLocal({ caBundle = "", insecureSkipTLSVerify }: APIServiceSpec): FieldError[] {
  return [
    ...(caBundle === ""
      ? []
      : [
          invalid(
            specPath.child("caBundle"),
            `${decodedLength(caBundle)} bytes`,
            "local APIServices may not have a caBundle",
          ),
        ]),
    ...(insecureSkipTLSVerify
      ? [
          invalid(
            specPath.child("insecureSkipTLSVerify"),
            true,
            "local APIServices may not have insecureSkipTLSVerify",
          ),
        ]
      : []),
  ];
}

function validateRemote(
  { caBundle = "", insecureSkipTLSVerify }: APIServiceSpec,
  { namespace, name, port = 0 }: NonNullable<APIServiceSpec["service"]>,
): FieldError[] {
  const at = specPath.child("service");
  return [
    ...(namespace ? [] : [required(at.child("namespace"))]),
    ...(name ? [] : [required(at.child("name"))]),
    ...portNumberErrors(port).map((words) =>
      invalid(at.child("port"), port, `port is not valid: ${words}`),
    ),
    ...(insecureSkipTLSVerify && caBundle !== ""
      ? [
          invalid(
            specPath.child("insecureSkipTLSVerify"),
            true,
            "may not be true if caBundle is present",
          ),
        ]
      : []),
  ];
}
