import assert from "node:assert/strict";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { decodeProtobuf } from "../../../src/engine/http/protobuf.ts";
import { certificateOf, HttpCluster, type Sent } from "../../support/httpCluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const map = (name: string, more: object = {}) => ({ metadata: { name }, ...more });
const yaml = "application/yaml";
const json = "application/json";
const mergePatch = "application/merge-patch+json";
const alice = certificateOf({ name: "alice", groups: [] });
const tooLarge = "413 RequestEntityTooLarge Request entity too large: limit is 3145728";
const notFound = "404 NotFound the server could not find the requested resource";
const notAllowed =
  "405 MethodNotAllowed the server does not allow this method on the requested resource";

describe("the API server over HTTP", () => {
  let cluster: HttpCluster;
  before(async () => {
    cluster = new HttpCluster();
    await cluster.send("POST", maps, { body: map("m1", { data: { a: "1" } }) });
  });
  afterEach(() => assert.deepEqual(cluster.defects, []));

  const cases: Readonly<Record<string, readonly (readonly [string, string, string, Sent?])[]>> = {
    "routes by path and method": [
      ["GET", "/api/v1/nodes", "200 NodeList"],
      ["GET", "/api/v1/nodes/", "200 NodeList"],
      ["GET", `${maps}/m1`, "200 ConfigMap"],
      ["GET", `${maps}/m1?watch=true`, "200 ConfigMap"],
      ["GET", `${maps}/none`, '404 NotFound configmaps "none" not found'],
      ["GET", "/api/v1/configmaps", "200 ConfigMapList"],
      ["GET", "/api/v1/configmaps/m1", notFound],
      ["GET", "/api/v1/namespaces/default/nodes", notFound],
      ["GET", "/api/v1/foos", notFound],
      ["GET", "/apis/apps/v1/namespaces/default/foos", notFound],
      ["GET", `${maps}/m1/scale`, notFound],
      ["GET", `${maps}/m1/status/more`, notFound],
      ["POST", "/api/v1/configmaps", notAllowed, { body: map("a") }],
      ["POST", `${maps}/m1`, notAllowed, { body: map("a") }],
      ["PUT", maps, notAllowed, { body: map("a") }],
      ["OPTIONS", maps, notAllowed],
      ["HEAD", maps, notAllowed],
      ["DELETE", "/api/v1/namespaces", notAllowed],
      ["GET", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", notAllowed],
      ["GET", "/apis/unknown.io/v1/things", "404 404 page not found"],
      ["GET", "/apis/apps/v7/deployments", "404 404 page not found"],
      ["GET", "/nowhere", "404 404 page not found"],
      ["GET", "/%zz", "400 400 Bad Request"],
    ],
    "reads bodies": [
      ["POST", maps, "201 ConfigMap", { body: map("untyped") }],
      ["POST", maps, "201 ConfigMap", { body: "metadata: {name: yaml}\n", contentType: yaml }],
      [
        "POST",
        maps,
        "201 ConfigMap",
        { body: map("typed"), contentType: "application/json; charset=utf-8" },
      ],
      [
        "POST",
        maps,
        "415 UnsupportedMediaType the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf",
        { body: map("a"), contentType: "text/plain" },
      ],
      [
        "PATCH",
        `${maps}/m1`,
        "415 UnsupportedMediaType 415: Unsupported Media Type",
        { body: {}, contentType: json },
      ],
      ["PATCH", `${maps}/m1`, "415 UnsupportedMediaType 415: Unsupported Media Type", { body: {} }],
      ["POST", maps, tooLarge, { body: new Uint8Array(3 * 1024 * 1024 + 1) }],
      [
        "POST",
        maps,
        "400 BadRequest the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: invalid character 'b' looking for beginning of object key string ({bad)",
        { body: "{bad" },
      ],
      [
        "POST",
        maps,
        "400 BadRequest the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)",
      ],
      [
        "POST",
        maps,
        '400 BadRequest the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" } (5b5d)',
        { body: "[]" },
      ],
      [
        "POST",
        maps,
        '400 BadRequest the object provided is unrecognized (must be of type ConfigMap): couldn\'t get version/kind; json parse error: exceeded max depth ({"data":[[[[[[[[[[[[[[[[[[[[[[ ...)',
        { body: `{"data":${"[".repeat(50_000)}` },
      ],
      [
        "POST",
        maps,
        '400 BadRequest Nothing in version "v1" cannot be handled as a ConfigMap: no kind "Nothing" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
        { body: { apiVersion: "v1", kind: "Nothing", metadata: { name: "a" } } },
      ],
      [
        "POST",
        maps,
        '400 BadRequest Service in version "v1" cannot be handled as a ConfigMap: converting (v1.Service) to (core.ConfigMap): unknown conversion',
        { body: { apiVersion: "v1", kind: "Service", metadata: { name: "a" } } },
      ],
      [
        "POST",
        maps,
        '400 BadRequest Secret in version "v1" cannot be handled as a ConfigMap: illegal base64 data at input byte 0',
        { body: { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, data: { k: "-" } } },
      ],
      [
        "POST",
        `${maps}?fieldValidation=Strict`,
        '400 BadRequest ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "spec"',
        { body: map("a", { spec: {} }) },
      ],
      [
        "POST",
        `${maps}?fieldValidation=Strict`,
        '400 BadRequest ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: duplicate field "data.a"',
        { body: '{"metadata":{"name":"a"},"data":{"a":"1","a":"2"}}' },
      ],
      [
        "POST",
        "/api/v1/namespaces/other/configmaps",
        '404 NotFound namespaces "other" not found',
        { body: map("a") },
      ],
      [
        "PATCH",
        `${maps}/m1`,
        "400 BadRequest error decoding patch: invalid character 'x' looking for beginning of value",
        { body: "x", contentType: mergePatch },
      ],
    ],
    "checks options": [
      ["GET", `${maps}?limit=x`, '400 BadRequest strconv.ParseInt: parsing "x": invalid syntax'],
      [
        "GET",
        `${maps}?limit=99999999999999999999`,
        '400 BadRequest strconv.ParseInt: parsing "99999999999999999999": value out of range',
      ],
      ["GET", `${maps}?limit=-1`, "200 ConfigMapList"],
      [
        "GET",
        `${maps}?timeout=x`,
        '400 BadRequest invalid timeout specified in the request URL - time: invalid duration "x"',
      ],
      ["GET", `${maps}?timeout=32s`, "200 ConfigMapList"],
      [
        "GET",
        `${maps}?watch=1&timeoutSeconds=x`,
        '400 BadRequest strconv.ParseInt: parsing "x": invalid syntax',
      ],
      [
        "POST",
        `${maps}?dryRun=Foo`,
        '422 Invalid CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Foo"]: supported values: "All"',
        { body: map("a") },
      ],
      [
        "POST",
        `${maps}?fieldValidation=Foo`,
        '422 Invalid CreateOptions.meta.k8s.io "" is invalid: fieldValidation: Unsupported value: "Foo": supported values: "", "Ignore", "Strict", "Warn"',
        { body: map("a") },
      ],
      [
        "PUT",
        `${maps}/m1?fieldManager=${"x".repeat(129)}`,
        '422 Invalid UpdateOptions.meta.k8s.io "" is invalid: fieldManager: Too long: may not be more than 128 bytes',
        { body: map("m1") },
      ],
      [
        "PATCH",
        `${maps}/m1?force=true`,
        '422 Invalid PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
        { body: {}, contentType: mergePatch },
      ],
      [
        "PATCH",
        `${maps}/m1`,
        '422 Invalid PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
        { body: {}, contentType: "application/apply-patch+yaml" },
      ],
      [
        "DELETE",
        `${maps}/m1?propagationPolicy=Bogus`,
        '422 Invalid DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Bogus": supported values: "Foreground", "Background", "Orphan", "nil"',
      ],
      [
        "DELETE",
        `${maps}/m1`,
        '422 Invalid DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Bogus": supported values: "Foreground", "Background", "Orphan", "nil"',
        { body: { propagationPolicy: "Bogus" } },
      ],
      [
        "DELETE",
        `${maps}/m1?gracePeriodSeconds=x`,
        '400 BadRequest strconv.ParseInt: parsing "x": invalid syntax',
      ],
      ["DELETE", `${maps}/m1?dryRun=All`, "200 Status"],
      ["DELETE", `${maps}/m1`, "200 Status", { body: { dryRun: ["All"] } }],
      ["GET", `${maps}/m1`, "200 ConfigMap"],
    ],
    "knows who asks": [
      ["GET", "/version", "200 ", { certificate: null }],
      [
        "GET",
        "/api/v1/pods",
        '403 Forbidden pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
        { certificate: null },
      ],
      [
        "GET",
        "/api/v1/pods",
        '403 Forbidden pods is forbidden: User "alice" cannot list resource "pods" in API group "" at the cluster scope',
        { certificate: alice },
      ],
      [
        "GET",
        "/nowhere",
        '403 Forbidden forbidden: User "alice" cannot get path "/nowhere"',
        { certificate: alice },
      ],
      [
        "POST",
        maps,
        '403 Forbidden configmaps is forbidden: User "alice" cannot create resource "configmaps" in API group "" in the namespace "default"',
        { certificate: alice, body: "{bad", contentType: "text/plain" },
      ],
      [
        "GET",
        "/api/v1/pods",
        "401 Unauthorized Unauthorized",
        { certificate: { ...alice, isTrusted: false } },
      ],
      [
        "GET",
        "/api/v1/pods",
        "401 Unauthorized Unauthorized",
        { certificate: null, headers: { authorization: "Bearer nonsense" } },
      ],
      [
        "GET",
        "/api/v1/pods",
        '403 Forbidden pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
        { certificate: null, headers: { authorization: "Basic YTpi" } },
      ],
      [
        "GET",
        "/api/v1/pods",
        '403 Forbidden pods is forbidden: User "bob" cannot list resource "pods" in API group "" at the cluster scope',
        { headers: { "impersonate-user": "bob" } },
      ],
      [
        "GET",
        "/api/v1/pods",
        "200 PodList",
        { headers: { "impersonate-user": "bob", "impersonate-group": ["a", "system:masters"] } },
      ],
      [
        "GET",
        "/api/v1/pods",
        '403 Forbidden users "bob" is forbidden: User "alice" cannot impersonate resource "users" in API group "" at the cluster scope',
        { certificate: alice, headers: { "impersonate-user": "bob" } },
      ],
      [
        "GET",
        "/api/v1/pods",
        '403 Forbidden serviceaccounts "n" is forbidden: User "alice" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "s"',
        { certificate: alice, headers: { "impersonate-user": "system:serviceaccount:s:n" } },
      ],
      [
        "GET",
        "/api/v1/pods",
        '500 Internal Server Error: "/api/v1/pods": requested [{Group  a    }] without impersonating a user',
        { headers: { "impersonate-group": "a" } },
      ],
    ],
  };

  for (const [claim, rows] of Object.entries(cases))
    describe(claim, () => {
      for (const [method, target, expected, sent] of rows)
        it(`${method} ${target.slice(0, 60)} → ${expected.slice(0, 60)}`, async () =>
          assert.equal((await cluster.line(method, target, sent)).trimEnd(), expected.trimEnd()));
    });

  it("says of itself what the router does: its details are empty, not absent", async () => {
    const { body } = await cluster.json("GET", "/api/v1/foos");
    assert.deepEqual(body, {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "the server could not find the requested resource",
      reason: "NotFound",
      details: {},
      code: 404,
    });
  });

  it("leaves the type out of a list's items", async () => {
    const { body } = await cluster.json("GET", `${maps}?fieldSelector=metadata.name%3Dm1`);
    const { kind, items } = body as { kind: string; items: readonly object[] };
    assert.equal(kind, "ConfigMapList");
    assert.deepEqual(Object.keys(items[0] ?? {}).sort(), ["data", "metadata"]);
  });

  it("writes an object's type first, with Go's escapes and a newline at the end", async () => {
    const { body } = await cluster.send("POST", `${maps}?dryRun=All`, {
      body: map("a", { data: { html: "<b>&amp;</b>" } }),
    });
    assert.match(String(body), /^\{"kind":"ConfigMap","apiVersion":"v1","metadata":\{/);
    assert.match(String(body), /"\\u003cb\\u003e\\u0026amp;\\u003c\/b\\u003e"/);
    assert.match(String(body), /\}\n$/);
  });

  it("indents for people", async () => {
    const { body } = await cluster.send("GET", `${maps}/m1`, {
      headers: { "user-agent": "curl/8" },
    });
    assert.match(String(body), /^\{\n {2}"kind": "ConfigMap",\n/);
    const compact = await cluster.send("GET", `${maps}/m1?pretty=false`, {
      headers: { "user-agent": "curl/8" },
    });
    assert.match(String(compact.body), /^\{"kind":"ConfigMap"/);
  });

  it("writes YAML with sorted names", async () => {
    const { headers, body } = await cluster.send("GET", `${maps}/m1`, {
      headers: { accept: yaml },
    });
    assert.equal(headers["Content-Type"], yaml);
    assert.match(String(body), /^apiVersion: v1\ndata:\n {2}a: "1"\nkind: ConfigMap\nmetadata:\n/);
  });

  it("writes protobuf for who takes nothing else", async () => {
    const accept = "application/vnd.kubernetes.protobuf";
    const { headers, body } = await cluster.send("GET", `${maps}/m1`, { headers: { accept } });
    assert.equal(headers["Content-Type"], accept);
    const type = { apiVersion: "v1", kind: "ConfigMap" };
    const { object } = decodeProtobuf(Buffer.from(body as Uint8Array), type);
    const { body: same } = await cluster.json("GET", `${maps}/m1`);
    assert.deepEqual(object, same);
  });

  it("shows a list as a table, its rows' objects by their metadata", async () => {
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    const { body } = await cluster.json("GET", `${maps}?fieldSelector=metadata.name%3Dm1`, {
      headers: { accept },
    });
    const { kind, apiVersion, rows } = body as {
      kind: string;
      apiVersion: string;
      rows: readonly { cells: readonly unknown[]; object: { kind: string } }[];
    };
    assert.deepEqual([kind, apiVersion], ["Table", "meta.k8s.io/v1"]);
    assert.deepEqual(rows[0]?.cells.slice(0, 2), ["m1", 1]);
    assert.equal(rows[0]?.object.kind, "PartialObjectMetadata");
  });

  it("refuses a table whose rows are to show what they cannot", async () =>
    assert.equal(
      await cluster.line("GET", `${maps}?includeObject=All`),
      "400 BadRequest Unable to convert to Table as requested: includeObject: Invalid value: \"All\": must be 'Metadata', 'Object', 'None', or empty",
    ));

  it("puts what is wrong with an object that it takes into Warning headers", async () => {
    const { status, headers } = await cluster.send("POST", `${maps}?dryRun=All`, {
      body: '{"metadata":{"name":"a"},"spec":{},"data":{"a":"1","a":"2"}}',
    });
    assert.equal(status, 201);
    assert.deepEqual(headers.Warning, [
      '299 - "unknown field \\"spec\\""',
      '299 - "duplicate field \\"data.a\\""',
    ]);
  });

  it("takes names that JavaScript gives a meaning to for names like any other", async () => {
    const data = '{"__proto__":"x","constructor":"y","toString":"z"}';
    const created = await cluster.send("POST", maps, {
      body: `{"metadata":{"name":"names"},"data":${data}}`,
    });
    assert.equal(created.status, 201);
    const patched = await cluster.send("PATCH", `${maps}/names`, {
      body: '{"data":{"__proto__":"changed"},"__proto__":{"kind":"Secret"}}',
      contentType: mergePatch,
    });
    assert.match(String(patched.body), /"data":\{"__proto__":"changed","constructor":"y"/);
    const selected = `${maps}?labelSelector=constructor`;
    const { body } = await cluster.json("GET", selected);
    assert.deepEqual((body as { items: unknown }).items, []);
  });

  it("gives every answer an id, the client's own if it sent one", async () => {
    const { headers } = await cluster.send("GET", "/version", { headers: { "audit-id": "mine" } });
    assert.equal(headers["Audit-Id"], "mine");
    const other = await cluster.send("GET", "/version");
    assert.match(String(other.headers["Audit-Id"]), /^[0-9a-f-]{36}$/);
    assert.equal(other.headers["Cache-Control"], "no-cache, private");
  });

  it("records what programs outside the cluster read", async () => {
    const { trace } = cluster.engine;
    const headers = { "user-agent": "kubectl/v1.34.1" };
    const recorded = async (target: string) => {
      const next = (trace.since(0).at(-1)?.id ?? 0) + 1;
      await cluster.send("GET", target, { headers });
      return trace.since(next).flatMap((event) => {
        if (event.type !== "request") return [];
        const { user, verb, target, code } = event;
        return [`${user} ${verb} ${target.kind} ${target.name} ${code}`];
      });
    };
    assert.deepEqual(await recorded(`${maps}/m1`), ["kubernetes-admin get ConfigMap m1 200"]);
    assert.deepEqual(await recorded(`${maps}/none`), ["kubernetes-admin get ConfigMap none 404"]);
    assert.deepEqual(await recorded(maps), ["kubernetes-admin list ConfigMap  200"]);
    assert.deepEqual(await recorded("/version"), []);
  });

  it("says whose share of the server a request takes", async () => {
    const { body } = await cluster.json("GET", "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas");
    const { items } = body as { items: readonly { metadata: { name: string; uid: string } }[] };
    const names = new Map(items.map(({ metadata }) => [metadata.uid, metadata.name]));
    const schemaOf = async (target: string, sent: Sent) => {
      const { headers } = await cluster.send("GET", target, sent);
      return names.get(String(headers["X-Kubernetes-Pf-Flowschema-Uid"]));
    };
    const as = (name: string, ...groups: string[]) => ({
      certificate: certificateOf({ name, groups }),
    });
    for (const [target, sent, expected] of [
      ["/api/v1/pods", {}, "exempt"],
      ["/healthz", as("alice"), "probes"],
      ["/api/v1/pods", as("alice"), "global-default"],
      ["/api/v1/pods", as("system:kube-scheduler"), "kube-scheduler"],
      ["/api/v1/nodes/n", as("system:node:n", "system:nodes"), "system-node-high"],
      ["/api/v1/pods", as("system:node:n", "system:nodes"), "system-nodes"],
      [
        "/api/v1/pods",
        as("system:serviceaccount:kube-system:x", "system:serviceaccounts"),
        "kube-system-service-accounts",
      ],
      [
        "/api/v1/pods",
        as("system:serviceaccount:a:x", "system:serviceaccounts"),
        "service-accounts",
      ],
    ] as const)
      assert.equal(await schemaOf(target, sent), expected, target);
  });

  it("answers discovery again only if it has changed", async () => {
    const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    const { headers } = await cluster.send("GET", "/apis", { headers: { accept } });
    assert.equal(headers["Content-Type"], accept);
    const again = await cluster.send("GET", "/apis", {
      headers: { accept, "if-none-match": String(headers.Etag) },
    });
    assert.deepEqual([again.status, again.body], [304, ""]);
  });

  it("counts requests under the names of the real server", async () => {
    await cluster.send("GET", `${maps}/m1`);
    const { headers, body } = await cluster.send("GET", "/metrics");
    assert.equal(headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8");
    assert.match(
      String(body),
      /^apiserver_request_total\{code="200",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="GET",version="v1"\} \d+$/m,
    );
    assert.match(String(body), /^apiserver_storage_objects\{resource="namespaces"\} 4$/m);
    assert.match(String(body), /^# TYPE scheduler_pending_pods gauge$/m);
  });

  it("records how long a request from outside took, and of its own nothing", async () => {
    const cluster = new HttpCluster();
    const { trace } = cluster.engine;
    const next = (trace.since(0).at(-1)?.id ?? 0) + 1;
    await cluster.json("POST", maps, { body: { metadata: { name: "timed" } } });
    cluster.engine
      .client("system:apiserver")
      .delete(ConfigMap, { namespace: "default", name: "timed" });
    const took = trace
      .since(next)
      .flatMap((event) => (event.type === "request" ? [event.latencyMs] : []));
    assert.deepEqual(took, [0, undefined]);
  });
});
