// "Watchers" and "API chunking" of the conformance tests. Source: test/e2e/apimachinery/{watch,chunking}.go.
import assert from "node:assert/strict";
import { minute } from "../../../../src/base/time.ts";
import { E2eClient } from "../../../support/e2eClient.ts";

const configMaps = "/api/v1/namespaces/default/configmaps";
const templates = "/api/v1/namespaces/default/podtemplates";

function configMap(name: string, watched: string, data = {}): object {
  const metadata = { name, labels: { "watch-this-configmap": watched } };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}

const settled = () => new Promise(setImmediate);

describe("Watchers of the conformance tests", () => {
  let client: E2eClient;
  beforeEach(() => {
    client = new E2eClient();
  });
  afterEach(() => client.dispose());

  const watching = (selector: string, more = "") =>
    client.watch(
      `${configMaps}?watch=true&labelSelector=${encodeURIComponent(`watch-this-configmap ${selector}`)}${more}`,
    );

  it("Watchers should observe add, update, and delete watch notifications on configmaps", async () => {
    const a = await watching("= A");
    const both = await watching("in (A,B)");
    await client.create(configMaps, configMap("a", "A"));
    await client.update(`${configMaps}/a`, configMap("a", "A", { mutation: "1" }));
    await client.delete(`${configMaps}/a`);
    await client.create(configMaps, configMap("b", "B"));
    await settled();
    assert.deepEqual(a.summary(), ["ADDED a", "MODIFIED a", "DELETED a"]);
    assert.deepEqual(both.summary(), ["ADDED a", "MODIFIED a", "DELETED a", "ADDED b"]);
  });

  it("Watchers should be able to start watching from a specific resource version", async () => {
    await client.create(configMaps, configMap("a", "A"));
    const first = await client.patch(`${configMaps}/a`, { data: { mutation: "1" } });
    await client.patch(`${configMaps}/a`, { data: { mutation: "2" } });
    await client.delete(`${configMaps}/a`);
    const watch = await watching("= A", `&resourceVersion=${first.metadata.resourceVersion}`);
    assert.deepEqual(watch.summary(), ["MODIFIED a", "DELETED a"]);
  });

  it("Watchers should be able to restart watching from the last resource version observed by the previous watch", async () => {
    const before = await watching("= A");
    await client.create(configMaps, configMap("a", "A"));
    await client.patch(`${configMaps}/a`, { data: { mutation: "1" } });
    await settled();
    const last = before.frames().at(-1)?.object.metadata?.resourceVersion;
    await client.patch(`${configMaps}/a`, { data: { mutation: "2" } });
    await client.delete(`${configMaps}/a`);
    const again = await watching("= A", `&resourceVersion=${last}`);
    assert.deepEqual(again.summary(), ["MODIFIED a", "DELETED a"]);
  });

  it("Watchers should observe an object deletion if it stops meeting the requirements of the selector", async () => {
    const watch = await watching("= A");
    await client.create(configMaps, configMap("a", "A"));
    await client.update(`${configMaps}/a`, configMap("a", "other"));
    await client.update(`${configMaps}/a`, configMap("a", "A", { mutation: "2" }));
    await client.delete(`${configMaps}/a`);
    await settled();
    assert.deepEqual(watch.summary(), ["ADDED a", "DELETED a", "ADDED a", "DELETED a"]);
  });

  it("Watchers should receive events on concurrent watches in same order", async () => {
    const versions: string[] = [];
    for (let i = 0; i < 10; i++) {
      const made = await client.create(configMaps, configMap(`c${i}`, "A"));
      versions.push(made.metadata.resourceVersion);
    }
    const seen = await Promise.all(
      versions.map((version) => watching("= A", `&resourceVersion=${version}`)),
    );
    for (let i = 0; i < 10; i++) await client.delete(`${configMaps}/c${i}`);
    await settled();
    const versionsOf = (lines: (typeof seen)[number]) =>
      lines.frames().map(({ object }) => object.metadata?.resourceVersion);
    const whole = versionsOf(seen[0] ?? assert.fail());
    for (const [i, watch] of seen.entries()) assert.deepEqual(versionsOf(watch), whole.slice(i));
  });
});

describe("API chunking of the conformance tests", () => {
  const total = 40;
  const nameOf = (i: number) => `template-${String(i).padStart(4, "0")}`;
  let client: E2eClient;

  before(async () => {
    client = new E2eClient();
    const template = { spec: { containers: [{ name: "test", image: "test2" }] } };
    for (let i = 0; i < total; i++) {
      const metadata = { name: nameOf(i) };
      await client.create(templates, { apiVersion: "v1", kind: "PodTemplate", metadata, template });
    }
  });
  after(() => client.dispose());

  /** Reads pages from `token` on. @returns their versions */
  async function readOn(token: string | undefined, found: number): Promise<readonly string[]> {
    const versions: string[] = [];
    do {
      const more = token === undefined ? "" : `&continue=${token}`;
      const page = await client.list(`${templates}?limit=7${more}`);
      versions.push(page.metadata.resourceVersion);
      for (const { metadata } of page.items) assert.equal(metadata.name, nameOf(found++));
      token = page.metadata.continue;
      assert.equal((page.metadata.remainingItemCount ?? 0) + found, total);
      assert.equal(page.metadata.remainingItemCount === undefined, token === undefined);
    } while (token !== undefined);
    assert.equal(found, total);
    return versions;
  }

  it("Servers with support for API chunking should return chunks of results for list calls", async () => {
    assert.equal(new Set(await readOn(undefined, 0)).size, 1);
    assert.equal((await client.list(`${templates}?limit=${total + 1}`)).items.length, total);
  });

  it("Servers with support for API chunking should support continue listing from the last key if the original version has been compacted away, though the list is inconsistent [Slow]", async () => {
    const first = await client.list(`${templates}?limit=7`);
    const second = `${templates}?limit=7&continue=${first.metadata.continue}`;
    client.run(4 * minute);
    await client.list(second);
    client.run(6 * minute);
    const expired = (await client.answer(410, "GET", second)) as {
      reason: string;
      metadata: { continue: string };
    };
    assert.equal(expired.reason, "Expired");
    const versions = await readOn(expired.metadata.continue, 7);
    assert.equal(new Set(versions).size, 1);
    assert.notEqual(versions[0], first.metadata.resourceVersion);
  });
});
