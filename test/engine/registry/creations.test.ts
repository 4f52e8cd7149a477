// What the server refuses of new objects of the kinds around workloads, in its own words.
import assert from "node:assert/strict";
import type { Kind } from "../../../src/api/kind.ts";
import { APIService } from "../../../src/api/kinds/apiService.ts";
import { CertificateSigningRequest } from "../../../src/api/kinds/certificateSigningRequest.ts";
import { CSIDriver } from "../../../src/api/kinds/csiDriver.ts";
import { CSINode } from "../../../src/api/kinds/csiNode.ts";
import { CSIStorageCapacity } from "../../../src/api/kinds/csiStorageCapacity.ts";
import { Endpoints } from "../../../src/api/kinds/endpoints.ts";
import { EventsEvent } from "../../../src/api/kinds/eventsEvent.ts";
import { FlowSchema } from "../../../src/api/kinds/flowSchema.ts";
import { IPAddress } from "../../../src/api/kinds/ipAddress.ts";
import { LimitRange } from "../../../src/api/kinds/limitRange.ts";
import { MutatingWebhookConfiguration } from "../../../src/api/kinds/mutatingWebhookConfiguration.ts";
import { PodTemplate } from "../../../src/api/kinds/podTemplate.ts";
import { PriorityLevelConfiguration } from "../../../src/api/kinds/priorityLevelConfiguration.ts";
import { RuntimeClass } from "../../../src/api/kinds/runtimeClass.ts";
import { ServiceCIDR } from "../../../src/api/kinds/serviceCidr.ts";
import { StorageClass } from "../../../src/api/kinds/storageClass.ts";
import { ValidatingAdmissionPolicy } from "../../../src/api/kinds/validatingAdmissionPolicy.ts";
import { ValidatingAdmissionPolicyBinding } from "../../../src/api/kinds/validatingAdmissionPolicyBinding.ts";
import { ValidatingWebhookConfiguration } from "../../../src/api/kinds/validatingWebhookConfiguration.ts";
import { VolumeAttachment } from "../../../src/api/kinds/volumeAttachment.ts";
import { VolumeAttributesClass } from "../../../src/api/kinds/volumeAttributesClass.ts";
import { messageOf, TestServer } from "./testServer.ts";

const metadata = { name: "x" };
const webhook = {
  name: "w.x.io",
  clientConfig: { url: "https://x.io/w" },
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
};
const everything = {
  apiGroups: ["*"],
  apiVersions: ["*"],
  operations: ["*"],
  resources: ["*"],
};

/** The words are all that stands behind "... is invalid: "; of several errors, in brackets. */
const cases: readonly (readonly [Kind, object, string])[] = [
  [
    Endpoints as Kind,
    { metadata, subsets: [{ ports: [{ port: 80 }] }] },
    "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`",
  ],
  [
    Endpoints as Kind,
    { metadata, subsets: [{ addresses: [{ ip: "127.0.0.1" }], ports: [{ port: 80 }] }] },
    'subsets[0].addresses[0].ip: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)',
  ],
  [
    LimitRange as Kind,
    { metadata, spec: { limits: [{ type: "Container", max: { cpu: "1" }, min: { cpu: "2" } }] } },
    'spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
  ],
  [
    PodTemplate as Kind,
    { metadata, template: { spec: { containers: [] } } },
    "template.spec.containers: Required value",
  ],
  [StorageClass as Kind, { metadata, provisioner: "" }, "provisioner: Required value"],
  [
    StorageClass as Kind,
    { metadata, provisioner: "p.io/q", volumeBindingMode: "Late" },
    'volumeBindingMode: Unsupported value: "Late"',
  ],
  [
    CSIDriver as Kind,
    { metadata: { name: "x.io" }, spec: { volumeLifecycleModes: ["Never"] } },
    'spec.volumeLifecycleModes: Unsupported value: "Never": supported values: "Persistent", "Ephemeral"',
  ],
  [
    CSINode as Kind,
    { metadata, spec: { drivers: [{ name: "d.io", nodeID: "" }] } },
    "spec.drivers[0].nodeID: Required value",
  ],
  [
    CSIStorageCapacity as Kind,
    { metadata, storageClassName: "A" },
    "storageClassName: Invalid value: \"A\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ],
  [
    VolumeAttachment as Kind,
    { metadata, spec: { attacher: "d.io", nodeName: "n", source: {} } },
    "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
  ],
  [
    VolumeAttributesClass as Kind,
    { metadata, driverName: "d.io" },
    "parameters: Required value: must contain at least one key/value pair",
  ],
  [
    RuntimeClass as Kind,
    { metadata, handler: "a/b" },
    'handler: Invalid value: "a/b": a lowercase RFC 1123 label must consist of',
  ],
  [
    CertificateSigningRequest as Kind,
    { metadata, spec: { request: btoa("x"), signerName: "a.io/b", usages: ["client auth"] } },
    'spec.request: Invalid value: "eA==": PEM block type must be CERTIFICATE REQUEST',
  ],
  [
    FlowSchema as Kind,
    { metadata, spec: { priorityLevelConfiguration: { name: "" }, matchingPrecedence: 0 } },
    "spec.priorityLevelConfiguration.name: Required value: must reference a priority level",
  ],
  [
    PriorityLevelConfiguration as Kind,
    { metadata, spec: { type: "Exempt" } },
    "spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'",
  ],
  [
    PriorityLevelConfiguration as Kind,
    { metadata, spec: { type: "Limited" } },
    "spec.limited: Required value: must not be empty when type is Limited",
  ],
  [
    APIService as Kind,
    { metadata: { name: "v1.b.io" }, spec: { group: "a.io", version: "v1" } },
    'metadata.name: Invalid value: "v1.b.io": must be `spec.version+"."+spec.group`: "v1.a.io"',
  ],
  [
    IPAddress as Kind,
    { metadata: { name: "10.0.0.01" }, spec: {} },
    'metadata.name: Invalid value: "10.0.0.01": must not have leading 0s',
  ],
  [
    ServiceCIDR as Kind,
    { metadata, spec: { cidrs: [] } },
    "spec.cidrs: Required value: at least one CIDR required",
  ],
  [
    MutatingWebhookConfiguration as Kind,
    { metadata, webhooks: [{ ...webhook, name: "short" }] },
    'webhooks[0].name: Invalid value: "short": should be a domain with at least three segments separated by dots',
  ],
  [
    MutatingWebhookConfiguration as Kind,
    { metadata, webhooks: [{ ...webhook, clientConfig: {} }] },
    "webhooks[0].clientConfig: Required value: exactly one of url or service is required",
  ],
  [
    ValidatingWebhookConfiguration as Kind,
    { metadata, webhooks: [{ ...webhook, sideEffects: "Some" }] },
    'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"',
  ],
  [
    ValidatingWebhookConfiguration as Kind,
    { metadata, webhooks: [{ ...webhook, timeoutSeconds: 31 }] },
    "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds",
  ],
  [
    ValidatingAdmissionPolicy as Kind,
    { metadata, spec: { validations: [{ expression: "true" }] } },
    "spec.matchConstraints: Required value",
  ],
  [
    ValidatingAdmissionPolicy as Kind,
    { metadata, spec: { matchConstraints: { resourceRules: [everything] } } },
    "spec.validations: Required value: validations or auditAnnotations must contain at least one item",
  ],
  [
    ValidatingAdmissionPolicyBinding as Kind,
    { metadata, spec: { policyName: "p", validationActions: ["Deny", "Warn"] } },
    'spec.validationActions: Invalid value: ["Deny","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
  ],
  [
    EventsEvent as Kind,
    { metadata, regarding: { namespace: "default" }, type: "Normal" },
    "eventTime: Required value",
  ],
];

describe("a new object is refused:", () => {
  for (const [kind, object, words] of cases)
    it(`${kind.gvk.kind}: ${words.slice(0, 60)}`, () => {
      const answer = messageOf(new TestServer().create(kind, object));
      assert.ok(answer.startsWith("422 "), answer);
      const found = answer.slice(answer.indexOf(" is invalid: ") + " is invalid: ".length);
      const errors = found.startsWith("[") ? found : `[${found}]`;
      assert.ok(errors.includes(words), `${errors} does not say ${words}`);
    });
});
