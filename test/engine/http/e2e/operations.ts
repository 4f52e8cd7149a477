// The kinds whose "API operations" the conformance tests go through, with the objects that they use.

interface Json extends Readonly<Record<string, unknown>> {
  readonly metadata?: Json;
}

export interface Operations {
  /** Its name in the list of conformance tests. */
  readonly test: string;
  /** Of the collection. */
  readonly path: string;
  /** Of the collection in all namespaces. */
  readonly everywhere?: string;
  /** Of three objects; made up if absent. */
  readonly names?: readonly string[];
  readonly object: Json & { readonly apiVersion: string; readonly kind: string };
  readonly parts?: readonly Part[];
}

/** A subresource, and what is written there. */
interface Part {
  readonly subresource: string;
  readonly patch: Json;
  readonly update: Json;
  /** The part of the object that the writes are about. */
  shown(object: Readonly<Record<string, unknown>>): unknown;
}

const certificateRequest =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIVE1Id0NBUUF3R2pFWU1CWUdBMVVFQXd3UFpU" +
  "SmxMbVY0WVcxd2JHVXVZMjl0TUZrd0V3WUhLb1pJemowQwpBUVlJS29aSXpqMERBUWNEUWdBRTY4Ty9uQmd2MVJx" +
  "bk5LYzJvNTQrNDFvWFI2TUdocW9TMEx0WnVONkJtaXF4CnVpWndmSEw3MWgzc0JIanNoanV5M2JUT05aYktuS2Ny" +
  "K0dMZDg0L3dtNkFBTUFvR0NDcUdTTTQ5QkFNQ0EwY0EKTUVRQ0lIcFJrSS9BUEpmYzM0RUVMVzdyVko5OGc1Vm1i" +
  "TkcvTkF6bjU4aklQMmZuQWlCbU1LUjZlZ2tIUE9vVwphajVVVThJNXhCNG1zSER3L0tjMlNWR0tJNDlMWGc9PQot" +
  "LS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K";
const certificate =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJpVENDQVMrZ0F3SUJBZ0lVZlBxTjJqVythYzhwWk1LaFJi" +
  "R1haWHZ6cVVnd0NnWUlLb1pJemowRUF3SXcKR2pFWU1CWUdBMVVFQXd3UFpUSmxMbVY0WVcxd2JHVXVZMjl0TUI0" +
  "WERUSTJNVEV5TkRFNE1UVXlNMW9YRFRNMgpNVEV5TVRFNE1UVXlNMW93R2pFWU1CWUdBMVVFQXd3UFpUSmxMbVY0" +
  "WVcxd2JHVXVZMjl0TUZrd0V3WUhLb1pJCnpqMENBUVlJS29aSXpqMERBUWNEUWdBRVIyM2lJUGlhemhpU0d6ZzZJ" +
  "Qlh3ZXVib2s1TjhtTUg3OE4vSnBBeDUKbnZEWVh0WS9VamFhNlNWM0NNdkc4eldCcmdsYmEwY3poQ1VUdVlWeGFK" +
  "cGs3Nk5UTUZFd0hRWURWUjBPQkJZRQpGQUxHbEdyTmc2cStlMUxSdjdHN2cvbXZWeEl4TUI4R0ExVWRJd1FZTUJh" +
  "QUZBTEdsR3JOZzZxK2UxTFJ2N0c3CmcvbXZWeEl4TUE4R0ExVWRFd0VCL3dRRk1BTUJBZjh3Q2dZSUtvWkl6ajBF" +
  "QXdJRFNBQXdSUUloQUxGdi9idjYKQnMrZ3RId3hNNThkZDVpclljeHMwYjBBaDBUM0E0WWR4d29hQWlBWWRZTjla" +
  "NjRpZGcvZ1EvY0R0ZWEzUjVVWQpiS2tOS05zVytObUp3dlJEQkE9PQotLS0tLUVORCBDRVJUSUZJQ0FURS0tLS0t" +
  "Cg==";

function statusPart(patch: unknown, update: unknown, field: string): Part {
  return {
    subresource: "status",
    patch: { status: { [field]: patch } },
    update: { status: { [field]: update } },
    shown: ({ status }) => (status as Json | undefined)?.[field],
  };
}

const transition = { lastTransitionTime: "2026-01-31T09:00:00Z" };
const patchedCondition = {
  type: "StatusPatched",
  status: "True",
  reason: "E2E",
  message: "Set from an e2e test",
  ...transition,
};
const updatedCondition = { ...patchedCondition, type: "StatusUpdated" };

const backend = { service: { name: "default-backend", port: { number: 80 } } };
const podTemplate = { spec: { containers: [{ name: "nginx", image: "nginx" }] } };
const matchConstraints = {
  resourceRules: [
    {
      apiGroups: ["apps"],
      apiVersions: ["v1"],
      operations: ["CREATE"],
      resources: ["deployments"],
    },
  ],
};

export const operations: readonly Operations[] = [
  {
    test: "Certificates API [Privileged:ClusterAdmin] should support CSR API operations",
    path: "/apis/certificates.k8s.io/v1/certificatesigningrequests",
    object: {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      spec: {
        request: certificateRequest,
        signerName: "example.com/e2e",
        expirationSeconds: 3600,
        usages: ["digital signature", "key encipherment", "server auth"],
      },
    },
    parts: [
      statusPart(certificate, certificate, "certificate"),
      {
        subresource: "approval",
        patch: {
          status: { conditions: [{ type: "ApprovalPatch", status: "True", reason: "e2e" }] },
        },
        update: {
          status: {
            conditions: [
              { type: "ApprovalPatch", status: "True", reason: "e2e" },
              { type: "Approved", status: "True", reason: "E2E", message: "Set from an e2e test" },
            ],
          },
        },
        shown: ({ status }) =>
          (status as { conditions?: Json[] } | undefined)?.conditions?.map(({ type }) => type),
      },
    ],
  },
  {
    test: "Ingress API should support creating Ingress API operations",
    path: "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
    everywhere: "/apis/networking.k8s.io/v1/ingresses",
    object: {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      spec: {
        defaultBackend: backend,
        rules: [
          {
            host: "foo.bar.com",
            http: { paths: [{ path: "/", pathType: "ImplementationSpecific", backend }] },
          },
        ],
      },
    },
    parts: [
      statusPart(
        { ingress: [{ ip: "169.1.1.1" }] },
        { ingress: [{ ip: "169.1.1.2" }] },
        "loadBalancer",
      ),
    ],
  },
  {
    test: "IngressClass API should support creating IngressClass API operations",
    path: "/apis/networking.k8s.io/v1/ingressclasses",
    object: {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      spec: { controller: "example.com/controller" },
    },
  },
  {
    test: "RuntimeClass should support RuntimeClasses API operations",
    path: "/apis/node.k8s.io/v1/runtimeclasses",
    object: { apiVersion: "node.k8s.io/v1", kind: "RuntimeClass", handler: "e2e-handler" },
  },
  {
    test: "EndpointSlice should support creating EndpointSlice API operations",
    path: "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
    everywhere: "/apis/discovery.k8s.io/v1/endpointslices",
    object: {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      addressType: "IPv4",
      endpoints: [{ addresses: ["1.2.3.4", "5.6.7.8"], conditions: { ready: true } }],
      ports: [{ name: "http", port: 80, protocol: "TCP" }],
    },
  },
  {
    test: "CSIStorageCapacity should support CSIStorageCapacities API operations",
    path: "/apis/storage.k8s.io/v1/namespaces/default/csistoragecapacities",
    everywhere: "/apis/storage.k8s.io/v1/csistoragecapacities",
    object: {
      apiVersion: "storage.k8s.io/v1",
      kind: "CSIStorageCapacity",
      storageClassName: "e2e-storage-class",
      nodeTopology: { matchLabels: { "kubernetes.io/hostname": "node-a" } },
      capacity: "1Gi",
      maximumVolumeSize: "1Gi",
    },
  },
  {
    test: "CSIInlineVolumes should run through the lifecycle of a CSIDriver",
    path: "/apis/storage.k8s.io/v1/csidrivers",
    object: {
      apiVersion: "storage.k8s.io/v1",
      kind: "CSIDriver",
      spec: { attachRequired: false, podInfoOnMount: true, volumeLifecycleModes: ["Ephemeral"] },
    },
  },
  {
    test: "StorageClasses CSI Conformance should run through the lifecycle of a StorageClass",
    path: "/apis/storage.k8s.io/v1/storageclasses",
    object: {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      provisioner: "e2e-fake-provisioner",
      reclaimPolicy: "Delete",
      volumeBindingMode: "WaitForFirstConsumer",
    },
  },
  {
    test: "CSINodes CSI Conformance should run through the lifecycle of a csinode",
    path: "/apis/storage.k8s.io/v1/csinodes",
    object: {
      apiVersion: "storage.k8s.io/v1",
      kind: "CSINode",
      spec: { drivers: [{ name: "e2e-driver", nodeID: "node-e2e", topologyKeys: ["e2e"] }] },
    },
  },
  {
    test: "VolumeAttachment Conformance should run through the lifecycle of a VolumeAttachment",
    path: "/apis/storage.k8s.io/v1/volumeattachments",
    object: {
      apiVersion: "storage.k8s.io/v1",
      kind: "VolumeAttachment",
      spec: {
        attacher: "e2e-test.storage.k8s.io",
        nodeName: "node-e2e",
        source: { persistentVolumeName: "pv-e2e" },
      },
    },
    parts: [statusPart(true, false, "attached")],
  },
  {
    test: "API priority and fairness should support FlowSchema API operations",
    path: "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
    object: {
      apiVersion: "flowcontrol.apiserver.k8s.io/v1",
      kind: "FlowSchema",
      spec: {
        matchingPrecedence: 10000,
        priorityLevelConfiguration: { name: "global-default" },
        distinguisherMethod: { type: "ByUser" },
        rules: [
          {
            subjects: [{ kind: "User", user: { name: "example-e2e-non-existent-user" } }],
            nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
          },
        ],
      },
    },
    parts: [
      {
        subresource: "status",
        patch: { status: { conditions: [patchedCondition] } },
        update: { status: { conditions: [patchedCondition, updatedCondition] } },
        // The server has something to say of its own.
        shown: ({ status }) =>
          (status as { conditions: Json[] }).conditions
            .map(({ type }) => type)
            .filter((type) => type !== "Dangling"),
      },
    ],
  },
  {
    test: "API priority and fairness should support PriorityLevelConfiguration API operations",
    path: "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
    object: {
      apiVersion: "flowcontrol.apiserver.k8s.io/v1",
      kind: "PriorityLevelConfiguration",
      spec: {
        type: "Limited",
        limited: { nominalConcurrencyShares: 2, limitResponse: { type: "Reject" } },
      },
    },
    parts: [statusPart([patchedCondition], [patchedCondition, updatedCondition], "conditions")],
  },
  {
    test: "ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicy API operations",
    path: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
    object: {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      spec: {
        matchConstraints,
        validations: [
          {
            expression: "object.spec.replicas <= params.maxReplicas",
            messageExpression: "'should be at most ' + string(params.maxReplicas)",
          },
        ],
        paramKind: { apiVersion: "v1", kind: "ConfigMap" },
      },
    },
    parts: [statusPart([patchedCondition], [patchedCondition, updatedCondition], "conditions")],
  },
  {
    test: "ValidatingAdmissionPolicy [Privileged:ClusterAdmin] should support ValidatingAdmissionPolicyBinding API operations",
    path: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings",
    object: {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      spec: { policyName: "replicalimit-policy.example.com", validationActions: ["Deny"] },
    },
  },
  {
    test: "ServiceCIDR and IPAddress API should support IPAddress API operations",
    path: "/apis/networking.k8s.io/v1/ipaddresses",
    names: ["192.168.1.1", "192.168.1.2", "192.168.1.3"],
    object: {
      apiVersion: "networking.k8s.io/v1",
      kind: "IPAddress",
      spec: { parentRef: { resource: "services", namespace: "default", name: "e2e" } },
    },
  },
  {
    test: "PodTemplates should run the lifecycle of PodTemplates",
    path: "/api/v1/namespaces/default/podtemplates",
    everywhere: "/api/v1/podtemplates",
    object: { apiVersion: "v1", kind: "PodTemplate", template: podTemplate },
  },
  {
    test: "ControllerRevision [Serial] should manage the lifecycle of a ControllerRevision",
    path: "/apis/apps/v1/namespaces/default/controllerrevisions",
    everywhere: "/apis/apps/v1/controllerrevisions",
    object: {
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      data: { spec: { template: podTemplate } },
      revision: 1,
    },
  },
  {
    test: "SchedulerPreemption [Serial] PriorityClass endpoints verify PriorityClass endpoints can be operated with different HTTP methods",
    path: "/apis/scheduling.k8s.io/v1/priorityclasses",
    object: {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      value: 1000,
      description: "test description",
    },
  },
  {
    test: "LimitRange should list, patch and delete a LimitRange by collection",
    path: "/api/v1/namespaces/default/limitranges",
    everywhere: "/api/v1/limitranges",
    object: {
      apiVersion: "v1",
      kind: "LimitRange",
      spec: { limits: [{ type: "Container", min: { cpu: "50m", memory: "100Mi" } }] },
    },
  },
  {
    test: "DisruptionController Listing PodDisruptionBudgets for all namespaces should list and delete a collection of PodDisruptionBudgets",
    path: "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
    everywhere: "/apis/policy/v1/poddisruptionbudgets",
    object: {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      spec: { minAvailable: "1%", selector: { matchLabels: { foo: "bar" } } },
    },
  },
  {
    test: "ConfigMap should run through a ConfigMap lifecycle",
    path: "/api/v1/namespaces/default/configmaps",
    everywhere: "/api/v1/configmaps",
    object: { apiVersion: "v1", kind: "ConfigMap", data: { valueName: "value" } },
  },
  {
    test: "Secrets should patch a secret",
    path: "/api/v1/namespaces/default/secrets",
    everywhere: "/api/v1/secrets",
    object: { apiVersion: "v1", kind: "Secret", type: "Opaque", data: { key: "dmFsdWU=" } },
  },
  {
    test: "ServiceAccounts should run through the lifecycle of a ServiceAccount",
    path: "/api/v1/namespaces/default/serviceaccounts",
    everywhere: "/api/v1/serviceaccounts",
    object: { apiVersion: "v1", kind: "ServiceAccount" },
  },
  {
    test: "Services should delete a collection of services",
    path: "/api/v1/namespaces/default/services",
    everywhere: "/api/v1/services",
    object: {
      apiVersion: "v1",
      kind: "Service",
      spec: { type: "LoadBalancer", ports: [{ name: "http", protocol: "TCP", port: 80 }] },
    },
    parts: [
      statusPart(
        { ingress: [{ ip: "203.0.113.1", ipMode: "VIP" }] },
        { ingress: [{ ip: "203.0.113.2", ipMode: "VIP" }] },
        "loadBalancer",
      ),
    ],
  },
  {
    test: "Services should test the lifecycle of an Endpoint",
    path: "/api/v1/namespaces/default/endpoints",
    everywhere: "/api/v1/endpoints",
    object: {
      apiVersion: "v1",
      kind: "Endpoints",
      subsets: [
        { addresses: [{ ip: "10.0.0.24" }], ports: [{ name: "http", port: 80, protocol: "TCP" }] },
      ],
    },
  },
  {
    test: "Lease lease API should be available",
    path: "/apis/coordination.k8s.io/v1/namespaces/default/leases",
    everywhere: "/apis/coordination.k8s.io/v1/leases",
    object: {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      spec: {
        holderIdentity: "holder",
        leaseDurationSeconds: 30,
        acquireTime: "2026-01-31T09:00:00.000000Z",
        renewTime: "2026-01-31T09:00:05.000000Z",
        leaseTransitions: 0,
      },
    },
  },
  {
    test: "Events should manage the lifecycle of an event",
    path: "/api/v1/namespaces/default/events",
    everywhere: "/api/v1/events",
    object: {
      apiVersion: "v1",
      kind: "Event",
      message: "This is a test event",
      reason: "Test",
      type: "Normal",
      count: 1,
      involvedObject: { namespace: "default" },
    },
  },
  {
    test: "Events API should ensure that an event can be fetched, patched, deleted, and listed",
    path: "/apis/events.k8s.io/v1/namespaces/default/events",
    everywhere: "/apis/events.k8s.io/v1/events",
    object: {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      regarding: { namespace: "default" },
      eventTime: "2026-01-31T09:00:00.123456Z",
      note: "This is a test event",
      action: "Do",
      reason: "Test",
      type: "Normal",
      reportingController: "test-controller",
      reportingInstance: "test-node",
    },
  },
];
