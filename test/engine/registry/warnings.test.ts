// What the server lets pass, and warns of.
import assert from "node:assert/strict";
import type { Kind } from "../../../src/api/kind.ts";
import { ComponentStatus } from "../../../src/api/kinds/componentStatus.ts";
import { EndpointSlice } from "../../../src/api/kinds/endpointSlice.ts";
import { Endpoints } from "../../../src/api/kinds/endpoints.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { PersistentVolume } from "../../../src/api/kinds/persistentVolume.ts";
import { PersistentVolumeClaim } from "../../../src/api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { ReplicationController } from "../../../src/api/kinds/replicationController.ts";
import { RuntimeClass } from "../../../src/api/kinds/runtimeClass.ts";
import { Secret } from "../../../src/api/kinds/secret.ts";
import { Service } from "../../../src/api/kinds/service.ts";
import { messageOf, TestServer } from "./testServer.ts";

const metadata = { name: "x" };
const ports = [{ port: 80 }];
const containers = [{ name: "c", image: "i" }];

function pem(type: string): string {
  return btoa(`-----BEGIN ${type}-----\nAA==\n-----END ${type}-----\n`);
}

function tls(certificate: string, key: string): object {
  return { metadata, type: "kubernetes.io/tls", data: { "tls.crt": certificate, "tls.key": key } };
}

const certificate = pem("CERTIFICATE");
const key = pem("RSA PRIVATE KEY");

const cases: readonly (readonly [Kind, object, readonly string[]])[] = [
  [
    Endpoints as Kind,
    { metadata },
    ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
  ],
  [
    Service as Kind,
    { metadata, spec: { ports, externalIPs: ["010.1.1.1"] } },
    [
      'spec.externalIPs[0]: non-standard IP address "010.1.1.1" will be considered invalid in a future Kubernetes release: use "10.1.1.1"',
    ],
  ],
  [
    Service as Kind,
    {
      metadata,
      spec: {
        clusterIP: "None",
        clusterIPs: ["None"],
        ports,
        sessionAffinity: "ClientIP",
        externalName: "a.b",
      },
    },
    [
      "spec.SessionAffinity is ignored for headless services",
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ],
  ],
  [
    Service as Kind,
    {
      metadata: {
        ...metadata,
        annotations: { "service.kubernetes.io/topology-aware-hints": "auto" },
      },
      spec: { type: "ExternalName", externalName: "a.b", externalIPs: ["10.1.1.1"] },
    },
    [
      "annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead",
      'spec.externalIPs is ignored when spec.type is "ExternalName"',
    ],
  ],
  [Secret as Kind, tls(certificate, key), []],
  [Secret as Kind, tls(btoa("x"), key), ["tls: failed to find any PEM data in certificate input"]],
  [
    Secret as Kind,
    tls(key, certificate),
    [
      "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
    ],
  ],
  [
    Secret as Kind,
    tls(certificate, certificate),
    ["tls: found a certificate rather than a key in the PEM for the private key"],
  ],
  [
    Secret as Kind,
    tls(certificate, pem("EC PARAMETERS")),
    [
      'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [EC PARAMETERS]',
    ],
  ],
  [
    EndpointSlice as Kind,
    { metadata, addressType: "FQDN", endpoints: [{ addresses: ["a.b"] }] },
    ["spec.addressType: FQDN endpoints are deprecated"],
  ],
  [
    EndpointSlice as Kind,
    { metadata, addressType: "IPv6", endpoints: [{ addresses: ["2001:db8:0::1"] }] },
    [
      'endpoints[0].addresses[0]: IPv6 address "2001:db8:0::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ],
  ],
  [
    Node as Kind,
    { metadata, spec: { externalID: "e", podCIDR: "10.244.1.1/24", podCIDRs: ["10.244.1.1/24"] } },
    [
      "spec.externalID: this field is deprecated, and is unused by Kubernetes",
      'spec.podCIDRs[0]: CIDR value "10.244.1.1/24" is ambiguous in this context (should be "10.244.1.0/24" or "10.244.1.1/32"?)',
    ],
  ],
  [
    Pod as Kind,
    {
      metadata: { name: "a.b" },
      spec: { containers, nodeSelector: { "beta.kubernetes.io/os": "linux" } },
    },
    [
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
    ],
  ],
  [
    ReplicationController as Kind,
    {
      metadata,
      spec: {
        template: {
          metadata: { labels: { a: "b" } },
          spec: { containers, terminationGracePeriodSeconds: -1 },
        },
      },
    },
    [
      "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1",
    ],
  ],
  [
    RuntimeClass as Kind,
    {
      metadata,
      handler: "h",
      scheduling: { nodeSelector: { "beta.kubernetes.io/arch": "amd64" } },
    },
    ['scheduling.nodeSelector: deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ],
  [
    PersistentVolume as Kind,
    {
      metadata: {
        ...metadata,
        annotations: { "volume.beta.kubernetes.io/storage-class": "slow" },
      },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        hostPath: { path: "/x" },
        persistentVolumeReclaimPolicy: "Recycle",
      },
    },
    [
      'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
    ],
  ],
  [
    PersistentVolumeClaim as Kind,
    {
      metadata,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "100m" } } },
    },
    [
      'spec.resources.requests[storage]: fractional byte value "100m" is invalid, must be an integer',
    ],
  ],
];

describe("warnings go with a new", () => {
  for (const [kind, object, warnings] of cases)
    it(`${kind.gvk.kind}: ${warnings[0]?.slice(0, 60) ?? "none"}`, () => {
      const answer = new TestServer().create(kind, object);
      assert.match(messageOf(answer), /^201 /);
      assert.deepEqual(answer.warnings, warnings);
    });
});

describe("warnings go with", () => {
  it("every answer about a kind that is deprecated", () => {
    const { warnings } = new TestServer().send(ComponentStatus, "list");
    assert.deepEqual(warnings, ["v1 ComponentStatus is deprecated in v1.19+"]);
  });

  it("no update of a Pod: kubelets write them too often", () => {
    const server = new TestServer();
    server.create(Pod, { metadata, spec: { containers, terminationGracePeriodSeconds: -1 } });
    const { code, warnings } = server.patch(Pod, "x", { metadata: { labels: { a: "b" } } });
    assert.deepEqual([code, warnings], [200, []]);
  });

  it("an update of a Service", () => {
    const server = new TestServer();
    server.create(Service, { metadata, spec: { ports } });
    const { warnings } = server.patch(Service, "x", { spec: { loadBalancerIP: "10.01.1.1" } });
    assert.equal(warnings?.length, 1);
  });
});
