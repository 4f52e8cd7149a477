import assert from "node:assert/strict";
import type { KubeObject } from "../../../../src/api/object.ts";
import { TransportError } from "../../../../src/engine/http/webhooks/webhookTransport.ts";
import { HttpCluster } from "../../../support/httpCluster.ts";

type Json = Readonly<Record<string, unknown>>;
interface Review {
  readonly apiVersion: string;
  readonly request: Json & { readonly uid: string; readonly object: KubeObject & Json };
}

const group = "/apis/admissionregistration.k8s.io/v1";
const configMaps = "/api/v1/namespaces/default/configmaps";
const rules = [
  { apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] },
];

function configuration(kind: "Mutating" | "Validating", webhooks: readonly Json[]): Json {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: `${kind}WebhookConfiguration`,
    metadata: { name: "hooks" },
    webhooks: webhooks.map((webhook) => ({
      name: "w.x.io",
      clientConfig: { url: "https://127.0.0.1:1/x" },
      admissionReviewVersions: ["v1"],
      sideEffects: "None",
      timeoutSeconds: 1,
      rules,
      ...webhook,
    })),
  };
}

/** A cluster with webhooks, and what they are asked. */
async function scene(
  kind: "Mutating" | "Validating",
  webhooks: readonly Json[],
  respond?: (review: Review, url: string) => Json,
): Promise<{ readonly cluster: HttpCluster; readonly asked: Review[] }> {
  const cluster = new HttpCluster();
  const asked: Review[] = [];
  if (respond)
    cluster.webhook = async ({ url, body }) => {
      const review = JSON.parse(body) as Review;
      asked.push(review);
      const { uid } = review.request;
      const response = { uid, allowed: true, ...respond(review, url) };
      const answer = { apiVersion: review.apiVersion, kind: "AdmissionReview", response };
      return { status: 200, body: JSON.stringify(answer) };
    };
  const plural = `${kind.toLowerCase()}webhookconfigurations`;
  const body = configuration(kind, webhooks);
  assert.equal((await cluster.json("POST", `${group}/${plural}`, { body })).code, 201);
  return { cluster, asked };
}

function create(cluster: HttpCluster, more: Json = {}, query = "") {
  const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cm" }, ...more };
  return cluster.json("POST", configMaps + query, { body });
}

function patch(...operations: readonly Json[]): Json {
  const text = JSON.stringify(operations);
  return { patchType: "JSONPatch", patch: Buffer.from(text).toString("base64") };
}

describe("admission webhooks", () => {
  it("fail the request if they do not answer", async () => {
    const { cluster } = await scene("Validating", [{}]);
    const message =
      'failed calling webhook "w.x.io": failed to call webhook: Post "https://127.0.0.1:1/x?timeout=1s": dial tcp 127.0.0.1:1: connect: connection refused';
    assert.deepEqual(await create(cluster), {
      code: 500,
      body: {
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: `Internal error occurred: ${message}`,
        reason: "InternalError",
        details: { causes: [{ message }] },
        code: 500,
      },
    });
  });

  it("are done without if they do not answer and that is allowed", async () => {
    for (const kind of ["Mutating", "Validating"] as const) {
      const { cluster } = await scene(kind, [{ failurePolicy: "Ignore" }]);
      assert.equal((await create(cluster)).code, 201);
    }
  });

  it("see the object as it will be kept, once", async () => {
    const { cluster, asked } = await scene("Validating", [{}], () => ({ warnings: ["careful"] }));
    const body = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { generateName: "cm-" },
      data: { a: "b" },
    };
    const { body: made } = await cluster.json("POST", configMaps, { body });
    const { metadata } = made as KubeObject;
    const [review, ...others] = asked;
    assert.deepEqual(others, []);
    assert.ok(review);
    const { object, uid, options, ...rest } = review.request;
    assert.ok(uid);
    assert.deepEqual([object.metadata.name, object.metadata.uid], [metadata.name, metadata.uid]);
    assert.equal(review.apiVersion, "admission.k8s.io/v1");
    assert.deepEqual(options, { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1" });
    assert.deepEqual(rest, {
      kind: { group: "", version: "v1", kind: "ConfigMap" },
      resource: { group: "", version: "v1", resource: "configmaps" },
      requestKind: { group: "", version: "v1", kind: "ConfigMap" },
      requestResource: { group: "", version: "v1", resource: "configmaps" },
      name: metadata.name,
      namespace: "default",
      operation: "CREATE",
      userInfo: {
        username: "kubernetes-admin",
        groups: ["system:masters", "system:authenticated"],
        extra: { "authentication.kubernetes.io/credential-id": ["X509SHA256=00"] },
      },
      oldObject: null,
      dryRun: false,
    });
  });

  const denials: readonly (readonly [Json, string])[] = [
    [
      { status: { code: 403, message: "no" } },
      '403  admission webhook "w.x.io" denied the request: no',
    ],
    [
      { status: { reason: "Because" } },
      '400 Because admission webhook "w.x.io" denied the request: Because',
    ],
    [{}, '400  admission webhook "w.x.io" denied the request without explanation'],
  ];
  for (const [response, line] of denials)
    it(`deny: ${line}`, async () => {
      const { cluster } = await scene("Validating", [{}], () => ({ allowed: false, ...response }));
      const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "cm" } };
      assert.equal(await cluster.line("POST", configMaps, { body }), line);
    });

  it("change an object, one after the other, and again if they want to", async () => {
    const first = { name: "a.x.io", reinvocationPolicy: "IfNeeded" };
    const { cluster, asked } = await scene(
      "Mutating",
      [first, { name: "b.x.io", clientConfig: { url: "https://127.0.0.1:1/b" } }],
      ({ request: { object } }, url) => {
        if (url.includes("/b")) return patch({ op: "add", path: "/data", value: { b: "1" } });
        const data = object.data as Json | undefined;
        return data ? patch({ op: "add", path: "/data/a", value: "2" }) : {};
      },
    );
    const { body } = await create(cluster);
    assert.deepEqual((body as Json).data, { a: "2", b: "1" });
    assert.deepEqual(
      asked.map(({ request }) => request.object.data ?? null),
      [null, null, { b: "1" }],
    );
  });

  const wrong: readonly (readonly [title: string, Json, string])[] = [
    ["another uid", { uid: "x" }, 'received invalid webhook response: expected response.uid="'],
    [
      "a patch of no type",
      { patch: "W10=" },
      "received invalid webhook response: webhook returned response.patch but not response.patchType",
    ],
  ];
  for (const [title, response, message] of wrong)
    it(`fail if they answer with ${title}`, async () => {
      const { cluster } = await scene("Mutating", [{}], () => response);
      const { body } = await create(cluster);
      const text = (body as { message: string }).message;
      assert.ok(
        text.startsWith(`Internal error occurred: failed calling webhook "w.x.io": ${message}`),
        text,
      );
    });

  it("hear of nothing but what their rules, selectors and conditions name", async () => {
    const { cluster, asked } = await scene(
      "Validating",
      [
        { name: "a.x.io", rules: [{ ...rules[0], operations: ["DELETE"] }] },
        { name: "b.x.io", objectSelector: { matchLabels: { a: "b" } } },
        { name: "c.x.io", namespaceSelector: { matchLabels: { a: "b" } } },
        {
          name: "d.x.io",
          matchConditions: [{ name: "d", expression: "request.name == 'other'" }],
        },
      ],
      () => ({}),
    );
    assert.equal((await create(cluster)).code, 201);
    assert.deepEqual(asked, []);
    await cluster.json("DELETE", `${configMaps}/cm`);
    assert.deepEqual(
      asked.map(({ request: { operation, object } }) => [operation, object]),
      [["DELETE", null]],
    );
  });

  it("do not hear of rehearsals that they would take for real", async () => {
    const { cluster, asked } = await scene(
      "Validating",
      [{ sideEffects: "NoneOnDryRun" }],
      () => ({}),
    );
    assert.equal((await create(cluster, {}, "?dryRun=All")).code, 201);
    assert.deepEqual(
      asked.map(({ request }) => request.dryRun),
      [true],
    );
  });

  it("are looked for in the cluster if they are Services", async () => {
    const service = { namespace: "default", name: "hook", path: "/v" };
    const { cluster } = await scene("Validating", [{ clientConfig: { service } }]);
    const call = 'failed to call webhook: Post "https://hook.default.svc:443/v?timeout=1s":';
    const message = async () => ((await create(cluster)).body as { message: string }).message;
    assert.equal(
      await message(),
      `Internal error occurred: failed calling webhook "w.x.io": ${call} service "hook" not found`,
    );
  });

  it("say what Go says of answers that are none", async () => {
    const { cluster } = await scene("Validating", [{}]);
    const message = async (status: number, text: string) => {
      cluster.webhook = async () => ({ status, body: text });
      const { body } = await create(cluster);
      return (body as { message: string }).message.split("failed to call webhook: ")[1];
    };
    assert.deepEqual(
      [await message(404, ""), await message(500, "boom"), await message(503, "")],
      [
        "the server could not find the requested resource",
        'an error on the server ("boom") has prevented the request from succeeding',
        "the server is currently unable to handle the request",
      ],
    );
    cluster.webhook = async () => {
      throw new TransportError("context deadline exceeded");
    };
    const { body } = await create(cluster);
    assert.match((body as { message: string }).message, /: context deadline exceeded$/);
  });

  it("hear of all objects of a collection before the first is deleted", async () => {
    const names = Array.from({ length: 150 }, (_, i) => `cm-${i}`);
    const { cluster, asked } = await scene(
      "Validating",
      [{ rules: [{ ...rules[0], operations: ["DELETE"] }] }],
      () => ({}),
    );
    for (const name of names) await create(cluster, { metadata: { name, labels: { a: "b" } } });
    const { body } = await cluster.json("DELETE", `${configMaps}?labelSelector=a%3Db`);
    assert.equal((body as { items: unknown[] }).items.length, names.length);
    assert.equal(asked.length, names.length);
  });

  describe("of a Pod's subresources", () => {
    const pod = "/api/v1/namespaces/default/pods/p";
    const podRules = (resource: string, operation: string) => [
      { apiGroups: [""], apiVersions: ["v1"], operations: [operation], resources: [resource] },
    ];

    /** What a webhook for `resource` sees of a request, which it denies. */
    async function seen(
      resource: string,
      operation: string,
      method: string,
      at: string,
      body?: Json,
    ) {
      const { cluster, asked } = await scene(
        "Validating",
        [{ rules: podRules(resource, operation) }],
        () => ({ allowed: false, status: { message: "no" } }),
      );
      const containers = [{ name: "c", image: "nginx" }];
      const object = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p" },
        spec: { containers },
      };
      await cluster.json("POST", "/api/v1/namespaces/default/pods", { body: object });
      const line = await cluster.line(method, `${pod}/${at}`, body ? { body } : {});
      assert.equal(line, '400  admission webhook "w.x.io" denied the request: no');
      const [{ request } = assert.fail()] = asked;
      const {
        kind,
        resource: named,
        subResource,
        name,
        operation: done,
        object: shown,
        options,
      } = request;
      return { kind, named, subResource, name, done, shown, options };
    }

    const pods = { group: "", version: "v1", resource: "pods" };
    for (const [resource, query, kind, shown] of [
      [
        "pods/attach",
        "attach?container=c&stdin=true&stdout=true&tty=true",
        "PodAttachOptions",
        { stdin: true, stdout: true, tty: true, container: "c" },
      ],
      [
        "pods/exec",
        "exec?command=ls&command=-l&stdout=1",
        "PodExecOptions",
        { stdout: true, command: ["ls", "-l"] },
      ],
      ["pods/portforward", "portforward?ports=80", "PodPortForwardOptions", { ports: [80] }],
      ["pods/proxy", "proxy/metrics", "PodProxyOptions", { path: "/metrics" }],
    ] as const)
      it(`see CONNECT to ${resource} with its options`, async () => {
        assert.deepEqual(await seen(resource, "CONNECT", "GET", query), {
          kind: { group: "", version: "v1", kind },
          named: pods,
          subResource: resource.split("/")[1],
          name: "p",
          done: "CONNECT",
          shown: { kind, apiVersion: "v1", ...shown },
          options: null,
        });
      });

    for (const [part, type, more] of [
      ["eviction", { apiVersion: "policy/v1", kind: "Eviction" }, {}],
      ["binding", { apiVersion: "v1", kind: "Binding" }, { target: { kind: "Node", name: "n" } }],
    ] as const)
      it(`see the ${type.kind} that is made`, async () => {
        const body = { ...type, metadata: { name: "p", namespace: "default" }, ...more };
        const found = await seen(`pods/${part}`, "CREATE", "POST", part, body);
        assert.deepEqual(found.kind, {
          group: type.apiVersion.split("/").at(-2) ?? "",
          version: "v1",
          kind: type.kind,
        });
        assert.equal((found.shown as KubeObject).kind, type.kind);
      });

    it("do not see what an eviction makes of the Pod", async () => {
      const { cluster, asked } = await scene(
        "Validating",
        [{ rules: podRules("pods/*", "*") }, { name: "v.x.io", rules: podRules("pods", "DELETE") }],
        () => ({}),
      );
      const containers = [{ name: "c", image: "nginx" }];
      const object = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "p" },
        spec: { containers },
      };
      await cluster.json("POST", "/api/v1/namespaces/default/pods", { body: object });
      asked.length = 0;
      const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "p" } };
      assert.equal(await cluster.line("POST", `${pod}/eviction`, { body }), "201 Status");
      assert.equal(asked.length, 1);
    });
  });
});
