// Custom resources are checked by the definitions that the workspace or the cluster has.
import assert from "node:assert/strict";
import { customKindsOf, definitionsIn } from "../../src/language/customKinds.ts";
import { check } from "../../src/language/diagnostics.ts";
import { KindStructures } from "../../src/language/kindStructures.ts";

const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: crontabs.stable.example.com}
spec:
  group: stable.example.com
  scope: Namespaced
  names: {plural: crontabs, singular: crontab, kind: CronTab}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            required: [cronSpec]
            x-kubernetes-validations:
            - {rule: "self.replicas <= self.most", message: no more than most}
            properties:
              cronSpec: {type: string, description: When it runs., pattern: '^\\S+( \\S+){4}$'}
              replicas: {type: integer, minimum: 1, default: 1}
              most: {type: integer, default: 5}
              mode: {type: string, enum: [Fast, Slow]}
  - {name: v2, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}
`;

const custom = customKindsOf(definitionsIn(definition));

const resource = (spec: string): string =>
  `apiVersion: stable.example.com/v1\nkind: CronTab\nmetadata: {name: c}\nspec:\n${spec.replace(/^/gm, "  ")}\n`;

describe("a custom resource", () => {
  for (const [claim, spec, expected] of [
    ["may be as its definition has it", "cronSpec: '* * * * *'", []],
    [
      "has no unknown fields",
      "cronSpec: '* * * * *'\nreplica: 1",
      ['replica: unknown field "spec.replica"'],
    ],
    [
      "has values of its types",
      "cronSpec: '* * * * *'\nreplicas: many",
      [
        'many: spec.replicas: Invalid value: "string": spec.replicas in body must be of type integer: "string"',
      ],
    ],
    [
      "follows patterns and enumerations",
      "cronSpec: daily\nmode: Medium",
      [
        "daily: spec.cronSpec: Invalid value: \"daily\": spec.cronSpec in body should match '^\\S+( \\S+){4}$'",
        'Medium: spec.mode: Unsupported value: "Medium": supported values: "Fast", "Slow"',
      ],
    ],
    [
      "follows rules in CEL, defaults filled in",
      "cronSpec: '* * * * *'\nreplicas: 7",
      ["cronSpec: '* * * * *': spec: Invalid value: \"object\": no more than most"],
    ],
    ["needs what is required", "mode: Fast", ["spec: spec.cronSpec: Required value"]],
  ] as const)
    it(claim, () => {
      const text = resource(spec);
      const found = check(text, { custom }).map(
        ({ start, end, message }) => `${text.slice(start, end).split("\n")[0]}: ${message}`,
      );
      assert.deepEqual(
        found.filter((line) => !line.includes("rules were not checked")),
        expected,
      );
    });

  it("is let be where nothing is known of its kind", () => {
    assert.deepEqual(check(resource("cronSpec: 1")), []);
    assert.deepEqual(check(resource("a: 1").replace("/v1", "/v2"), { custom }), []);
  });
});

describe("a definition", () => {
  it("gives structure, descriptions and choices for completion and hovers", () => {
    const kind = custom.find("stable.example.com/v1", "CronTab");
    const spec = kind?.node.properties.get("spec");
    assert.ok(kind && spec?.type === "struct");
    assert.deepEqual([...spec.properties.keys()], ["cronSpec", "mode", "most", "replicas"]);
    const structures = new KindStructures(custom);
    assert.equal(structures.facts(spec.definition, "cronSpec").description, "When it runs.");
    assert.equal(structures.facts(spec.definition, "cronSpec").isRequired, true);
    assert.deepEqual(structures.facts(spec.definition, "mode").choices, ["Fast", "Slow"]);
    assert.ok(kind.node.properties.has("metadata"));
  });

  it("is passed over while the server would refuse it", () => {
    assert.deepEqual(definitionsIn(definition.replace("scope: Namespaced", "scope: None")), []);
    assert.deepEqual(definitionsIn("kind: Pod"), []);
  });
});
