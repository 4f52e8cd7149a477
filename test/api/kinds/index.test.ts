import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type Kind, KindRegistry } from "../../../src/api/kind.ts";
import { builtInKinds } from "../../../src/api/kinds/index.ts";

function read(name: string) {
  const url = new URL(`../../conformance/wire/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8"));
}

const kinds = new KindRegistry(builtInKinds);

type RecordedColumn = readonly [name: string, type: string, format: string, priority: number];

describe("Tables have the columns of a real server for", () => {
  const recorded: Readonly<Record<string, readonly RecordedColumn[]>> = read("tableColumns");
  for (const [path, columns] of Object.entries(recorded)) {
    const [apiVersion = "", plural = ""] = splitPath(path);
    const kind = kinds.forResource(apiVersion, plural);
    it(`${plural} of ${apiVersion}`, () => assert.deepEqual(kind && columnsOf(kind), columns));
  }
});

function splitPath(path: string): readonly string[] {
  const parts = path.split("/");
  return [parts.slice(2, -1).join("/"), parts.at(-1) ?? ""];
}

function columnsOf({ columns }: Kind): readonly RecordedColumn[] {
  return columns
    .filter(({ isUndeclared }) => !isUndeclared)
    .map(({ name, type, format = "", priority }) => [name, type, format, priority]);
}

interface RecordedResource {
  readonly resource: string;
  readonly scope: string;
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly { readonly subresource: string }[];
}

interface RecordedGroup {
  readonly metadata: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly resources: readonly RecordedResource[];
  }[];
}

function recordedResources() {
  const recorded = read("discovery");
  const lists = [recorded["aggregated /api"], recorded["aggregated /apis"]];
  const groups: readonly RecordedGroup[] = lists.flatMap(({ items }) => items);
  return groups.flatMap(({ metadata: { name: group }, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map((resource) => ({
        ...resource,
        apiVersion: group === undefined ? version : `${group}/${version}`,
      })),
    ),
  );
}

describe("A real server's resource is served just so:", () => {
  for (const { apiVersion, subresources = [], ...expected } of recordedResources()) {
    if (apiVersion.startsWith("apiextensions.k8s.io/")) continue;
    it(`${expected.resource} of ${apiVersion}`, () =>
      assert.deepEqual(servedAs(kinds.forResource(apiVersion, expected.resource)), {
        scope: expected.scope,
        singular: expected.singularResource,
        verbs: expected.verbs.toSorted(),
        shortNames: expected.shortNames ?? [],
        categories: expected.categories ?? [],
        subresources: subresources.map(({ subresource }) => subresource).toSorted(),
      }));
  }
});

function servedAs(kind: Kind | undefined) {
  return (
    kind && {
      scope: kind.namespaced ? "Namespaced" : "Cluster",
      singular: kind.singular,
      verbs: kind.verbs.toSorted(),
      shortNames: kind.shortNames,
      categories: kind.categories,
      subresources: kind.subresources.toSorted(),
    }
  );
}
