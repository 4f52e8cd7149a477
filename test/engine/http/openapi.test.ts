import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gatherFieldDocs } from "../../../scripts/fieldDocs.mjs";
import { defineKind, KindRegistry } from "../../../src/api/kind.ts";
import { gvk, type KubeObject } from "../../../src/api/object.ts";
import { Documentation } from "../../../src/api/openapi/documentation.ts";
import type { OpenApiSchema } from "../../../src/api/openapi/structure.ts";
import { OpenApi } from "../../../src/engine/http/openapi.ts";

interface Document {
  readonly paths: Readonly<Record<string, Record<string, unknown>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface Schema {
  readonly description?: string;
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const PodDisruptionBudget = defineKind<KubeObject>({
  gvk: gvk("policy", "v1", "PodDisruptionBudget"),
  plural: "poddisruptionbudgets",
  namespaced: true,
  subresources: ["status"],
});
const Deployment = defineKind<KubeObject>({
  gvk: gvk("apps", "v1", "Deployment"),
  plural: "deployments",
  namespaced: true,
  subresources: ["scale", "status"],
});
const Gadget = defineKind<KubeObject>({
  gvk: gvk("stable.example.com", "v1", "Gadget"),
  plural: "gadgets",
  namespaced: false,
  openApiSchema: {
    type: "object",
    properties: {
      spec: { type: "object", properties: { size: { type: "integer" } }, required: ["size"] },
    },
  } as OpenApiSchema,
});

const documentation = new Documentation(gatherFieldDocs);

function openApiOf(kinds: KindRegistry): OpenApi {
  const digest = (text: string) => createHash("sha512").update(text).digest("hex").toUpperCase();
  return new OpenApi({ kinds, documentation, version: "v1.34.2", digest });
}

function read(document: { readonly text: string } | undefined): Document {
  assert.ok(document);
  return JSON.parse(document.text) as Document;
}

/** Without the sentences, which say nothing of the form. */
function undescribed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(undescribed);
  if (typeof value !== "object" || value === null) return value;
  const rest = Object.entries(value).filter(
    ([name, text]) => name !== "description" || typeof text !== "string",
  );
  return Object.fromEntries(rest.map(([name, part]) => [name, undescribed(part)]));
}

describe("OpenAPI", () => {
  const openApi = openApiOf(new KindRegistry([PodDisruptionBudget, Deployment, Gadget]));

  it("says of policy/v1 what a real server says", () => {
    const recorded = JSON.parse(
      readFileSync(
        new URL("../../conformance/wire/openapi-policy-v1.json", import.meta.url),
        "utf8",
      ),
    );
    const { paths, components } = read(openApi.document("apis/policy/v1"));
    assert.deepEqual(undescribed(paths), recorded.paths);
    const { schemas } = components;
    for (const [name, schema] of Object.entries(recorded.schemas))
      if (!/APIResource|\.Status$/.test(name))
        assert.deepEqual(undescribed(schemas[name]), schema, name);
  });

  it("tells how lists are merged by a patch", () => {
    const { components } = read(openApi.document("apis/apps/v1"));
    const containers = components.schemas["io.k8s.api.core.v1.PodSpec"]?.properties.containers;
    assert.equal(containers?.["x-kubernetes-patch-strategy"], "merge");
    assert.equal(containers?.["x-kubernetes-patch-merge-key"], "name");
  });

  it("documents kinds and fields, enumerations and line breaks included", () => {
    const { components } = read(openApi.document("apis/apps/v1"));
    const port = components.schemas["io.k8s.api.core.v1.ContainerPort"]?.properties.protocol;
    assert.match(
      String(port?.description),
      /^Protocol for port\. .*\n\nPossible enum values:\n - /s,
    );
    const spec = components.schemas["io.k8s.api.apps.v1.DeploymentSpec"];
    assert.match(spec?.description ?? "", /^DeploymentSpec is/);
    assert.match(String(spec?.properties.strategy?.description), /^The deployment strategy/);
  });

  it("adds what all objects have to a custom resource's schema", () => {
    const { components, paths } = read(openApi.document("apis/stable.example.com/v1"));
    const schema = components.schemas["com.example.stable.v1.Gadget"];
    assert.deepEqual(Object.keys(schema?.properties ?? {}).sort(), [
      "apiVersion",
      "kind",
      "metadata",
      "spec",
    ]);
    assert.ok(components.schemas["com.example.stable.v1.GadgetList"]);
    assert.deepEqual(Object.keys(paths), [
      "/apis/stable.example.com/v1/gadgets",
      "/apis/stable.example.com/v1/gadgets/{name}",
    ]);
  });

  it("says all of it at once to old clients, without defaults", () => {
    const { definitions, paths } = read(openApi.oldDocument());
    assert.ok(paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale"]);
    const { template } = definitions["io.k8s.api.apps.v1.DeploymentSpec"]?.properties ?? {};
    assert.equal(template?.$ref, "#/definitions/io.k8s.api.core.v1.PodTemplateSpec");
    assert.equal(template?.default, undefined);
    assert.ok(definitions["com.example.stable.v1.Gadget"]);
  });

  it("answers the oldest clients in protobuf", () => {
    const bytes = Buffer.from(openApi.oldDocumentAsProtobuf());
    // Field 1 of the document is its version; JSON, which is YAML, holds the extensions.
    assert.equal(bytes.subarray(0, 5).toString("latin1"), "\n\u00032.0");
    assert.ok(bytes.includes("io.k8s.api.apps.v1.Deployment"));
    assert.ok(bytes.includes('[{"group":"apps","kind":"Deployment","version":"v1"}]'));
  });

  it("gives each document an address that changes with the document only", () => {
    const kinds = new KindRegistry([PodDisruptionBudget, Deployment]);
    const changing = openApiOf(kinds);
    const addresses = () => JSON.parse(changing.index().text).paths;
    const before = addresses();
    kinds.add(Gadget);
    const after = addresses();
    assert.deepEqual(after["apis/apps/v1"], before["apis/apps/v1"]);
    assert.match(
      after["apis/stable.example.com/v1"].serverRelativeURL,
      /^\/openapi\/v3\/apis\/stable\.example\.com\/v1\?hash=[0-9A-F]{128}$/,
    );
    kinds.remove(Gadget);
    assert.deepEqual(addresses(), before);
    assert.equal(changing.document("apis/stable.example.com/v1"), undefined);
  });
});
