// What kinds of resources there are. Source: pkg/apis/core/helper/helpers.go, kubernetes v1.34.
import { type FieldError, invalid } from "../fieldError.ts";
import type { FieldPath } from "../fieldPath.ts";
import { check } from "./fields.ts";
import { qualifiedName } from "./texts.ts";

const hugePages = "hugepages-";
const compute = ["cpu", "memory", "ephemeral-storage"];
const requests = ["requests.cpu", "requests.memory", "requests.ephemeral-storage"];
const limits = ["limits.cpu", "limits.memory", "limits.ephemeral-storage"];
const counted = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];
const quotaResources = new Set([
  ...compute,
  ...requests,
  ...limits,
  "requests.storage",
  ...counted,
]);
const standardResources = new Set([...quotaResources, "storage"]);

export function isHugePages(name: string): boolean {
  return name.startsWith(hugePages);
}

/** "hugepages-2Mi" → "2Mi". */
export function hugePageSize(name: string): string {
  return name.slice(hugePages.length);
}

function isQuotaHugePages(name: string): boolean {
  return isHugePages(name) || name.startsWith(`requests.${hugePages}`);
}

export function isStandardQuotaResource(name: string): boolean {
  return quotaResources.has(name) || isQuotaHugePages(name);
}

function isStandardResource(name: string): boolean {
  return standardResources.has(name) || isQuotaHugePages(name);
}

/** Without a prefix, or with one of Kubernetes' own. */
export function isNativeResource(name: string): boolean {
  return !name.includes("/") || name.includes("kubernetes.io/");
}

export function isExtendedResource(name: string): boolean {
  if (isNativeResource(name) || name.startsWith("requests.")) return false;
  return qualifiedName(`requests.${name}`).length === 0;
}

/** False for what cannot be shared: requests must equal limits there. */
export function isOvercommitAllowed(name: string): boolean {
  return isNativeResource(name) && !isHugePages(name);
}

/** True for resources that only come in whole pieces. */
export function isIntegerResource(name: string): boolean {
  return counted.includes(name) || isExtendedResource(name);
}

export type ResourceNameCheck = (name: string, path: FieldPath) => FieldError[];

export const checkResourceName: ResourceNameCheck = (name, path) => {
  const errors = check(qualifiedName, name, path);
  if (errors.length > 0 || name.includes("/") || isStandardResource(name)) return errors;
  return [invalid(path, name, "must be a standard resource type or fully qualified")];
};

export const checkContainerResourceName: ResourceNameCheck = (name, path) => {
  const errors = checkResourceName(name, path);
  if (!name.includes("/")) {
    if (!compute.includes(name) && !isHugePages(name))
      errors.push(invalid(path, name, "must be a standard resource for containers"));
  } else if (!isNativeResource(name) && !isExtendedResource(name))
    errors.push(invalid(path, name, "doesn't follow extended resource name standard"));
  return errors;
};

export const checkQuotaResourceName: ResourceNameCheck = (name, path) => {
  const errors = checkResourceName(name, path);
  if (!name.includes("/") && !isStandardQuotaResource(name))
    errors.push(invalid(path, name, "must be a standard resource for quota"));
  return errors;
};
