import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { defineKind, type Kind, KindRegistry, type Subresource } from "../../../src/api/kind.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";
import { gvk } from "../../../src/api/object.ts";
import type { Verb } from "../../../src/api/traceEvent.ts";
import { Discovery } from "../../../src/engine/http/discovery.ts";

interface RecordedResource {
  readonly resource: string;
  readonly responseKind: { readonly kind: string };
  readonly scope: string;
  readonly singularResource: string;
  readonly verbs: readonly Verb[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly { readonly subresource: Subresource }[];
}

interface RecordedList {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources: readonly RecordedResource[];
    }[];
  }[];
}

const recorded = JSON.parse(
  readFileSync(new URL("../../conformance/wire/discovery.json", import.meta.url), "utf8"),
);

function kindOf(group: string, version: string, resource: RecordedResource): Kind {
  return defineKind({
    gvk: gvk(group, version, resource.responseKind.kind),
    plural: resource.resource,
    singular: resource.singularResource,
    namespaced: resource.scope === "Namespaced",
    shortNames: resource.shortNames ?? [],
    categories: resource.categories ?? [],
    verbs: resource.verbs,
    subresources: (resource.subresources ?? []).map(({ subresource }) => subresource),
  });
}

const cron: Kind = { ...kindOf("demo.io", "v1", recorded.custom), openApiSchema: {} };

describe("discovery", () => {
  // The order of kinds in the registry says nothing.
  const discovery = new Discovery(new KindRegistry([...builtInKinds].reverse()));
  for (const [path, answer] of [
    ["/api", discovery.coreVersions("127.0.0.1:6443")],
    ["/api/v1", discovery.resourceList("", "v1")],
    ["/apis", discovery.groupList()],
    ["/apis/apps/v1", discovery.resourceList("apps", "v1")],
    ["aggregated /api", discovery.aggregated("api", "v2")],
    ["aggregated /apis", discovery.aggregated("apis", "v2")],
  ] as const)
    it(`answers ${path} as a real server`, () => assert.deepEqual(answer, recorded[path]));

  it("prefers version 2 of autoscaling", () =>
    assert.deepEqual(discovery.group("autoscaling"), {
      kind: "APIGroup",
      apiVersion: "v1",
      name: "autoscaling",
      versions: [
        { groupVersion: "autoscaling/v2", version: "v2" },
        { groupVersion: "autoscaling/v1", version: "v1" },
      ],
      preferredVersion: { groupVersion: "autoscaling/v2", version: "v2" },
    }));

  it("has the older form of the aggregated lists", () =>
    assert.equal(discovery.aggregated("api", "v2beta1").apiVersion, "apidiscovery.k8s.io/v2beta1"));

  for (const [group, version] of [
    ["example.com", "v1"],
    ["apps", "v2"],
  ] as const)
    it(`knows nothing of ${group}/${version}`, () =>
      assert.equal(discovery.resourceList(group, version), undefined));

  it("says everything of a custom resource, after all built-in groups", () => {
    const kinds = new KindRegistry(builtInKinds);
    const fresh = new Discovery(kinds);
    kinds.add(cron);
    const { items } = fresh.aggregated("apis", "v2") as unknown as RecordedList;
    assert.deepEqual(items.at(-1)?.versions[0]?.resources, [recorded.custom]);
    kinds.remove(cron);
    assert.equal(fresh.group("demo.io"), undefined);
  });

  it("orders the versions of a group by stability and number", () => {
    const versions = ["v1alpha1", "v1beta2", "v2", "beta", "v1", "v10", "v1beta10", "v2alpha1"];
    const kinds = versions.map((version) => kindOf("demo.io", version, recorded.custom));
    const group = new Discovery(new KindRegistry(kinds)).group("demo.io") as {
      readonly versions: readonly { readonly version: string }[];
    };
    assert.deepEqual(
      group.versions.map(({ version }) => version),
      ["v10", "v2", "v1", "v1beta10", "v1beta2", "v2alpha1", "v1alpha1", "beta"],
    );
  });
});
