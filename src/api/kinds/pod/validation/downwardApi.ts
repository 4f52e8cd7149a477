// Fields of the Pod handed to its containers. Source: pkg/apis/core/validation and
// pkg/apis/core/pods ConvertDownwardAPIFieldLabel, kubernetes v1.34.
import { type FieldError, invalid, notSupported, required } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import { amountOf, signOf } from "../../../quantity.ts";
import type {
  DownwardAPIVolumeFile,
  DownwardAPIVolumeSource,
  ObjectFieldSelector,
  Quantity,
  ResourceFieldSelector,
} from "../../../types.ts";
import { checkQualifiedName } from "../../../validation/fields.ts";
import { validateLocalNonReservedPath } from "../../../validation/paths.ts";
import { amountText } from "../../../validation/quantities.ts";
import { requireFields, validateFileMode } from "./volumeSources.ts";

export const envFields = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

const volumeFields = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** Every field that can be named at all, whether or not it is allowed in the place at hand. */
const knownFields = new Set([
  ...envFields,
  ...volumeFields,
  "spec.restartPolicy",
  "spec.schedulerName",
  "status.phase",
]);

const resourceFields = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];
const hugePagesPrefixes = ["limits.hugepages-", "requests.hugepages-"];

export function validateFieldSelector(
  selector: ObjectFieldSelector,
  allowed: readonly string[],
  path: FieldPath,
): FieldError[] {
  const { apiVersion, fieldPath } = selector;
  if (!apiVersion) return [required(path.child("apiVersion"))];
  if (!fieldPath) return [required(path.child("fieldPath"))];
  const field = fieldPath === "spec.host" ? "spec.nodeName" : fieldPath;
  const problem = conversionProblem(apiVersion, field);
  if (problem !== undefined)
    return [invalid(path.child("fieldPath"), fieldPath, `error converting fieldPath: ${problem}`)];
  const subscripted = /^(.+?)\['(.*)'\]$/s.exec(field);
  if (!subscripted)
    return allowed.includes(field) ? [] : [notSupported(path.child("fieldPath"), field, allowed)];
  const [, base = "", subscript = ""] = subscripted;
  return checkQualifiedName(
    base === "metadata.annotations" ? subscript.toLowerCase() : subscript,
    path,
  );
}

function conversionProblem(apiVersion: string, field: string): string | undefined {
  if (apiVersion !== "v1") return `unsupported pod version: ${apiVersion}`;
  const isSubscripted = /^metadata\.(annotations|labels)\['.*'\]$/s.test(field);
  return isSubscripted || knownFields.has(field)
    ? undefined
    : `field label not supported: ${field}`;
}

export function validateResourceFieldSelector(
  { containerName, resource = "", divisor = "0" }: ResourceFieldSelector,
  path: FieldPath,
  needsContainer: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const isKnown =
    resourceFields.includes(resource) ||
    hugePagesPrefixes.some((prefix) => resource.startsWith(prefix));
  if (needsContainer && !containerName) errors.push(required(path.child("containerName")));
  else if (resource === "") errors.push(required(path.child("resource")));
  else if (!isKnown) errors.push(notSupported(path.child("resource"), resource, resourceFields));
  return [...errors, ...validateDivisor(resource, divisor, path)];
}

const byteDivisors = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei".split(", ");

function validateDivisor(resource: string, divisor: Quantity, path: FieldPath): FieldError[] {
  if (signOf(amountOf(divisor)) === 0) return [];
  const at = path.child("divisor");
  const text = amountText(divisor);
  if (resource.endsWith(".cpu"))
    return text === "1m" || text === "1"
      ? []
      : [
          invalid(
            at,
            resource,
            "only divisor's values 1m and 1 are supported with the cpu resource",
          ),
        ];
  const words = byteResource(resource);
  return words === undefined || byteDivisors.includes(text)
    ? []
    : [
        invalid(
          at,
          resource,
          `only divisor's values ${byteDivisors.join(", ")} are supported with the ${words} resource`,
        ),
      ];
}

function byteResource(resource: string): string | undefined {
  if (resource.endsWith(".memory")) return "memory";
  if (resource.endsWith(".ephemeral-storage")) return "local ephemeral storage";
  return hugePagesPrefixes.some((prefix) => resource.startsWith(prefix)) ? "hugepages" : undefined;
}

export function validateDownwardApiFile(
  file: DownwardAPIVolumeFile,
  path: FieldPath,
): FieldError[] {
  return [
    ...requireFields(file, path, "path"),
    ...validateLocalNonReservedPath(file.path ?? "", path.child("path")),
    ...validateFileContent(file, path),
    ...validateFileMode(file.mode, path.child("mode")),
  ];
}

function validateFileContent(
  { fieldRef, resourceFieldRef }: DownwardAPIVolumeFile,
  path: FieldPath,
): FieldError[] {
  if (fieldRef)
    return [
      ...validateFieldSelector(fieldRef, volumeFields, path.child("fieldRef")),
      ...(resourceFieldRef
        ? [
            invalid(
              path,
              "resource",
              "fieldRef and resourceFieldRef can not be specified simultaneously",
            ),
          ]
        : []),
    ];
  return resourceFieldRef
    ? validateResourceFieldSelector(resourceFieldRef, path.child("resourceFieldRef"), true)
    : [required(path, "one of fieldRef and resourceFieldRef is required")];
}

/** The server names the volume, not the item, in errors about its files. */
export function validateDownwardApiVolume(
  { defaultMode, items = [] }: DownwardAPIVolumeSource,
  path: FieldPath,
): FieldError[] {
  return [
    ...validateFileMode(defaultMode, path.child("defaultMode")),
    ...items.flatMap((item) => validateDownwardApiFile(item, path)),
  ];
}
