import { strict as assert } from "node:assert";
import { KindRegistry } from "../../../src/api/kind.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import type { ApiRequest, ApiResponse, RequestOptions } from "../../../src/api/request.ts";
import type { Status } from "../../../src/api/status.ts";
import { userNamed } from "../../../src/api/user.ts";
import { Random } from "../../../src/base/random.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { ApiServer } from "../../../src/engine/registry/apiServer.ts";
import { Store } from "../../../src/engine/store/store.ts";
import { Trace } from "../../../src/engine/trace.ts";

type Json = Readonly<Record<string, unknown>>;
interface Stored {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly uid: string;
    readonly managedFields?: readonly Json[];
  };
  readonly data?: Json;
  readonly spec?: Json;
  readonly status?: Json;
}

/** A server with what requests to one ConfigMap, "m", and one Deployment, "d", are made of. */
class Stage {
  private readonly server: ApiServer;

  constructor() {
    const clock = new VirtualClock(Date.UTC(2026, 0, 31, 9));
    this.server = new ApiServer({
      clock,
      store: new Store(() => clock.now()),
      trace: new Trace(clock),
      random: new Random(1),
      kinds: new KindRegistry(builtInKinds),
      admission: [],
    });
  }

  send(request: Partial<ApiRequest>): ApiResponse {
    return this.server.handle(userNamed("kubernetes-admin"), {
      verb: "get",
      apiVersion: "v1",
      resource: "configmaps",
      namespace: "default",
      name: "m",
      ...request,
    });
  }

  create(data: Json, options: RequestOptions = { fieldManager: "creator" }): ApiResponse {
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" }, data };
    return this.send({ verb: "create", body, options });
  }

  apply(fieldManager: string, config: Json, options: RequestOptions = {}): ApiResponse {
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" }, ...config };
    return this.send({
      verb: "patch",
      patchType: "apply",
      body,
      options: { fieldManager, ...options },
    });
  }

  patch(
    patchType: "json" | "merge" | "strategic",
    body: unknown,
    more: Partial<ApiRequest> = {},
  ): ApiResponse {
    return this.send({
      verb: "patch",
      patchType,
      body,
      options: { fieldManager: "patcher" },
      ...more,
    });
  }

  get stored(): Stored {
    return this.send({}).body as Stored;
  }
}

function refusal({ code, body }: ApiResponse): string {
  return `${code} ${(body as Status).message}`;
}

function owners({ metadata }: Stored): readonly string[] {
  return (metadata.managedFields ?? []).map(({ manager, operation, subresource, time, fieldsV1 }) =>
    [manager, operation, subresource, time ? "" : "timeless", JSON.stringify(fieldsV1)]
      .filter(Boolean)
      .join(" "),
  );
}

describe("PATCH apply", () => {
  it("creates what is not there, and answers 201", () => {
    const stage = new Stage();
    const { code, body } = stage.apply("m1", { data: { a: "1" } });
    assert.equal(code, 201);
    assert.deepEqual(owners(body as Stored), ['m1 Apply {"f:data":{"f:a":{}}}']);
    assert.equal(stage.apply("m1", { data: { a: "2" } }).code, 200);
  });

  it("keeps the resourceVersion if nothing changes", () => {
    const stage = new Stage();
    stage.apply("m1", { data: { a: "1" } });
    const before = stage.stored;
    stage.apply("m1", { data: { a: "1" } });
    assert.equal(stage.stored, before);
  });

  it("stores nothing in a dry run", () => {
    const stage = new Stage();
    const { code, body } = stage.apply("m1", { data: { a: "1" } }, { dryRun: true });
    assert.equal(code, 201);
    assert.ok((body as Stored).metadata.uid);
    assert.equal((body as Stored).metadata.resourceVersion, undefined);
    assert.equal(stage.send({}).code, 404);
  });

  it("shares a field under the same value, without a time of its own", () => {
    const stage = new Stage();
    stage.apply("m1", { data: { a: "1" } });
    stage.apply("m2", { data: { a: "1" } });
    assert.deepEqual(owners(stage.stored), [
      'm2 Apply timeless {"f:data":{"f:a":{}}}',
      'm1 Apply {"f:data":{"f:a":{}}}',
    ]);
  });

  for (const [claim, config, expected] of [
    [
      "another name",
      { metadata: { name: "x" } },
      "400 the name of the object (x) does not match the name on the URL (m)",
    ],
    [
      "another namespace",
      { metadata: { name: "m", namespace: "x" } },
      "400 the namespace of the provided object does not match the namespace sent on the request",
    ],
    [
      "a uid that is not its own",
      { metadata: { name: "m", uid: "x" } },
      '422 ConfigMap "m" is invalid: metadata.uid: Invalid value: "x": field is immutable',
    ],
    [
      "a version that is not the present one",
      { metadata: { name: "m", resourceVersion: "1" }, data: { c: "9" } },
      '409 Operation cannot be fulfilled on configmaps "m": the object has been modified; please apply your changes to the latest version and try again',
    ],
    [
      "a list",
      [],
      "400 error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
  ] as const)
    it(`is refused for ${claim}`, () => {
      const stage = new Stage();
      stage.create({ a: "1" });
      stage.apply("m", { data: { b: "1" } });
      const body = Array.isArray(config)
        ? config
        : { apiVersion: "v1", kind: "ConfigMap", ...config };
      const answer = stage.send({
        verb: "patch",
        patchType: "apply",
        body,
        options: { fieldManager: "m" },
      });
      assert.equal(refusal(answer), expected);
    });

  it("is refused for a uid where there is nothing", () =>
    assert.equal(
      refusal(new Stage().apply("m", { metadata: { name: "m", uid: "x" } })),
      '409 Operation cannot be fulfilled on configmaps "m": uid mismatch: the provided object specified uid x, and no existing object was found',
    ));

  it("is refused for keys that are there twice, if it is to be strict", () => {
    const stage = new Stage();
    const request: Partial<ApiRequest> = {
      verb: "patch",
      patchType: "apply",
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "m" } },
      duplicateFields: [{ key: "a", line: 7 }],
    };
    const said =
      'error converting YAML to JSON: yaml: unmarshal errors:\n  line 7: key "a" already set in map';
    const strict = { fieldManager: "m", fieldValidation: "Strict" } as const;
    assert.equal(
      refusal(stage.send({ ...request, options: strict })),
      `400 error strict decoding YAML: ${said}`,
    );
    assert.deepEqual(stage.send({ ...request, options: { fieldManager: "m" } }).warnings, [said]);
  });

  it("of a value that is no quantity says so", () => {
    const body = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "m" },
      spec: { hard: { cpu: "much" } },
    };
    const answer = new Stage().send({
      verb: "patch",
      resource: "resourcequotas",
      patchType: "apply",
      body,
      options: { fieldManager: "m" },
    });
    assert.equal(
      refusal(answer),
      "500 failed to convert new object (/m; /v1, Kind=ResourceQuota) to proper version: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    );
  });
});

describe("PATCH", () => {
  for (const [field, value, expected] of [
    ["kind", "Secret", "converting (v1.Secret) to (core.ConfigMap): unknown conversion"],
    [
      "kind",
      "Foo",
      'no kind "Foo" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      "apiVersion",
      "v9",
      'no kind "ConfigMap" is registered for version "v9" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
  ] as const)
    it(`does not make ${value} the ${field} of an object`, () => {
      const stage = new Stage();
      stage.create({ a: "1" });
      const said = refusal(
        stage.send({ verb: "patch", patchType: "merge", body: { [field]: value } }),
      );
      assert.ok(said.startsWith('422  "" is invalid: patch: Invalid value: "{'), said);
      assert.ok(said.endsWith(`}": ${expected}`), said);
    });

  for (const [claim, patchType, body, expected] of [
    [
      "a failed test",
      "json",
      [{ op: "test", path: "/data/a", value: "9" }],
      "422 the server rejected our request due to an error in our request",
    ],
    [
      "no list of operations",
      "json",
      { op: "remove" },
      "400 error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp",
    ],
    [
      "an operation that is none",
      "json",
      ["x"],
      "400 error decoding patch: json: cannot unmarshal string into Go value of type handlers.jsonPatchOp",
    ],
    [
      "a path that is none",
      "json",
      [{ op: "add", path: 1 }],
      "400 error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.path of type string",
    ],
    [
      "too many operations",
      "json",
      Array.from({ length: 10_001 }, () => ({ op: "test", path: "/data/a", value: "1" })),
      "413 Request entity is too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
    ],
    [
      "an order of a field that there is not",
      "strategic",
      { "$setElementOrder/foo": ["x"] },
      '500 unable to find api field in struct ConfigMap for the json field "foo"',
    ],
    [
      "a merge patch that is no map",
      "merge",
      ["x"],
      "400 error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}",
    ],
    [
      "a strategic merge that is no map",
      "strategic",
      "x",
      "400 json: cannot unmarshal string into Go value of type map[string]interface {}",
    ],
    [
      "another name",
      "merge",
      { metadata: { name: "q" } },
      "400 the name of the object (q) does not match the name on the URL (m)",
    ],
    [
      "a number for a text",
      "strategic",
      { data: { a: 5 } },
      '422  "" is invalid: patch: Invalid value: "map[data:map[a:5]]": cannot convert int64 to string',
    ],
    [
      "a truth for a text",
      "strategic",
      { data: { a: true } },
      '422  "" is invalid: patch: Invalid value: "map[data:map[a:true]]": unrecognized type: string',
    ],
    [
      "a text for a map",
      "strategic",
      { data: "x" },
      '422  "" is invalid: patch: Invalid value: "map[data:x]": cannot restore map from string',
    ],
  ] as const)
    it(`is refused for ${claim}`, () => {
      const stage = new Stage();
      stage.create({ a: "1" });
      assert.equal(refusal(stage.patch(patchType, body)), expected);
    });

  it("prints what it could not read, as the patch left it", () => {
    const stage = new Stage();
    stage.create({ a: "1", b: "2" });
    const { uid, resourceVersion } = stage.stored.metadata;
    const printed = `{"apiVersion":"v1","data":{"a":5,"b":"2"},"kind":"ConfigMap","metadata":{"name":"m","namespace":"default","uid":"${uid}","resourceVersion":"${resourceVersion}","creationTimestamp":"2026-01-31T09:00:00Z","managedFields":[{"manager":"creator","operation":"Update","apiVersion":"v1","time":"2026-01-31T09:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:data":{".":{},"f:a":{},"f:b":{}}}}]}}`;
    assert.equal(
      refusal(stage.patch("merge", { data: { a: 5 } })),
      `422  "" is invalid: patch: Invalid value: ${JSON.stringify(printed)}: json: cannot unmarshal number into Go struct field ConfigMap.data of type string`,
    );
  });

  for (const [patchType, body, expected] of [
    ["strategic", { nope: 1 }, 'unknown field "nope"'],
    ["merge", { nope: 1 }, 'unknown field "nope"'],
    [
      "json",
      [{ op: "add", path: "/data/b", value: "2", why: "x" }],
      'json patch unknown field "[0].why"',
    ],
  ] as const)
    it(`${patchType} warns of what it does not know, or is refused if it is to be strict`, () => {
      const stage = new Stage();
      stage.create({ a: "1" });
      assert.deepEqual(stage.patch(patchType, body).warnings, [expected]);
      const ignored = { fieldManager: "p", fieldValidation: "Ignore" } as const;
      assert.deepEqual(stage.patch(patchType, body, { options: ignored }).warnings, []);
      const options = { fieldManager: "p", fieldValidation: "Strict" } as const;
      const said = refusal(stage.patch(patchType, body, { options }));
      assert.match(said, /^422 {2}"" is invalid: patch: Invalid value: /);
      assert.ok(said.endsWith(`: strict decoding error: ${expected}`), said);
    });

  it("of a resourceVersion that is no number is no conflict", () => {
    const stage = new Stage();
    stage.create({ a: "1" });
    assert.equal(
      refusal(stage.patch("merge", { metadata: { resourceVersion: "abc" } })),
      '500 strconv.ParseUint: parsing "abc": invalid syntax',
    );
  });

  it("may clear the managed fields", () => {
    const stage = new Stage();
    stage.create({ a: "1" });
    stage.patch("merge", { metadata: { managedFields: [{}] } });
    assert.equal(stage.stored.metadata.managedFields, undefined);
  });
});

describe("owners that are named twice", () => {
  const owner = { apiVersion: "v1", kind: "ConfigMap", name: "o", uid: "u" };
  const said = (when: string): string =>
    `metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: u`;

  it("are kept once, with a warning", () => {
    const stage = new Stage();
    const metadata = { name: "m", ownerReferences: [owner, owner, { ...owner, name: "other" }] };
    const created = stage.send({
      verb: "create",
      body: { apiVersion: "v1", kind: "ConfigMap", metadata },
    });
    assert.deepEqual(created.warnings, [said("")]);
    const { ownerReferences } = stage.stored.metadata as unknown as { ownerReferences: Json[] };
    assert.deepEqual(ownerReferences, [owner, { ...owner, name: "other" }]);
    const patched = stage.patch("merge", { metadata: { ownerReferences: [owner, owner] } });
    assert.deepEqual(patched.warnings, [said(" after mutating admission happens")]);
  });
});

describe("the scale of a Deployment", () => {
  const scale = { apiVersion: "apps/v1", resource: "deployments", name: "d", subresource: "scale" };

  function makeStage(): Stage {
    const stage = new Stage();
    const body = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { a: "b" } },
        template: {
          metadata: { labels: { a: "b" } },
          spec: { containers: [{ name: "c", image: "i" }] },
        },
      },
    };
    const options = { fieldManager: "m1" };
    stage.send({
      verb: "patch",
      apiVersion: "apps/v1",
      resource: "deployments",
      name: "d",
      patchType: "apply",
      body,
      options,
    });
    return stage;
  }

  function replicaOwners(stage: Stage): readonly string[] {
    const deployment = stage.send({ apiVersion: "apps/v1", resource: "deployments", name: "d" });
    return owners(deployment.body as Stored).filter((owner) => owner.includes("f:replicas"));
  }

  it("takes the replicas over for who writes it", () => {
    const stage = makeStage();
    assert.equal(replicaOwners(stage).length, 1);
    const { body } = stage.patch(
      "merge",
      { spec: { replicas: 3 } },
      { ...scale, options: { fieldManager: "sc" } },
    );
    assert.deepEqual((body as Stored).spec, { replicas: 3 });
    assert.deepEqual(replicaOwners(stage), [
      'sc Update scale timeless {"f:spec":{"f:replicas":{}}}',
    ]);
  });

  it("can be applied, with conflicts", () => {
    const stage = makeStage();
    const body = {
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "d" },
      spec: { replicas: 2 },
    };
    const request = { ...scale, verb: "patch", patchType: "apply", body } as const;
    assert.equal(
      refusal(stage.send({ ...request, options: { fieldManager: "sc" } })),
      '409 Apply failed with 1 conflict: conflict with "m1": .spec.replicas',
    );
    stage.send({ ...request, options: { fieldManager: "sc", force: true } });
    assert.deepEqual(replicaOwners(stage), [
      'sc Apply scale timeless {"f:spec":{"f:replicas":{}}}',
    ]);
  });

  for (const [claim, body, expected] of [
    [
      "less than none",
      { spec: { replicas: -1 } },
      '422 Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      "a uid of another",
      { metadata: { uid: "x" } },
      /^409 Operation cannot be fulfilled on deployments\/scale\.apps "d": Precondition failed: UID in precondition: x, UID in object meta: /,
    ],
    [
      "a text",
      { spec: { replicas: "x" } },
      /json: cannot unmarshal string into Go struct field ScaleSpec\.spec\.replicas of type int32$/,
    ],
  ] as const)
    it(`is not ${claim}`, () => {
      const said = refusal(makeStage().patch("merge", body, scale));
      if (typeof expected === "string") assert.equal(said, expected);
      else assert.match(said, expected);
    });
});

describe("writes of the status", () => {
  it("are put down to the subresource, and to the component that sends them", () => {
    const stage = new Stage();
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "m" },
      spec: { containers: [{ name: "c", image: "i" }] },
    };
    stage.send({
      verb: "create",
      resource: "pods",
      body: pod,
      options: { fieldManager: "creator" },
    });
    stage.patch(
      "merge",
      { status: { podIP: "10.0.0.1" }, spec: { nodeName: "x" } },
      { resource: "pods", subresource: "status" },
    );
    const stored = stage.send({ resource: "pods" }).body as Stored;
    assert.equal(owners(stored).at(-1), 'patcher Update status {"f:status":{"f:podIP":{}}}');
    assert.equal(stored.spec?.nodeName, undefined);
  });
});

describe("an object in two versions", () => {
  const key = { resource: "horizontalpodautoscalers", name: "h" };
  const target = { kind: "Deployment", name: "d", apiVersion: "apps/v1" };
  const metrics = [
    {
      type: "Resource",
      resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
    },
  ];

  function apply(stage: Stage, version: "v1" | "v2", manager: string, spec: Json): ApiResponse {
    const apiVersion = `autoscaling/${version}`;
    const body = { apiVersion, kind: "HorizontalPodAutoscaler", metadata: { name: "h" }, spec };
    return stage.send({
      ...key,
      verb: "patch",
      apiVersion,
      patchType: "apply",
      body,
      options: { fieldManager: manager },
    });
  }

  it("has fields in the version of their manager, who loses them to writes in any version", () => {
    const stage = new Stage();
    apply(stage, "v2", "m2", { maxReplicas: 3, scaleTargetRef: target, metrics });
    const { body } = stage.patch(
      "merge",
      { spec: { targetCPUUtilizationPercentage: 40 } },
      { ...key, apiVersion: "autoscaling/v1" },
    );
    assert.deepEqual(owners(body as Stored), [
      'm2 Apply {"f:spec":{"f:maxReplicas":{},"f:scaleTargetRef":{"f:apiVersion":{},"f:kind":{},"f:name":{}}}}',
      'patcher Update {"f:spec":{"f:targetCPUUtilizationPercentage":{}}}',
    ]);
    assert.equal(
      refusal(apply(stage, "v2", "m2", { maxReplicas: 3, scaleTargetRef: target, metrics })),
      '409 Apply failed with 1 conflict: conflict with "patcher" using autoscaling/v1: .spec.targetCPUUtilizationPercentage',
    );
  });

  it("is applied in one version after the other by the same manager", () => {
    const stage = new Stage();
    apply(stage, "v2", "m", { maxReplicas: 3, minReplicas: 2, scaleTargetRef: target, metrics });
    const { code, body } = apply(stage, "v1", "m", { maxReplicas: 4, scaleTargetRef: target });
    assert.equal(code, 200, JSON.stringify(body));
    assert.deepEqual(owners(body as Stored), [
      'm Apply {"f:spec":{"f:maxReplicas":{},"f:scaleTargetRef":{}}}',
    ]);
    const { maxReplicas, minReplicas } = (body as Stored).spec ?? {};
    assert.deepEqual([maxReplicas, minReplicas], [4, 1]);
  });
});
