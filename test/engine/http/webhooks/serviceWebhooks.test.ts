// Webhooks that run in Pods behind a Service, as Kubernetes' own conformance tests deploy them.
// Source: test/e2e/apimachinery/{webhook,crd_conversion_webhook}.go, kubernetes v1.34.
import assert from "node:assert/strict";
import { HttpCluster } from "../../../support/httpCluster.ts";
import { authority, serverCertificate } from "./webhookCertificates.ts";

type Json = Readonly<Record<string, unknown>>;

const core = "/api/v1/namespaces/default";
const registration = "/apis/admissionregistration.k8s.io/v1";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const labels = { app: "sample-webhook" };

const secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "sample-webhook-secret" },
  data: { "tls.crt": base64(serverCertificate), "tls.key": base64("a key") },
};
const folder = "/webhook.local.config/certificates";
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "sample-webhook-deployment", labels },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: "sample-webhook",
            image: "registry.k8s.io/e2e-test-images/agnhost:2.56",
            args: [
              "webhook",
              `--tls-cert-file=${folder}/tls.crt`,
              `--tls-private-key-file=${folder}/tls.key`,
              "--alsologtostderr",
              "-v=4",
              "--port=8444",
            ],
            volumeMounts: [{ name: "webhook-certs", readOnly: true, mountPath: folder }],
            readinessProbe: {
              httpGet: { scheme: "HTTPS", port: 8444, path: "/readyz" },
              periodSeconds: 1,
              failureThreshold: 30,
            },
            ports: [{ containerPort: 8444 }],
          },
        ],
        volumes: [{ name: "webhook-certs", secret: { secretName: "sample-webhook-secret" } }],
      },
    },
  },
};
const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "e2e-test-webhook", labels: { test: "webhook" } },
  spec: { selector: labels, ports: [{ protocol: "TCP", port: 8443, targetPort: 8444 }] },
};

describe("webhooks behind Services", function () {
  this.timeout(60_000);
  let cluster: HttpCluster;

  /** The answer as one line; the cluster's time passes until it comes. */
  async function line(method: string, path: string, body?: Json, contentType?: string) {
    const sent = { ...(body ? { body } : {}), ...(contentType ? { contentType } : {}) };
    let answer: string | undefined;
    const coming = cluster.line(method, path, sent).then((text) => (answer = text));
    while (answer === undefined) {
      cluster.engine.clock.run(50);
      await new Promise(setImmediate);
    }
    return coming;
  }

  before(async () => {
    cluster = new HttpCluster(1);
    await line("POST", `${core}/secrets`, secret);
    await line("POST", "/apis/apps/v1/namespaces/default/deployments", deployment);
    await line("POST", `${core}/services`, service);
    cluster.engine.clock.run(120_000);
  });
  after(() => cluster.dispose());
  afterEach(async () => {
    for (const type of ["validating", "mutating"])
      await line("DELETE", `${registration}/${type}webhookconfigurations`);
  });

  /** Registers a webhook for ConfigMaps. */
  async function register(
    type: "Validating" | "Mutating",
    path: string,
    more: Json = {},
    client: Json = {},
  ) {
    const webhook = {
      name: "w.k8s.io",
      clientConfig: {
        service: { namespace: "default", name: "e2e-test-webhook", path, port: 8443 },
        caBundle: base64(authority),
        ...client,
      },
      rules: [
        { apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] },
      ],
      sideEffects: "None",
      admissionReviewVersions: ["v1", "v1beta1"],
      ...more,
    };
    const plural = `${type.toLowerCase()}webhookconfigurations`;
    const made = await line("POST", `${registration}/${plural}`, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: `${type}WebhookConfiguration`,
      metadata: { name: "e2e" },
      webhooks: [webhook],
    });
    assert.match(made, /^201/);
  }

  const configMap = (data: Json, name = "cm"): Json => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data,
  });
  const create = (data: Json, name?: string) =>
    line("POST", `${core}/configmaps`, configMap(data, name));

  it("deny what they were asked about", async () => {
    await register("Validating", "/always-deny");
    assert.equal(
      await create({}),
      '400  admission webhook "w.k8s.io" denied the request: this webhook denies all requests',
    );
  });

  it("judge what is created, updated and deleted", async () => {
    await register("Validating", "/configmaps");
    assert.match(
      await create({ "webhook-e2e-test": "webhook-disallow" }),
      /denied the request: the configmap contains unwanted key and value$/,
    );
    assert.equal(
      await create({ "webhook-e2e-test": "webhook-nondeletable" }, "kept"),
      "201 ConfigMap",
    );
    assert.match(
      await line("DELETE", `${core}/configmaps/kept`),
      /denied the request: the configmap cannot be deleted because it contains unwanted key and value$/,
    );
  });

  it("change what is written", async () => {
    await register("Mutating", "/mutating-configmaps");
    await create({ "mutation-start": "yes" }, "mutated");
    const { body } = await cluster.json("GET", `${core}/configmaps/mutated`);
    assert.deepEqual((body as Json).data, { "mutation-start": "yes", "mutation-stage-1": "yes" });
  });

  const posting = (path: string, seconds: number) =>
    `500 InternalError Internal error occurred: failed calling webhook "w.k8s.io": failed to call webhook: Post "https://e2e-test-webhook.default.svc:8443${path}?timeout=${seconds}s": `;

  it("fail closed without the authority that signed the certificate", async () => {
    await register("Validating", "/configmaps", {}, { caBundle: null });
    assert.equal(
      await create({}),
      `${posting("/configmaps", 10)}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    );
  });

  it("fail for a name that is not the certificate's", async () => {
    const other = { ...service, metadata: { name: "other" } };
    await line("POST", `${core}/services`, other);
    cluster.engine.clock.run(5_000);
    const at = { namespace: "default", name: "other", path: "/configmaps", port: 8443 };
    await register("Validating", "/configmaps", {}, { service: at });
    assert.match(
      await create({}),
      /x509: certificate is valid for e2e-test-webhook\.default\.svc, not other\.default\.svc$/,
    );
  });

  it("fail where no such Service, port or server is", async () => {
    const empty = { ports: [{ port: 8443 }], clusterIP: "10.96.7.7" };
    await line("POST", `${core}/services`, {
      ...service,
      metadata: { name: "empty" },
      spec: empty,
    });
    cluster.engine.clock.run(1_000);
    for (const [at, said] of [
      [{ name: "none" }, 'service "none" not found'],
      [{ name: "empty" }, "dial tcp 10.96.7.7:8443: connect: connection refused"],
      [{ port: 1 }, 'no service port 1 found for service "e2e-test-webhook"'],
    ] as const) {
      const place = { namespace: "default", name: "e2e-test-webhook", port: 8443, ...at };
      await register("Validating", "/configmaps", {}, { service: place });
      assert.ok((await create({})).endsWith(said));
      await line("DELETE", `${registration}/validatingwebhookconfigurations`);
    }
  });

  it("are given up after their time, and waited for if there is enough", async () => {
    await register("Validating", "/always-allow-delay-5s", { timeoutSeconds: 1 });
    assert.equal(
      await create({}, "slow"),
      `${posting("/always-allow-delay-5s", 1)}context deadline exceeded`,
    );
    await line("DELETE", `${registration}/validatingwebhookconfigurations`);
    await register("Validating", "/always-allow-delay-5s", { timeoutSeconds: 10 });
    assert.equal(await create({}, "slow"), "201 ConfigMap");
  });

  it("are heard before somebody attaches to a Pod", async () => {
    const containers = [{ name: "container1", image: "registry.k8s.io/pause:3.10.1" }];
    const metadata = { name: "to-be-attached-pod" };
    await line("POST", `${core}/pods`, {
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: { containers },
    });
    cluster.engine.clock.run(10_000);
    const rules = [
      { apiGroups: [""], apiVersions: ["v1"], operations: ["CONNECT"], resources: ["pods/attach"] },
    ];
    await register("Validating", "/pods/attach", { rules });
    assert.match(
      await line(
        "GET",
        `${core}/pods/to-be-attached-pod/attach?container=container1&stdin=true&stdout=true`,
      ),
      /attaching to pod 'to-be-attached-pod' is not allowed$/,
    );
  });

  it("convert custom resources", async () => {
    const text = { type: "string" };
    const version = (name: string, properties: Json) => ({
      name,
      served: true,
      storage: name === "v1",
      schema: { openAPIV3Schema: { type: "object", properties } },
    });
    await line("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "e2es.stable.example.com" },
      spec: {
        group: "stable.example.com",
        scope: "Namespaced",
        names: { plural: "e2es", kind: "E2e" },
        versions: [version("v1", { hostPort: text }), version("v2", { host: text, port: text })],
        conversion: {
          strategy: "Webhook",
          webhook: {
            clientConfig: {
              caBundle: base64(authority),
              service: {
                namespace: "default",
                name: "e2e-test-webhook",
                path: "/crdconvert",
                port: 8443,
              },
            },
            conversionReviewVersions: ["v1", "v1beta1"],
          },
        },
      },
    });
    cluster.engine.clock.run(1_000);
    const at = (name: string) => `/apis/stable.example.com/${name}/namespaces/default/e2es`;
    const object = {
      apiVersion: "stable.example.com/v1",
      kind: "E2e",
      metadata: { name: "a" },
      hostPort: "localhost:8080",
    };
    assert.equal(await line("POST", at("v1"), object), "201 E2e");
    assert.equal(await line("GET", `${at("v2")}/a`), "200 E2e");
    const patch = { port: "81" };
    assert.equal(
      await line("PATCH", `${at("v2")}/a`, patch, "application/merge-patch+json"),
      "200 E2e",
    );
    const { body } = await cluster.json("GET", `${at("v1")}/a`);
    assert.equal((body as Json).hostPort, "localhost:81");
  });
});
