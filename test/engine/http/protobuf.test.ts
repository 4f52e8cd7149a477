import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { goStruct } from "../../../src/api/openapi/goStructs.ts";
import { structure } from "../../../src/api/openapi/structure.ts";
import { ApiError } from "../../../src/api/status.ts";
import {
  decodeProtobuf,
  encodeProtobuf,
  type TypeMeta,
} from "../../../src/engine/http/protobuf.ts";

interface Recorded {
  readonly command: string;
  /** Base64. */
  readonly protobuf: string;
  /** What the same command prints with --dry-run=client -o json. */
  readonly object: { readonly apiVersion: string; readonly kind: string };
}

const recorded = readFileSync(
  new URL("../../conformance/wire/kubectl-protobuf.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Recorded);

const objects: readonly (readonly [string, TypeMeta & Readonly<Record<string, unknown>>])[] = [
  [
    "quantities, ports by name and number, booleans by pointer",
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p", creationTimestamp: "2026-01-31T09:00:00Z" },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsUser: 0 },
        containers: [
          {
            name: "c",
            resources: { requests: { cpu: "100m", memory: "1Gi" } },
            livenessProbe: { httpGet: { path: "/", port: "http" } },
            readinessProbe: { tcpSocket: { port: 80 } },
          },
        ],
        volumes: [{ name: "v", emptyDir: {} }],
      },
      status: {},
    },
  ],
  [
    "microseconds",
    {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {},
      spec: { renewTime: "2026-01-31T09:00:00.123456Z", leaseDurationSeconds: 40 },
    },
  ],
  [
    "managed fields and negative numbers",
    {
      apiVersion: "scheduling.k8s.io/v1",
      kind: "PriorityClass",
      metadata: { managedFields: [{ manager: "m", fieldsV1: { "f:value": {} } }] },
      value: -7,
    },
  ],
  [
    "options of a deletion",
    {
      apiVersion: "v1",
      kind: "DeleteOptions",
      gracePeriodSeconds: 0,
      propagationPolicy: "Foreground",
      preconditions: { uid: "u" },
      dryRun: ["All"],
    },
  ],
  [
    "schemas that are one, many or a truth value",
    {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "c" },
      spec: {
        group: "g",
        names: { plural: "", kind: "" },
        scope: "",
        versions: [
          {
            name: "v1",
            served: true,
            storage: false,
            schema: {
              openAPIV3Schema: {
                default: { a: [1, null, "x"] },
                items: { type: "string", "x-kubernetes-int-or-string": true },
                additionalProperties: false,
                enum: ["a", 1],
                maximum: 1.5,
              },
            },
          },
        ],
      },
      status: { acceptedNames: { plural: "", kind: "" } },
    },
  ],
  [
    "what a user is",
    {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenReview",
      metadata: {},
      spec: {},
      status: { user: { username: "u", extra: { scopes: ["a", "b"] } } },
    },
  ],
  [
    "a data key that is a setter's name, and bytes that are no text",
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {},
      data: JSON.parse('{"__proto__":"x"}'),
      binaryData: { b: "/wD+" },
    },
  ],
];

const values: Readonly<Record<string, unknown>> = {
  string: "text",
  bytes: "eA==",
  bool: true,
  int32: -7,
  int64: 2 ** 40,
  double: 1.5,
  "api.resource.Quantity": "100m",
  "util.intstr.IntOrString": "http",
  "meta.v1.Time": "2026-01-31T09:00:00Z",
  "meta.v1.MicroTime": "2026-01-31T09:00:00.123456Z",
  "meta.v1.FieldsV1": { "f:spec": {} },
  "runtime.RawExtension": { a: [1] },
  "apiextensions.v1.JSON": "any",
  "apiextensions.v1.JSONSchemaPropsOrBool": { type: "string" },
  "apiextensions.v1.JSONSchemaPropsOrArray": [{ type: "string" }],
  "apiextensions.v1.JSONSchemaPropsOrStringArray": ["a"],
  "authentication.v1.ExtraValue": ["a", "b"],
  "authorization.v1.ExtraValue": ["a"],
  "certificates.v1.ExtraValue": [""],
  "meta.v1.Verbs": ["get"],
};

/** Every field set; what would contain itself is left out at the second time. */
function fullObject(type: string, around: readonly string[] = []): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of goStruct(type) ?? []) {
    if (around.includes(field.type)) continue;
    const value = values[field.type] ?? fullObject(field.type, [...around, type, field.type]);
    if (field.name === "") Object.assign(object, value);
    else if (field.shape === "list") object[field.name] = [value, value];
    else object[field.name] = field.shape === "map" ? { a: value, b: value } : value;
  }
  return object;
}

describe("protobuf bodies", () => {
  for (const { command, protobuf, object } of recorded) {
    const bytes = Buffer.from(protobuf, "base64");
    it(`reads what ${command} sends`, () =>
      assert.deepEqual(decodeProtobuf(bytes, object).object, object));
    it(`writes what ${command} sends`, () =>
      assert.equal(Buffer.from(encodeProtobuf(object) ?? []).toString("base64"), protobuf));
  }

  for (const [claim, object] of objects)
    it(`keeps ${claim}`, () => {
      const bytes = encodeProtobuf(object);
      assert.ok(bytes);
      assert.deepEqual(decodeProtobuf(bytes, object).object, object);
    });

  for (const [name, { def }] of Object.entries(structure.kinds))
    it(`keeps every field of ${name}`, () => {
      const slash = name.lastIndexOf("/");
      const type = { apiVersion: name.slice(0, slash), kind: name.slice(slash + 1) };
      const object = { ...type, ...fullObject(def) };
      const bytes = encodeProtobuf(object);
      assert.ok(bytes);
      assert.deepEqual(decodeProtobuf(bytes, type).object, object);
    });

  it("writes lists", () => {
    const list: TypeMeta & Readonly<Record<string, unknown>> = {
      apiVersion: "v1",
      kind: "ConfigMapList",
      metadata: { resourceVersion: "7" },
      items: [{ metadata: { name: "m" } }],
    };
    assert.ok(Buffer.from(encodeProtobuf(list) ?? []).includes("ConfigMapList"));
  });

  it("has no form for kinds it does not know", () =>
    assert.equal(encodeProtobuf({ apiVersion: "example.com/v1", kind: "Gadget" }), undefined));

  const pod = { apiVersion: "v1", kind: "Pod" };
  const unrecognized = "the object provided is unrecognized (must be of type Pod):";
  for (const [claim, body, message] of [
    ["nothing", "", `${unrecognized} empty data (<empty>)`],
    [
      "JSON",
      "7b7d",
      `${unrecognized} provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] (7b7d)`,
    ],
    ["only the magic number", "6b387300", `${unrecognized} empty body (6b387300)`],
    ["half an envelope", "6b3873000a05", `${unrecognized} unexpected EOF (6b3873000a05)`],
    [
      "a kind nobody knows",
      "6b3873000a0a0a02763112044e6f7065",
      'Nope in version "v1" cannot be handled as a Pod: no kind "Nope" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
    ],
    [
      "a text where a message belongs",
      "6b38730012020801",
      'Pod in version "v1" cannot be handled as a Pod: proto: wrong wireType = 0 for field ObjectMeta',
    ],
    [
      "a field that ends a group",
      "6b38730012010c",
      'Pod in version "v1" cannot be handled as a Pod: proto: Pod: wiretype end group for non-group',
    ],
  ] as const)
    it(`refuses ${claim}`, () =>
      assert.throws(() => decodeProtobuf(Buffer.from(body, "hex"), pod), {
        name: "ApiError",
        message,
        code: 400,
      }));

  it("passes over fields from other versions", () => {
    const [first] = recorded;
    assert.ok(first);
    const known = decodeProtobuf(Buffer.from(first.protobuf, "base64"), first.object);
    // Fields 5 to 8 of the envelope: a varint, 8 bytes, a group, 4 bytes.
    const more = Buffer.from("2801310000000000000000" + "3b08013c" + "4500000000", "hex");
    const bytes = Buffer.concat([Buffer.from(first.protobuf, "base64"), more]);
    assert.deepEqual(decodeProtobuf(bytes, first.object), known);
  });

  it("is never overwhelmed by broken bodies", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...recorded),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }),
        fc.nat(),
        ({ protobuf, object }, changes, cut) => {
          const bytes = Buffer.from(protobuf, "base64");
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          try {
            decodeProtobuf(bytes.subarray(0, cut % (bytes.length + 1)), object);
          } catch (error) {
            assert.ok(error instanceof ApiError && error.code === 400, String(error));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("refuses objects nested without end", () => {
    let schema: unknown = {};
    for (let i = 0; i < 600; i++) schema = { not: schema };
    const versions = [{ schema: { openAPIV3Schema: schema } }];
    const type = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
    const bytes = encodeProtobuf({ ...type, ...{ spec: { versions } } });
    assert.ok(bytes);
    assert.throws(() => decodeProtobuf(bytes, type), /exceeded max depth/);
  });
});
