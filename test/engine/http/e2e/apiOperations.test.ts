// Kubernetes' own conformance tests of "API operations" and "lifecycles": every verb of a kind, one
// after the other, as test/e2e asks them (kubernetes v1.34). One row a test.
import assert from "node:assert/strict";
import { E2eClient } from "../../../support/e2eClient.ts";
import { type Operations, operations } from "./operations.ts";

const label = { "special-label": "e2e" };
const selector = "labelSelector=special-label%3De2e";

interface Meta {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

describe("API operations of the conformance tests", () => {
  let client: E2eClient;
  before(() => {
    client = new E2eClient();
  });
  after(() => client.dispose());

  for (const row of operations)
    it(row.test, async () => {
      await checkDiscovery(client, row);
      const created = [];
      for (const name of row.names ?? ["e2e-a", "e2e-b", "e2e-c"])
        created.push(await client.create(row.path, objectOf(row, name)));
      const [first, second] = created;
      assert.ok(first && second);
      const one = `${row.path}/${first.metadata.name}`;

      assert.equal((await client.get(one)).metadata.uid, first.metadata.uid);
      const listed = await client.list(`${row.path}?${selector}`);
      assert.equal(listed.items.length, 3, "listing");
      if (row.everywhere)
        assert.equal((await client.list(`${row.everywhere}?${selector}`)).items.length, 3);

      const { resourceVersion } = listed.metadata;
      const watch = await client.watch(
        `${row.path}?watch=true&resourceVersion=${resourceVersion}&${selector}`,
      );
      const patched = await client.patch(one, { metadata: { annotations: { patched: "true" } } });
      assert.equal(patched.metadata.annotations?.patched, "true");
      const annotations = { ...patched.metadata.annotations, updated: "true" };
      const updated = await client.update(one, {
        ...patched,
        metadata: { ...patched.metadata, annotations },
      });
      assert.equal(updated.metadata.annotations?.updated, "true");
      for (const part of row.parts ?? []) await checkPart(client, one, part);

      await client.delete(one);
      assert.match(await client.cluster.line("GET", one), /^404 NotFound /);
      assert.equal((await client.list(`${row.path}?${selector}`)).items.length, 2);
      await client.delete(`${row.path}?${selector}`);
      assert.equal((await client.list(`${row.path}?${selector}`)).items.length, 0);
      await new Promise(setImmediate);
      assert.deepEqual(
        watch.summary().filter((line) => line.startsWith("DELETED")),
        created.map(({ metadata }) => `DELETED ${metadata.name}`),
      );
      const seen = watch.frames().flatMap(({ type, object }) => {
        const { annotations = {} } = object.metadata as unknown as Meta;
        return type === "MODIFIED"
          ? [Object.keys(annotations).filter((key) => /ed$/.test(key))]
          : [];
      });
      assert.deepEqual(seen.slice(0, 2), [["patched"], ["patched", "updated"]]);
    });
});

function objectOf({ object }: Operations, name: string): object {
  return { ...object, metadata: { name, labels: label, ...(object.metadata ?? {}) } };
}

/** Groups, versions and resources are where clients look for them. */
async function checkDiscovery({ cluster }: E2eClient, row: Operations): Promise<void> {
  const { apiVersion } = row.object;
  const [group = "", version = ""] = apiVersion.split("/");
  const at = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const { body } = await cluster.json("GET", at);
  const names = (body as { resources: { name: string }[] }).resources.map(({ name }) => name);
  const plural = row.path.split("/").at(-1) ?? "";
  const parts = (row.parts ?? []).map(({ subresource }) => `${plural}/${subresource}`);
  for (const name of [plural, ...parts]) assert.ok(names.includes(name), `${name} is in ${at}`);
  if (version === "") return;
  for (const path of ["/apis", `/apis/${group}`]) {
    const { body: found } = await cluster.json("GET", path);
    assert.ok(JSON.stringify(found).includes(`"groupVersion":"${apiVersion}"`), path);
  }
}

/** A subresource that is a part of the object: got, patched and updated. */
async function checkPart(
  client: E2eClient,
  one: string,
  { subresource, patch, update, shown }: NonNullable<Operations["parts"]>[number],
): Promise<void> {
  const at = `${one}/${subresource}`;
  const got = await client.get(at);
  assert.equal(got.metadata.name, one.split("/").at(-1));
  const annotations = { patchedpart: "true" };
  const patched = await client.patch(at, { metadata: { annotations }, ...patch });
  assert.deepEqual(shown(patched), shown(patch));
  const current = await client.get(one);
  const updated = await client.update(at, { ...current, ...update });
  assert.deepEqual(shown(updated), shown(update));
}
