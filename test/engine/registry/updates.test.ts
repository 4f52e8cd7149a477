// What may change of an object once it is there: each kind's own words for the rest.
import assert from "node:assert/strict";
import type { Kind } from "../../../src/api/kind.ts";
import { APIService } from "../../../src/api/kinds/apiService.ts";
import { CertificateSigningRequest } from "../../../src/api/kinds/certificateSigningRequest.ts";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { CSIDriver } from "../../../src/api/kinds/csiDriver.ts";
import { CSINode } from "../../../src/api/kinds/csiNode.ts";
import { CSIStorageCapacity } from "../../../src/api/kinds/csiStorageCapacity.ts";
import { EndpointSlice } from "../../../src/api/kinds/endpointSlice.ts";
import { IPAddress } from "../../../src/api/kinds/ipAddress.ts";
import { Lease } from "../../../src/api/kinds/lease.ts";
import { Namespace } from "../../../src/api/kinds/namespace.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { PersistentVolume } from "../../../src/api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../src/api/kinds/persistentVolumeClaim.ts";
import { PriorityClass } from "../../../src/api/kinds/priorityClass.ts";
import { ReplicationController } from "../../../src/api/kinds/replicationController.ts";
import { ResourceQuota } from "../../../src/api/kinds/resourceQuota.ts";
import { RuntimeClass } from "../../../src/api/kinds/runtimeClass.ts";
import { Secret } from "../../../src/api/kinds/secret.ts";
import { ServiceCIDR } from "../../../src/api/kinds/serviceCidr.ts";
import { StorageClass } from "../../../src/api/kinds/storageClass.ts";
import { VolumeAttachment } from "../../../src/api/kinds/volumeAttachment.ts";
import { VolumeAttributesClass } from "../../../src/api/kinds/volumeAttributesClass.ts";
import { messageOf, TestServer } from "./testServer.ts";

/** A merge patch, and "ok" or what the server says about it behind "... is invalid: ". */
type Change = readonly [change: object, words: string, subresource?: string];

const metadata = { name: "x" };
const template = {
  metadata: { labels: { app: "x" } },
  spec: { containers: [{ name: "c", image: "i" }] },
};
/** Of CN=x, signed with a key that was thrown away. */
const requestBody =
  "MIGLMD8CAQAwDDEKMAgGA1UEAwwBeDAqMAUGAytlcAMhAJaOFisGNYf2OJKa0sUAA6m3cX4hNH0foq56qt/JKU8RoAAwBQYD" +
  "K2VwA0EADQ6glYI5Rr+Ouh9Yo4g+VvlRkVV7j50yVbMPM36P1P9zxvhAmHFMqbX4BwNMgyY75WosODEVrrmI4RhmbvMqAw==";
const request = btoa(
  `-----BEGIN CERTIFICATE REQUEST-----\n${requestBody}\n-----END CERTIFICATE REQUEST-----\n`,
);

const cases: readonly (readonly [Kind, object, ...(readonly Change[])])[] = [
  [
    ConfigMap as Kind,
    { metadata, immutable: true, data: { a: "b" } },
    [{ data: { a: "c" } }, "data: Forbidden: field is immutable when `immutable` is set"],
    [{ immutable: null }, "immutable: Forbidden: field is immutable when `immutable` is set"],
    [{ metadata: { labels: { a: "b" } } }, "ok"],
    [
      { metadata: { finalizers: ["x"] } },
      'metadata.finalizers[0]: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified',
    ],
    [
      { metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } },
      'metadata.deletionTimestamp: Invalid value: "2026-01-01T00:00:00Z": field is immutable',
    ],
  ],
  [
    Secret as Kind,
    { metadata, type: "a/b", immutable: true, stringData: { a: "b" } },
    [{ type: "c/d" }, 'type: Invalid value: "c/d": field is immutable'],
    [{ stringData: { a: "c" } }, "data: Forbidden: field is immutable when `immutable` is set"],
  ],
  [
    Lease as Kind,
    { metadata, spec: { leaseDurationSeconds: 10 } },
    [
      { spec: { leaseDurationSeconds: 0 } },
      "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
    ],
    [{ metadata: { finalizers: ["a/b"] } }, "ok"],
  ],
  [
    Namespace as Kind,
    { metadata },
    [{ spec: { finalizers: ["a/b"] } }, "ok"],
    [
      { status: { phase: "Terminating" } },
      "status.Phase: Invalid value: \"Terminating\": may only be 'Active' if `deletionTimestamp` is empty",
      "status",
    ],
  ],
  [
    Node as Kind,
    { metadata, spec: { podCIDR: "10.244.1.0/24", providerID: "p" } },
    [
      { spec: { podCIDR: "10.244.2.0/24", podCIDRs: ["10.244.2.0/24"] } },
      'spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid',
    ],
    [
      { spec: { providerID: "q" } },
      'spec.providerID: Forbidden: node updates may not change providerID except from "" to valid',
    ],
    [
      { spec: { taints: [{ key: "a", effect: "Never" }] } },
      'metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"',
    ],
    [
      {
        status: {
          addresses: [
            { type: "Hostname", address: "a" },
            { type: "Hostname", address: "a" },
          ],
        },
      },
      'status.addresses[1]: Duplicate value: {"Type":"Hostname","Address":"a"}',
      "status",
    ],
    [{ status: { capacity: { cpu: "2" } } }, "ok", "status"],
  ],
  [
    ReplicationController as Kind,
    { metadata, spec: { template } },
    [
      { spec: { replicas: -1 } },
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      { status: { replicas: 1, readyReplicas: 2 } },
      "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
      "status",
    ],
  ],
  [
    EndpointSlice as Kind,
    { metadata, addressType: "IPv4", endpoints: [{ addresses: ["10.0.0.1"] }] },
    [
      { addressType: "FQDN", endpoints: [{ addresses: ["a.b"] }] },
      'addressType: Invalid value: "FQDN": field is immutable',
    ],
    [
      { endpoints: [{ addresses: [] }] },
      "endpoints[0].addresses: Required value: must contain at least 1 address",
    ],
  ],
  [
    PriorityClass as Kind,
    { metadata, value: 1 },
    [{ value: 2 }, "value: Forbidden: may not be changed in an update."],
    [{ preemptionPolicy: "Never" }, 'preemptionPolicy: Invalid value: "Never": field is immutable'],
    [{ description: "d" }, "ok"],
  ],
  [
    ResourceQuota as Kind,
    { metadata, spec: { hard: { pods: "2" } } },
    [
      { spec: { scopes: ["BestEffort"] } },
      'spec.scopes: Invalid value: ["BestEffort"]: field is immutable',
    ],
    [
      { spec: { hard: { pods: "-1" } } },
      'spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0',
    ],
    [{ status: { hard: { pods: "2" }, used: { pods: "1" } } }, "ok", "status"],
  ],
  [
    PersistentVolume as Kind,
    {
      metadata,
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        csi: { driver: "d.io", volumeHandle: "h" },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Exists" }] }],
          },
        },
      },
    },
    [{ spec: { csi: { controllerExpandSecretRef: { name: "s", namespace: "default" } } } }, "ok"],
    [{ spec: { volumeMode: "Block" } }, 'volumeMode: Invalid value: "Block": field is immutable'],
    [{ spec: { nodeAffinity: null } }, 'nodeAffinity: Invalid value: "null": field is immutable'],
    [{ spec: { persistentVolumeReclaimPolicy: "Delete" } }, "ok"],
  ],
  [
    PersistentVolumeClaim as Kind,
    {
      metadata,
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "2Gi" } },
      },
    },
    [{ spec: { volumeName: "v", storageClassName: "late" } }, "ok"],
    [{ status: { phase: "Bound", capacity: { storage: "2Gi" } } }, "ok", "status"],
    [{ spec: { resources: { requests: { storage: "3Gi" } } } }, "ok"],
    [
      { spec: { resources: { requests: { storage: "1Gi" } } } },
      "spec.resources.requests.storage: Forbidden: field can not be less than status.capacity",
    ],
    [
      { status: { capacity: { storage: "-1" } } },
      "status.capacity[storage]: Invalid value: -1: must be a valid resource quantity",
      "status",
    ],
  ],
  [
    StorageClass as Kind,
    { metadata, provisioner: "p.io/q", parameters: { a: "b" } },
    [{ provisioner: "r.io/s" }, "provisioner: Forbidden: updates to provisioner are forbidden."],
    [{ parameters: { a: "c" } }, "parameters: Forbidden: updates to parameters are forbidden."],
    [
      { reclaimPolicy: "Retain" },
      "reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.",
    ],
    [{ allowVolumeExpansion: true }, "ok"],
  ],
  [
    CSIDriver as Kind,
    { metadata: { name: "x.io" }, spec: { attachRequired: false } },
    [
      { spec: { attachRequired: true } },
      "spec.attachedRequired: Invalid value: true: field is immutable",
    ],
    [{ spec: { requiresRepublish: true } }, "ok"],
  ],
  [
    CSINode as Kind,
    { metadata, spec: { drivers: [{ name: "d.io", nodeID: "n" }] } },
    [{ spec: { drivers: [] } }, "ok"],
  ],
  [
    CSIStorageCapacity as Kind,
    { metadata, storageClassName: "fast", nodeTopology: {} },
    [{ storageClassName: "slow" }, 'storageClassName: Invalid value: "slow": field is immutable'],
    [{ capacity: "1Gi" }, "ok"],
  ],
  [
    VolumeAttachment as Kind,
    {
      metadata,
      spec: { attacher: "d.io", nodeName: "n", source: { persistentVolumeName: "v" } },
    },
    [{ status: { attached: true } }, "ok", "status"],
    [
      { metadata: { labels: { a: "b" } }, spec: { nodeName: "m" } },
      'spec: Invalid value: {"Attacher":"d.io","Source":{"PersistentVolumeName":"v","InlineVolumeSpec":null},"NodeName":"m"}: field is immutable',
    ],
  ],
  [
    VolumeAttributesClass as Kind,
    { metadata, driverName: "d.io", parameters: { iops: "1" } },
    [{ driverName: "e.io" }, "driverName: Forbidden: updates to driverName are forbidden."],
  ],
  [
    RuntimeClass as Kind,
    { metadata, handler: "runc" },
    [{ handler: "kata" }, 'handler: Invalid value: "kata": field is immutable'],
  ],
  [
    IPAddress as Kind,
    {
      metadata: { name: "10.0.0.1" },
      spec: { parentRef: { resource: "services", name: "s", namespace: "default" } },
    },
    [
      { spec: { parentRef: { name: "t" } } },
      'spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"default","Name":"t"}: field is immutable',
    ],
  ],
  [
    ServiceCIDR as Kind,
    { metadata, spec: { cidrs: ["10.1.0.0/16"] } },
    [
      { spec: { cidrs: ["10.2.0.0/16"] } },
      'spec.cidrs[0]: Invalid value: "10.2.0.0/16": field is immutable',
    ],
  ],
  [
    CertificateSigningRequest as Kind,
    { metadata, spec: { request, signerName: "a.io/b", usages: ["client auth"] } },
    [
      { status: { conditions: [{ type: "Approved", status: "True", reason: "R" }] } },
      "ok",
      "approval",
    ],
    [
      { status: { conditions: [] } },
      'status.conditions: Forbidden: updates may not remove a condition of type "Approved"',
      "approval",
    ],
    [
      { status: { certificate: btoa("none") } },
      'status.certificate: Invalid value: "<certificate data>": must contain at least one CERTIFICATE PEM block',
      "status",
    ],
  ],
  [
    APIService as Kind,
    {
      metadata: { name: "v1.a.io" },
      spec: { group: "a.io", version: "v1", groupPriorityMinimum: 1, versionPriority: 1 },
    },
    [
      { spec: { versionPriority: 0 } },
      "spec.versionPriority: Invalid value: 0: must be positive and less than 1000",
    ],
  ],
];

describe("updates change what may change of", () => {
  for (const [kind, object, ...changes] of cases)
    it(kind.listKind, () => {
      const server = new TestServer();
      const { metadata: made } = object as { readonly metadata: { readonly name: string } };
      assert.equal(messageOf(server.create(kind, object)), `201 ${made.name}`);
      for (const [change, words, subresource] of changes) {
        const answer = messageOf(server.patch(kind, made.name, change, subresource));
        const resource = kind.gvk.group === "" ? "" : `.${kind.gvk.group}`;
        const refused = `422 ${kind.gvk.kind}${resource} "${made.name}" is invalid: ${words}`;
        assert.equal(answer, words === "ok" ? `200 ${made.name}` : refused);
      }
    });
});
