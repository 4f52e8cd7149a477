// The types of `request` and `namespaceObject` in expressions about requests.
// Source: apiserver pkg/admission/plugin/cel/compile.go, kubernetes v1.34.
import {
  boolType,
  type CelType,
  dynType,
  intType,
  listType,
  mapType,
  type StructType,
  stringType,
} from "../cel/celType.ts";

const timestampType: CelType = { kind: "timestamp" };
const strings = listType(stringType);

/** An object type with these fields. */
export function structType(name: string, fields: Readonly<Record<string, CelType>>): StructType {
  return {
    kind: "struct",
    name,
    field: (field) => (Object.hasOwn(fields, field) ? fields[field] : undefined),
  };
}

const versionKind = structType("kubernetes.GroupVersionKind", {
  group: stringType,
  version: stringType,
  kind: stringType,
});
const versionResource = structType("kubernetes.GroupVersionResource", {
  group: stringType,
  version: stringType,
  resource: stringType,
});
const userInfo = structType("kubernetes.UserInfo", {
  username: stringType,
  uid: stringType,
  groups: strings,
  extra: mapType(stringType, strings),
});

export const requestType = structType("kubernetes.AdmissionRequest", {
  kind: versionKind,
  resource: versionResource,
  subResource: stringType,
  requestKind: versionKind,
  requestResource: versionResource,
  requestSubResource: stringType,
  name: stringType,
  namespace: stringType,
  operation: stringType,
  userInfo,
  dryRun: boolType,
  options: dynType,
});

const condition = structType("kubernetes.NamespaceCondition", {
  status: stringType,
  type: stringType,
  lastTransitionTime: timestampType,
  message: stringType,
  reason: stringType,
});
const metadata = structType("kubernetes.NamespaceMetadata", {
  name: stringType,
  generateName: stringType,
  namespace: stringType,
  labels: mapType(stringType, stringType),
  annotations: mapType(stringType, stringType),
  UID: stringType,
  creationTimestamp: timestampType,
  deletionGracePeriodSeconds: intType,
  deletionTimestamp: timestampType,
  generation: intType,
  resourceVersion: stringType,
  finalizers: strings,
});

export const namespaceType = structType("kubernetes.Namespace", {
  metadata,
  spec: structType("kubernetes.NamespaceSpec", { finalizers: strings }),
  status: structType("kubernetes.NamespaceStatus", {
    conditions: listType(condition),
    phase: stringType,
  }),
});
