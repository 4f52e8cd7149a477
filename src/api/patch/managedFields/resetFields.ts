// Which fields each resource and subresource resets in a write, so that nobody comes to manage them by it.
// Source: GetResetFields and GetResetFieldsFilter of the strategies in pkg/registry, 1.34.
import type { Kind, Subresource } from "../../kind.ts";
import { everyField, exceptFields, type FieldFilter, onlyFields } from "./fieldFilter.ts";

const exceptStatus = exceptFields(["status"]);
const exceptSpec = exceptFields(["spec"]);
const exceptSpecAndMetadata = exceptFields(["metadata"], ["spec"]);

const ofResources: Readonly<Record<string, FieldFilter>> = {
  "certificatesigningrequests.certificates.k8s.io": exceptFields(["spec"], ["status"]),
};

const ofStatus: Readonly<Record<string, FieldFilter>> = {
  "apiservices.apiregistration.k8s.io": exceptSpecAndMetadata,
  "certificatesigningrequests.certificates.k8s.io": exceptFields(
    ["spec"],
    ["status", "conditions"],
  ),
  "customresourcedefinitions.apiextensions.k8s.io": exceptSpecAndMetadata,
  "deployments.apps": exceptFields(["spec"], ["metadata", "labels"]),
  "flowschemas.flowcontrol.apiserver.k8s.io": exceptSpecAndMetadata,
  pods: exceptFields(["spec"], ["metadata", "deletionTimestamp"], ["metadata", "ownerReferences"]),
  "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": exceptSpecAndMetadata,
  "validatingadmissionpolicies.admissionregistration.k8s.io": exceptSpecAndMetadata,
  "volumeattachments.storage.k8s.io": exceptSpecAndMetadata,
};

const ofSubresources: Readonly<Partial<Record<Subresource, FieldFilter>>> = {
  approval: exceptFields(["spec"], ["status", "certificate"]),
  ephemeralcontainers: onlyFields(["spec", "ephemeralContainers"]),
  finalize: exceptStatus,
  resize: onlyFields(
    ["spec", "containers", "*", "resources"],
    ["spec", "containers", "*", "resizePolicy"],
    ["spec", "initContainers", "*", "resources"],
    ["spec", "initContainers", "*", "resizePolicy"],
  ),
};

export function fieldFilterOf(kind: Kind, subresource: Subresource | undefined): FieldFilter {
  if (subresource === "status") return ofStatus[kind.resource] ?? exceptSpec;
  if (subresource !== undefined) return ofSubresources[subresource] ?? everyField;
  const own = ofResources[kind.resource];
  return own ?? (kind.subresources.includes("status") ? exceptStatus : everyField);
}
