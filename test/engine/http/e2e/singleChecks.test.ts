// Conformance tests that check one thing of the API each. Source: test/e2e/{apimachinery,auth,common,
// instrumentation,network,node,scheduling,storage}, kubernetes v1.34.
import assert from "node:assert/strict";
import { E2eClient } from "../../../support/e2eClient.ts";

type Json = Readonly<Record<string, unknown>>;

const core = "/api/v1/namespaces/default";
const container = { name: "c", image: "registry.k8s.io/pause:3.10.1" };

interface Refused {
  readonly test: string;
  readonly path: string;
  readonly object: Json;
  readonly because: RegExp;
}

const refused: readonly Refused[] = [
  {
    test: "ConfigMap should fail to create ConfigMap with empty key",
    path: `${core}/configmaps`,
    object: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "x" },
      data: { "": "value-1" },
    },
    because: /^422 Invalid ConfigMap "x" is invalid: data\[\]: Invalid value: ""/,
  },
  {
    test: "Secrets should fail to create secret due to empty secret key",
    path: `${core}/secrets`,
    object: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "x" },
      data: { "": "dmFsdWUtMQ==" },
    },
    because: /^422 Invalid Secret "x" is invalid: data\[\]: Invalid value: ""/,
  },
  {
    test: "Sysctls [LinuxOnly] [NodeConformance] should reject invalid sysctls [MinimumKubeletVersion:1.21]",
    path: `${core}/pods`,
    object: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "x" },
      spec: {
        containers: [container],
        securityContext: {
          sysctls: [
            { name: "foo-", value: "bar" },
            { name: "kernel.shmmax", value: "100000000" },
            { name: "safe-and-unsafe", value: "100000000" },
            { name: "bar..", value: "42" },
          ],
        },
      },
    },
    because: /Invalid value: "foo-".*Invalid value: "bar\.\."/,
  },
  {
    test: "AdmissionWebhook [Privileged:ClusterAdmin] should reject validating webhook configurations with invalid match conditions",
    path: "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
    object: webhookConfiguration("Validating", "... [] bad expression"),
    because: /^422 Invalid .*compilation failed/,
  },
  {
    test: "AdmissionWebhook [Privileged:ClusterAdmin] should reject mutating webhook configurations with invalid match conditions",
    path: "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
    object: webhookConfiguration("Mutating", "... [] bad expression"),
    because: /^422 Invalid .*compilation failed/,
  },
];

function webhookConfiguration(type: "Validating" | "Mutating", expression: string): Json {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: `${type}WebhookConfiguration`,
    metadata: { name: "e2e" },
    webhooks: [
      {
        name: "w.k8s.io",
        clientConfig: { service: { namespace: "default", name: "w", path: "/x", port: 8443 } },
        rules: [
          {
            apiGroups: [""],
            apiVersions: ["v1"],
            operations: ["CREATE"],
            resources: ["configmaps"],
          },
        ],
        sideEffects: "None",
        admissionReviewVersions: ["v1", "v1beta1"],
        matchConditions: [{ name: "expression-1", expression }],
      },
    ],
  };
}

describe("single checks of the conformance tests", () => {
  let client: E2eClient;
  before(() => {
    client = new E2eClient();
  });
  after(() => client.dispose());

  for (const { test, path, object, because } of refused)
    it(test, async () => {
      const body = object;
      const line = await client.cluster.line("POST", path, {
        body,
        contentType: "application/json",
      });
      assert.match(line.replaceAll("\n", " "), because);
    });

  for (const type of ["Validating", "Mutating"] as const)
    it(`AdmissionWebhook [Privileged:ClusterAdmin] should be able to create and update ${type.toLowerCase()} webhook configurations with match conditions`, async () => {
      const path = `/apis/admissionregistration.k8s.io/v1/${type.toLowerCase()}webhookconfigurations`;
      const made = await client.create(
        path,
        webhookConfiguration(type, "request.resource.group == ''"),
      );
      const { webhooks } = webhookConfiguration(type, "true");
      const updated = await client.update(`${path}/e2e`, { ...made, webhooks });
      assert.match(JSON.stringify(updated), /"expression":"true"/);
      await client.delete(`${path}/e2e`);
    });

  it("Servers with support for Table transformation should return a 406 for a backend which does not implement metadata", async () => {
    const spec = { resourceAttributes: { namespace: "default", verb: "get", resource: "pods" } };
    const line = await client.cluster.line(
      "POST",
      "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      {
        headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
        body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec },
        contentType: "application/json",
      },
    );
    assert.match(line, /^406 NotAcceptable only the following media types are accepted: /);
  });

  it("Discovery should validate PreferredVersion for each APIGroup", async () => {
    const { body } = await client.cluster.json("GET", "/apis");
    const { groups } = body as {
      groups: { name: string; versions: Json[]; preferredVersion: Json }[];
    };
    for (const { name, preferredVersion, versions } of groups) {
      const { body: alone } = await client.cluster.json("GET", `/apis/${name}`);
      assert.deepEqual((alone as Json).preferredVersion, preferredVersion, name);
      assert.ok(versions.some(({ version }) => version === preferredVersion.version));
    }
  });

  it("Discovery should locate the groupVersion and a resource within each APIGroup", async () => {
    for (const [at, resource] of [
      ["/api/v1", "namespaces"],
      ["/apis/admissionregistration.k8s.io/v1", "validatingwebhookconfigurations"],
      ["/apis/apiextensions.k8s.io/v1", "customresourcedefinitions"],
      ["/apis/apiregistration.k8s.io/v1", "apiservices"],
      ["/apis/apps/v1", "deployments"],
      ["/apis/authentication.k8s.io/v1", "tokenreviews"],
      ["/apis/authorization.k8s.io/v1", "selfsubjectaccessreviews"],
      ["/apis/autoscaling/v1", "horizontalpodautoscalers"],
      ["/apis/autoscaling/v2", "horizontalpodautoscalers"],
      ["/apis/batch/v1", "jobs"],
      ["/apis/certificates.k8s.io/v1", "certificatesigningrequests"],
      ["/apis/coordination.k8s.io/v1", "leases"],
      ["/apis/discovery.k8s.io/v1", "endpointslices"],
      ["/apis/events.k8s.io/v1", "events"],
      ["/apis/networking.k8s.io/v1", "ingresses"],
      ["/apis/node.k8s.io/v1", "runtimeclasses"],
      ["/apis/policy/v1", "poddisruptionbudgets"],
      ["/apis/scheduling.k8s.io/v1", "priorityclasses"],
      ["/apis/storage.k8s.io/v1", "csinodes"],
    ] as const) {
      const { body } = await client.cluster.json("GET", at);
      const { resources } = body as { resources: { name: string }[] };
      assert.ok(
        resources.some(({ name }) => name === resource),
        `${resource} in ${at}`,
      );
    }
  });

  it("server version should find the server version", async () => {
    const { body } = await client.cluster.json("GET", "/version");
    assert.match(`${(body as Json).major} ${(body as Json).minor}`, /^1 34$/);
  });

  it("Services should provide secure master service", async () => {
    const { spec } = (await client.get(`${core}/services/kubernetes`)) as unknown as {
      spec: { ports: Json[] };
    };
    assert.deepEqual(
      spec.ports.map(({ name, port }) => `${name} ${port}`),
      ["https 443"],
    );
  });

  it("EndpointSlice should have Endpoints and EndpointSlices pointing to API Server", async () => {
    const endpoints = await client.get(`${core}/endpoints/kubernetes`);
    const slice = await client.get(
      "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes",
    );
    const [subset] = endpoints.subsets as {
      addresses: { ip: string }[];
      ports: { port: number }[];
    }[];
    const [first] = slice.endpoints as { addresses: string[] }[];
    assert.equal(first?.addresses[0], subset?.addresses[0]?.ip);
    assert.equal((slice.ports as { port: number }[])[0]?.port, subset?.ports[0]?.port);
  });

  it("EndpointSliceMirroring should mirror a custom Endpoints resource through create update and delete", async () => {
    const service = { ports: [{ name: "example", port: 80 }] };
    const metadata = { name: "example-custom-endpoints" };
    await client.create(`${core}/services`, {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: service,
    });
    const subsets = (ip: string) => [{ ports: [{ port: 80 }], addresses: [{ ip }] }];
    const endpoints = { apiVersion: "v1", kind: "Endpoints", metadata };
    await client.create(`${core}/endpoints`, { ...endpoints, subsets: subsets("10.1.2.3") });
    const slices = async () => {
      client.run(3_000);
      const at = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
      const selector = "labelSelector=kubernetes.io%2Fservice-name%3Dexample-custom-endpoints";
      return (await client.list(`${at}?${selector}`)).items.map((slice) => {
        const by = slice.metadata.labels?.["endpointslice.kubernetes.io/managed-by"];
        return `${by} ${(slice.endpoints as { addresses: string[] }[])[0]?.addresses[0]}`;
      });
    };
    const by = "endpointslicemirroring-controller.k8s.io";
    assert.deepEqual(await slices(), [`${by} 10.1.2.3`]);
    await client.update(`${core}/endpoints/example-custom-endpoints`, {
      ...endpoints,
      subsets: subsets("10.2.3.4"),
    });
    assert.deepEqual(await slices(), [`${by} 10.2.3.4`]);
    await client.delete(`${core}/endpoints/example-custom-endpoints`);
    assert.deepEqual(await slices(), []);
  });

  it("Namespaces [Serial] should apply changes to a namespace status", async () => {
    await client.create("/api/v1/namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "n" },
    });
    const condition = { type: "StatusUpdate", status: "True", reason: "E2E", message: "Set" };
    const patched = await client.patch("/api/v1/namespaces/n/status", {
      metadata: { annotations: { "e2e-patched-ns-status": "n" } },
      status: { conditions: [{ ...condition, type: "StatusPatch" }] },
    });
    assert.match(
      JSON.stringify(patched.status),
      /"phase":"Active".*StatusPatch|StatusPatch.*"phase":"Active"/,
    );
    const { status } = patched as { status?: { conditions: Json[] } };
    const conditions = [...(status?.conditions ?? []), condition];
    const updated = await client.update("/api/v1/namespaces/n/status", {
      ...patched,
      status: { ...status, conditions },
    });
    assert.match(JSON.stringify(updated.status), /StatusUpdate/);
    const labelled = await client.patch("/api/v1/namespaces/n", {
      metadata: { labels: { testLabel: "v" } },
    });
    assert.equal(labelled.metadata.labels?.testLabel, "v");
    await client.update("/api/v1/namespaces/n", {
      ...labelled,
      metadata: { ...labelled.metadata, labels: { ...labelled.metadata.labels, n: "updated" } },
    });
  });

  it("ServiceCIDR and IPAddress API should support ServiceCIDR API operations", async () => {
    const path = "/apis/networking.k8s.io/v1/servicecidrs";
    const made = await client.create(path, {
      apiVersion: "networking.k8s.io/v1",
      kind: "ServiceCIDR",
      metadata: { name: "e2e-1", labels: { e2e: "x" } },
      spec: { cidrs: ["10.145.0.0/24"] },
    });
    client.run(2_000);
    const found = await client.get(`${path}/e2e-1/status`);
    assert.match(JSON.stringify(found.status), /"type":"Ready"/);
    assert.equal((await client.list(`${path}?labelSelector=e2e`)).items.length, 1);
    const condition = { type: "StatusPatched", status: "True", reason: "E2E", message: "Set" };
    const lastTransitionTime = "2026-01-31T09:00:00Z";
    await client.patch(`${path}/e2e-1/status`, {
      status: { conditions: [{ ...condition, lastTransitionTime }] },
    });
    await client.patch(`${path}/e2e-1`, { metadata: { labels: { patched: "true" } } });
    await client.delete(`${path}/${made.metadata.name}`);
    client.run(15_000);
    assert.match(await client.cluster.line("GET", `${path}/e2e-1`), /^404/);
  });

  it("SubjectReview should support SubjectReview API operations", async () => {
    const resourceAttributes = {
      verb: "list",
      resource: "configmaps",
      namespace: "default",
      version: "v1",
    };
    const user = "system:serviceaccount:default:e2e";
    const at = "/apis/authorization.k8s.io/v1";
    const spec = { user, resourceAttributes };
    for (const [path, kind, body] of [
      [`${at}/subjectaccessreviews`, "SubjectAccessReview", spec],
      [`${at}/namespaces/default/localsubjectaccessreviews`, "LocalSubjectAccessReview", spec],
      [`${at}/selfsubjectaccessreviews`, "SelfSubjectAccessReview", { resourceAttributes }],
    ] as const) {
      const metadata = kind.startsWith("Local") ? { metadata: { namespace: "default" } } : {};
      const answer = await client.create(path, {
        apiVersion: "authorization.k8s.io/v1",
        kind,
        ...metadata,
        spec: body,
      });
      const { status } = answer as { status?: { allowed?: boolean } };
      assert.equal(status?.allowed ?? false, kind.startsWith("Self"), kind);
    }
  });

  it("ServiceAccounts should create a serviceAccountToken and ensure a successful TokenReview", async () => {
    await client.create(`${core}/serviceaccounts`, {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "e2e-sa" },
    });
    const asked = await client.create(`${core}/serviceaccounts/e2e-sa/token`, {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3600 },
    });
    const { token } = (asked as unknown as { status: { token: string } }).status;
    const review = await client.create("/apis/authentication.k8s.io/v1/tokenreviews", {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      spec: { token },
    });
    const { status } = review as unknown as {
      status: { authenticated: boolean; user: { username: string; groups: string[] } };
    };
    assert.equal(status.authenticated, true);
    assert.equal(status.user.username, "system:serviceaccount:default:e2e-sa");
    assert.deepEqual(status.user.groups, [
      "system:serviceaccounts",
      "system:serviceaccounts:default",
      "system:authenticated",
    ]);
  });

  it("CSIInlineVolumes should support CSIVolumeSource in Pod API", async () => {
    const csi = {
      driver: "e2e.example.com",
      readOnly: true,
      volumeAttributes: { "csi.storage.k8s.io/serviceAccount.tokens": "x" },
    };
    await client.create(`${core}/pods`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "inline", labels: { e2e: "inline" } },
      spec: { containers: [container], volumes: [{ name: "v", csi }], restartPolicy: "Never" },
    });
    const read = await client.get(`${core}/pods/inline`);
    assert.match(JSON.stringify(read.spec), /"csi":\{"driver":"e2e.example.com"/);
    const patched = await client.patch(`${core}/pods/inline`, {
      metadata: { labels: { patched: "true" } },
    });
    assert.equal(patched.metadata.labels?.patched, "true");
    await client.delete(`${core}/pods?labelSelector=e2e%3Dinline`);
  });
});

describe("ValidatingAdmissionPolicy of the conformance tests", () => {
  const policies = "/apis/admissionregistration.k8s.io/v1";
  const deployments = "/apis/apps/v1/namespaces/default/deployments";
  let client: E2eClient;
  beforeEach(() => {
    client = new E2eClient();
  });
  afterEach(() => client.dispose());

  async function enforce(spec: Json): Promise<void> {
    await client.create(`${policies}/validatingadmissionpolicies`, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "p" },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "default" } },
          resourceRules: [
            {
              apiGroups: ["apps"],
              apiVersions: ["v1"],
              operations: ["CREATE", "UPDATE"],
              resources: ["deployments"],
            },
          ],
        },
        ...spec,
      },
    });
    client.run(500);
    const policy = await client.get(`${policies}/validatingadmissionpolicies/p`);
    const { status } = policy as { status?: { observedGeneration?: number; typeChecking?: Json } };
    assert.equal(status?.observedGeneration, 1);
    assert.deepEqual(status?.typeChecking, {});
    await client.create(`${policies}/validatingadmissionpolicybindings`, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: "b" },
      spec: { policyName: "p", validationActions: ["Deny"] },
    });
  }

  function deployment(name: string, replicas: number): Json {
    const labels = { app: name };
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    };
  }

  async function denied(object: Json): Promise<string> {
    const status = (await client.answer(422, "POST", deployments, object)) as { message: string };
    return status.message;
  }

  it("should validate against a Deployment", async () => {
    await enforce({
      validations: [
        {
          expression: "object.spec.replicas > 1",
          messageExpression: "'wants replicas > 1, got ' + string(object.spec.replicas)",
        },
        {
          expression: "namespaceObject.metadata.name == 'default'",
          message: "Internal error! Other namespace should not be allowed.",
        },
      ],
    });
    await client.create(deployments, deployment("replicated", 2));
    assert.match(
      await denied(deployment("single", 1)),
      /denied request: wants replicas > 1, got 1/,
    );
  });

  it("should allow expressions to refer variables.", async () => {
    await enforce({
      variables: [
        { name: "replicas", expression: "object.spec.replicas" },
        { name: "oddReplicas", expression: "variables.replicas % 2 == 1" },
      ],
      validations: [
        {
          expression: "variables.replicas > 1",
          messageExpression: "'wants replicas > 1, got ' + string(variables.replicas)",
        },
        { expression: "variables.oddReplicas", message: "should be odd" },
      ],
    });
    await client.create(deployments, deployment("odd", 3));
    assert.match(await denied(deployment("even", 2)), /denied request: should be odd/);
  });

  it("is asked of connections into Pods, with their options", async () => {
    await client.create(`${core}/pods`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [container] },
    });
    const resourceRules = [
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CONNECT"], resources: ["pods/exec"] },
    ];
    await client.create(`${policies}/validatingadmissionpolicies`, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "exec" },
      spec: {
        matchConstraints: { resourceRules },
        validations: [{ expression: "object.command[0] != 'sh'", message: "no shells" }],
      },
    });
    await client.create(`${policies}/validatingadmissionpolicybindings`, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: "exec" },
      spec: { policyName: "exec", validationActions: ["Deny"] },
    });
    const exec = (command: string) =>
      client.cluster.line("GET", `${core}/pods/p/exec?command=${command}&stdout=true`);
    assert.match(
      await exec("sh"),
      /^422 Invalid pods "p" is forbidden: ValidatingAdmissionPolicy 'exec' with binding 'exec' denied request: no shells$/,
    );
    assert.doesNotMatch(await exec("ls"), /denied/);
  });
});
