// Laws of reading, defaulting and checking, for random schemas and values.
import assert from "node:assert/strict";
import fc from "fast-check";
import { applyDefaults } from "../../../src/api/crd/defaulting.ts";
import { prune } from "../../../src/api/crd/pruning.ts";
import { ResourceSchema } from "../../../src/api/crd/resourceSchema.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type { JSONSchemaProps } from "../../../src/api/types.ts";

const names = ["a", "b", "metadata", "kind"];

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, 1.5, -3, "", "x", "a.b"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names, "c"), tie("value"), { maxKeys: 4 }),
  ),
})).value;

const schema = fc.letrec<{ schema: JSONSchemaProps }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    fc.record(
      {
        type: fc.constantFrom("string", "integer", "number", "boolean"),
        nullable: fc.boolean(),
        default: fc.constantFrom("x", 1, null),
        enum: fc.constantFrom(["x"], [1, null]),
        minimum: fc.constantFrom(0, 1.5),
        maxLength: fc.constantFrom(0, 1),
        pattern: fc.constantFrom("^x", "("),
        format: fc.constantFrom("date", "ipv4", "int32"),
        "x-kubernetes-int-or-string": fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        type: fc.constant("array"),
        items: tie("schema"),
        default: fc.constantFrom([], [{ a: 1 }]),
        maxItems: fc.constantFrom(1, 2),
        "x-kubernetes-list-type": fc.constantFrom("set", "map", "atomic"),
        "x-kubernetes-list-map-keys": fc.constantFrom(["a"], ["a", "b"]),
        "x-kubernetes-preserve-unknown-fields": fc.boolean(),
      },
      { requiredKeys: ["type"] },
    ),
    fc.record(
      {
        type: fc.constant("object"),
        properties: fc.dictionary(fc.constantFrom(...names), tie("schema"), { maxKeys: 3 }),
        additionalProperties: fc.oneof(fc.boolean(), tie("schema")),
        required: fc.constantFrom(["a"], ["b"]),
        default: fc.constantFrom({}, { a: 1 }),
        nullable: fc.boolean(),
        anyOf: fc.array(tie("schema"), { maxLength: 2 }),
        not: tie("schema"),
        "x-kubernetes-embedded-resource": fc.boolean(),
        "x-kubernetes-preserve-unknown-fields": fc.boolean(),
        "x-kubernetes-validations": fc.constantFrom(
          [{ rule: "self.a == 1" }],
          [{ rule: "self == oldSelf", messageExpression: "'x'" }],
          [{ rule: "has(self.b" }],
        ),
      },
      { requiredKeys: ["type"] },
    ),
  ) as fc.Arbitrary<JSONSchemaProps>,
})).schema;

const object = fc.dictionary(fc.constantFrom(...names, "spec", "status"), json);

const text = (value: unknown): string => JSON.stringify(value);

describe("a custom resource and its schema", () => {
  it("pruned once, nothing is left to prune", () => {
    fc.assert(
      fc.property(json, schema, fc.boolean(), (value, of, isRoot) => {
        prune(value, of, isRoot);
        const pruned = text(value);
        assert.deepEqual(prune(value, of, isRoot), []);
        assert.equal(text(value), pruned);
      }),
    );
  });

  it("defaulted once, nothing is left to default", () => {
    fc.assert(
      fc.property(json, schema, (value, of) => {
        applyDefaults(value, of);
        const defaulted = text(value);
        applyDefaults(value, of);
        assert.equal(text(value), defaulted);
      }),
    );
  });

  it("is read and checked without a crash, whatever both are", () => {
    fc.assert(
      fc.property(object, object, schema, (value, before, of) => {
        const reader = new ResourceSchema({
          apiVersion: "x.io/v1",
          kind: "Foo",
          namespaced: true,
          version: {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: of },
            subresources: {
              scale: { specReplicasPath: ".spec.a", statusReplicasPath: ".status.a" },
            },
          },
        });
        const type = { apiVersion: "x.io/v1", kind: "Foo" };
        const read = (fields: object): KubeObject => {
          const { object: found } = reader.decode({ ...fields, ...type });
          return {
            ...found,
            metadata: Object.assign({ name: "f", namespace: "n" }, found.metadata),
          };
        };
        const [now, old] = [read(value), read(before)];
        for (const { path, detail } of [
          ...reader.validate(now),
          ...reader.validateUpdate(now, old),
          ...reader.validateStatusUpdate(now, old),
        ])
          assert.equal(typeof `${path}: ${detail}`, "string");
      }),
      { numRuns: 200 },
    );
  });
});
