// APIService: who answers for a version of an API group, the server itself or a Service behind it.
import { formatTime, type Instant } from "../../base/time.ts";
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { APIService as APIServiceObject } from "../types.ts";
import {
  setApiServiceDefaults,
  validateApiService,
  validateApiServiceStatus,
} from "./apiService/validation.ts";
import { ageColumn, nameColumn } from "./columns.ts";
import { keepMetadata } from "./keepMetadata.ts";

export const APIService = defineKind<APIServiceObject>({
  gvk: gvk("apiregistration.k8s.io", "v1", "APIService"),
  plural: "apiservices",
  categories: ["api-extensions"],
  namespaced: false,
  subresources: ["status"],
  nameRule: "pathSegment",
  checksFinalizerNames: false,
  allowsUnconditionalUpdate: false,
  columns: [
    nameColumn,
    column(
      "Service",
      "string",
      ({ spec: { service } }) => (service ? `${service.namespace}/${service.name}` : "Local"),
      { description: "The reference to the service that hosts this API endpoint." },
    ),
    column("Available", "string", availableText, {
      description: "Whether this service is available.",
    }),
    ageColumn,
  ],
  prepareForCreate(apiService, { now }) {
    apiService.status = apiService.spec.service ? {} : { conditions: [localCondition(now)] };
  },
  prepareForSubresource: (_subresource, apiService, old) => keepMetadata(apiService, old),
  setDefaults: setApiServiceDefaults,
  validate: validateApiService,
  validateStatusUpdate: validateApiServiceStatus,
});

/** What kube-apiserver serves itself needs no looking after. */
function localCondition(now: Instant) {
  return {
    type: "Available",
    status: "True",
    lastTransitionTime: formatTime(now),
    reason: "Local",
    message: "Local APIServices are always available",
  };
}

/** "True", or "False (FailedDiscoveryCheck)". Source: kube-aggregator registry/apiservice. */
function availableText({ status }: APIServiceObject): string {
  const available = status?.conditions?.find(({ type }) => type === "Available");
  if (!available) return "Unknown";
  return available.status === "True"
    ? available.status
    : `${available.status} (${available.reason ?? ""})`;
}
