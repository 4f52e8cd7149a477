import assert from "node:assert/strict";
import { parse } from "yaml";
import { fieldErrorText } from "../../../../src/api/fieldError.ts";
import { CustomResourceDefinition } from "../../../../src/api/kinds/customResourceDefinition.ts";
import type { CustomResourceDefinition as DefinitionObject } from "../../../../src/api/types.ts";
import { type Draft, draft } from "../../../../src/base/draft.ts";

function definition(schema: string, version = "", spec = ""): DefinitionObject {
  const crd = parse(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: foos.x.io}
spec: {group: x.io, scope: Namespaced, names: {plural: foos, kind: Foo}, versions: [
  {name: v1, served: true, storage: true, schema: {openAPIV3Schema: ${schema}} ${version}}] ${spec}}
`) as Draft<DefinitionObject>;
  CustomResourceDefinition.setDefaults?.(crd);
  crd.status = { storedVersions: ["v1"] };
  return crd as DefinitionObject;
}

function complaints(crd: DefinitionObject): readonly string[] {
  return (CustomResourceDefinition.validate?.(crd) ?? []).map(fieldErrorText);
}

const root = "spec.validation.openAPIV3Schema";
const field = (schema: string) => `{type: object, properties: {a: ${schema}}}`;
const costly =
  "exceeds budget by factor of more than 100x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";

const schemas: readonly (readonly [schema: string, ...messages: string[]])[] = [
  ["{}", `${root}.type: Required value: must not be empty at the root`],
  ["{type: string}", `${root}.type: Invalid value: "string": must be object at the root`],
  [
    "{type: object, nullable: true}",
    `${root}.nullable: Forbidden: nullable cannot be true at the root`,
  ],
  [
    field("{}"),
    `${root}.properties[a].type: Required value: must not be empty for specified object fields`,
  ],
  [field("{x-kubernetes-preserve-unknown-fields: true}")],
  [field("{x-kubernetes-int-or-string: true}")],
  [field("{type: array}"), `${root}.properties[a].items: Required value: must be specified`],
  [
    field("{type: object, properties: {b: {type: string}}, additionalProperties: {type: string}}"),
    `${root}.properties[a].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`,
  ],
  [
    "{type: object, anyOf: [{properties: {b: {type: string}}}]}",
    `${root}.anyOf[0].properties[b].type: Forbidden: must be empty to be structural`,
    `${root}.properties[b]: Required value: because it is defined in ${root}.anyOf[0].properties[b]`,
  ],
  [
    field("{type: object, x-kubernetes-embedded-resource: true}"),
    `${root}.properties[a].properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
  ],
  [
    "{type: object, properties: {metadata: {type: object, properties: {foo: {type: string}}}}}",
    `${root}.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified`,
  ],
  [
    field("{type: integer, default: x}"),
    `${root}.properties[a].default: Invalid value: "string":  in body must be of type integer: "string"`,
  ],
  [
    field("{type: object, default: {b: 1, c: 2}, properties: {b: {type: integer}}}"),
    `${root}.properties[a].default: Invalid value: {"b":1,"c":2}: must not have unknown fields`,
  ],
  [
    field("{type: array, items: {type: string}, x-kubernetes-list-type: map}"),
    `${root}.properties[a].x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map`,
    `${root}.properties[a].items.type: Invalid value: "string": must be object if parent array's x-kubernetes-list-type is map`,
  ],
  [
    field(
      "{type: array, items: {type: object, properties: {k: {type: string}}}, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k]}",
    ),
    `${root}.properties[a].items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
  ],
  [
    field("{type: array, items: {type: object}, x-kubernetes-list-type: set}"),
    `${root}.properties[a].items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set`,
  ],
  [
    field("{type: array, items: {type: string}, x-kubernetes-list-type: bag}"),
    `${root}.properties[a].x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"`,
  ],
  [
    field("{type: array, uniqueItems: true, items: {type: string}}"),
    `${root}.properties[a].uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`,
  ],
  [
    field("{type: string, pattern: '('}"),
    `${root}.properties[a].pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): \`(\``,
  ],
  [
    "{type: object, $ref: '#/x', id: y, definitions: {q: {type: string}}}",
    `${root}.id: Forbidden: id is not supported`,
    `${root}.definitions: Forbidden: definitions is not supported`,
    `${root}.$ref: Forbidden: $ref is not supported`,
  ],
];

const rules: readonly (readonly [rule: string, ...messages: string[]])[] = [
  ["{rule: 'self.size() < 3'}"],
  ["{rule: ''}", ".rule: Required value: rule is not specified"],
  [
    "{rule: self.size()}",
    '.rule: Invalid value: {"Rule":"self.size()","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: cel expression must evaluate to a bool',
  ],
  [
    '{rule: "true", message: "a\\nb"}',
    '.message: Invalid value: "a\\nb": message must not contain line breaks',
  ],
  [
    '{rule: "true", reason: Bad}',
    '.reason: Unsupported value: "Bad": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
  ],
  [
    '{rule: "true", fieldPath: .x}',
    '.fieldPath: Invalid value: ".x": fieldPath must be a valid path',
  ],
];

const versions: readonly (readonly [version: string, ...messages: string[]])[] = [
  [
    ", subresources: {status: {}, scale: {specReplicasPath: spec.replicas, statusReplicasPath: .spec.replicas, labelSelectorPath: .x.y}}",
    'spec.subresources.scale.specReplicasPath: Invalid value: "spec.replicas": must be a simple json path starting with .',
    'spec.subresources.scale.statusReplicasPath: Invalid value: ".spec.replicas": should be a json path under .status',
    'spec.subresources.scale.labelSelectorPath: Invalid value: ".x.y": should be a json path under either .spec or .status',
  ],
  [
    ", additionalPrinterColumns: [{name: A, type: x, jsonPath: spec.a}, {name: B}]",
    'spec.additionalPrinterColumns[0].type: Invalid value: "x": must be one of boolean,date,integer,number,string',
    'spec.additionalPrinterColumns[0].JSONPath: Invalid value: "spec.a": must be a simple json path starting with .',
    "spec.additionalPrinterColumns[1].type: Required value: must be one of boolean,date,integer,number,string",
    "spec.additionalPrinterColumns[1].JSONPath: Required value",
  ],
  [
    ", selectableFields: [{jsonPath: .a}, {jsonPath: .a}, {jsonPath: ''}, {jsonPath: '.a[0]'}]",
    'spec.selectableFields[1].jsonPath: Duplicate value: ".a"',
    "spec.selectableFields[2].jsonPath: Required value",
    'spec.selectableFields[3].jsonPath: Invalid value: ".a[0]": is an invalid path: array notation is not allowed',
  ],
  [
    ", deprecationWarning: old",
    'spec.versions[0].deprecationWarning: Invalid value: "old": can only be set for deprecated versions',
  ],
];

const conversions: readonly (readonly [conversion: string, ...messages: string[]])[] = [
  [
    "{strategy: Magic}",
    'spec.conversion.strategy: Unsupported value: "Magic": supported values: "None", "Webhook"',
  ],
  [
    "{strategy: Webhook}",
    "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook",
    "spec.conversion.conversionReviewVersions: Required value",
  ],
  [
    "{strategy: Webhook, webhook: {conversionReviewVersions: [v9, v9], clientConfig: {}}}",
    "spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required",
    'spec.conversion.conversionReviewVersions[1]: Invalid value: "v9": duplicate version',
    'spec.conversion.conversionReviewVersions: Invalid value: ["v9","v9"]: must include at least one of v1, v1beta1',
  ],
  [
    "{strategy: None, webhook: {conversionReviewVersions: [v1], clientConfig: {url: 'https://x'}}}",
    "spec.conversion.webhookClientConfig: Forbidden: should not be set when strategy is not set to Webhook",
    "spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook",
  ],
];

describe("a CustomResourceDefinition", () => {
  for (const [schema, ...messages] of schemas)
    it(`with the schema ${schema}`, () => {
      assert.deepEqual(complaints(definition(schema)), messages);
    });

  for (const [rule, ...messages] of rules)
    it(`with the rule ${rule}`, () => {
      const schema = `{type: object, properties: {a: {type: string, maxLength: 9, x-kubernetes-validations: [${rule}]}}}`;
      const path = `${root}.properties[a].x-kubernetes-validations[0]`;
      assert.deepEqual(
        complaints(definition(schema)),
        messages.map((message) => path + message),
      );
    });

  for (const [version, ...messages] of versions)
    it(`with a version${version}`, () => {
      const schema = field("{type: string}");
      assert.deepEqual(complaints(definition(schema, version)), messages);
    });

  for (const [conversion, ...messages] of conversions)
    it(`with the conversion ${conversion}`, () => {
      const crd = definition("{type: object}", "", `, conversion: ${conversion}`);
      assert.deepEqual(complaints(crd), messages);
    });

  it("with a rule that may cost too much, and one that cannot compare", () => {
    const schema =
      "{type: object, properties: {l: {type: array, items: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}}}}";
    const rule = `${root}.properties[l].items.x-kubernetes-validations[0].rule`;
    assert.deepEqual(complaints(definition(schema)), [
      `${rule}: Forbidden: estimated rule cost ${costly}`,
      `${rule}: Invalid value: "self == oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within ${root}.properties[l]`,
      `${rule}: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `${root}: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema ${costly}`,
    ]);
  });

  describe("that is in force", () => {
    const old = {
      ...definition("{type: object}"),
      status: {
        storedVersions: ["v1"],
        conditions: [{ type: "Established", status: "True" }],
      },
    };
    const update = (change: (crd: Draft<DefinitionObject>) => void): readonly string[] => {
      const crd = draft(old as DefinitionObject);
      change(crd);
      const errors = CustomResourceDefinition.validateUpdate?.(crd as DefinitionObject, old) ?? [];
      return errors.map(fieldErrorText);
    };

    it("keeps its scope, group and names", () => {
      const messages = update(({ spec }) => {
        spec.scope = "Cluster";
        spec.group = "y.io";
        spec.names.kind = "Bar";
        spec.names.plural = "bars";
      });
      assert.deepEqual(messages, [
        'spec.scope: Invalid value: "Cluster": field is immutable',
        'spec.names.kind: Invalid value: "Bar": field is immutable',
        'spec.group: Invalid value: "y.io": field is immutable',
        'spec.names.plural: Invalid value: "bars": field is immutable',
      ]);
    });

    it("keeps the versions in which objects may be stored", () => {
      const messages = update(({ spec }) => {
        const [version] = spec.versions;
        if (version) version.name = "v2";
      });
      assert.deepEqual(messages, [
        'status.storedVersions: Invalid value: ["v1"]: must have the storage version v2',
        'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in v1 and removes v1 from status.storedVersions',
      ]);
    });
  });
});
