import assert from "node:assert/strict";
import { HttpCluster, Reader } from "../../support/httpCluster.ts";

const maps = "/api/v1/namespaces/default/configmaps";
const table = "application/json;as=Table;v=v1;g=meta.k8s.io";

describe("a watch over HTTP", () => {
  let cluster: HttpCluster;
  let reader: Reader;
  beforeEach(() => {
    cluster = new HttpCluster();
    reader = new Reader();
  });
  afterEach(() => {
    cluster.dispose();
    assert.deepEqual(cluster.defects, []);
  });

  const create = (name: string, data = "") =>
    cluster.send("POST", maps, { body: { metadata: { name }, data: { text: data } } });
  const remove = (name: string) => cluster.send("DELETE", `${maps}/${name}`);
  const newest = async (): Promise<string> => {
    const { body } = await cluster.json("GET", maps);
    return (body as { metadata: { resourceVersion: string } }).metadata.resourceVersion;
  };

  it("writes a line of JSON for every change", async () => {
    await cluster.watch(`${maps}?watch=1&resourceVersion=${await newest()}`, reader);
    await create("a");
    await remove("a");
    assert.deepEqual(reader.summary(), ["ADDED a", "DELETED a"]);
    assert.match(
      reader.lines[0] ?? "",
      /^\{"type":"ADDED","object":\{"kind":"ConfigMap","apiVersion":"v1"/,
    );
  });

  it("begins with what is there", async () => {
    await create("a");
    await cluster.watch(`${maps}?watch=1&labelSelector=!x&fieldSelector=metadata.name%3Da`, reader);
    assert.deepEqual(reader.summary(), ["ADDED a"]);
  });

  it("marks the end of what is there for who asks for it", async () => {
    await create("a");
    const options =
      "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    await cluster.watch(`${maps}?${options}&fieldSelector=metadata.name%3Da`, reader);
    assert.deepEqual(reader.summary(), ["ADDED a", "BOOKMARK"]);
    assert.match(reader.lines[1] ?? "", /"annotations":\{"k8s.io\/initial-events-end":"true"\}/);
  });

  it("has the head of a table in its first frame only", async () => {
    await cluster.watch(`${maps}?watch=1&resourceVersion=${await newest()}`, reader, {
      headers: { accept: table },
    });
    await create("a");
    await create("b");
    const heads = reader.frames().map(({ object }) => object.columnDefinitions?.length ?? null);
    assert.deepEqual(heads, [3, null]);
    assert.deepEqual(
      reader.frames().map(({ object }) => object.rows?.[0]?.cells[0]),
      ["a", "b"],
    );
  });

  it("shows the metadata alone to who asks for it", async () => {
    const accept = table.replace("Table", "PartialObjectMetadataList");
    await cluster.watch(`${maps}?watch=1&resourceVersion=${await newest()}`, reader, {
      headers: { accept },
    });
    await create("a");
    const { kind, metadata } = reader.frames()[0]?.object ?? {};
    assert.deepEqual([kind, metadata?.name], ["PartialObjectMetadata", "a"]);
  });

  it("is opened from a version that is gone all the same, and says so", async () => {
    const first = await newest();
    for (let i = 0; i < 3; i++) await create(`a${i}`);
    cluster.engine.store.compact(cluster.engine.store.revision);
    await cluster.watch(`${maps}?watch=1&resourceVersion=${first}`, reader);
    assert.deepEqual(reader.summary(), ["ERROR Expired"]);
    assert.ok(reader.isEnded);
  });

  it("follows one object by the older path", async () => {
    const from = await newest();
    await cluster.watch(
      `/api/v1/watch/namespaces/default/configmaps/b?resourceVersion=${from}`,
      reader,
    );
    await create("a");
    await create("b");
    assert.deepEqual(reader.summary(), ["ADDED b"]);
  });

  it("is refused before it begins", async () => {
    for (const [query, expected] of [
      ["resourceVersion=x", 400],
      ["sendInitialEvents=true", 422],
      ["labelSelector=a%3D%3D%3Db", 400],
    ] as const)
      assert.equal((await cluster.send("GET", `${maps}?watch=1&${query}`)).status, expected);
  });

  it("waits for a slow reader without writing more", async () => {
    await cluster.watch(`${maps}?watch=1&resourceVersion=${await newest()}`, reader);
    reader.stopReading();
    await create("a", "x".repeat(1_000));
    for (const name of ["b", "c", "d"]) await create(name, "x".repeat(100_000));
    assert.ok(reader.unreadBytes < 2_000, "one frame, and no more");
    reader.readAgain();
    assert.deepEqual(reader.summary(), ["ADDED b", "ADDED c", "ADDED d"]);
    assert.ok(!reader.isEnded);
  });

  it("ends for a reader that falls behind by a thousand changes", async () => {
    await cluster.watch(`${maps}?watch=1&resourceVersion=${await newest()}`, reader);
    reader.stopReading();
    const { apiServer } = cluster.engine;
    const before = apiServer.statistics.watches;
    for (let i = 0; i < 1_100; i++) await create(`m${i}`);
    assert.ok(reader.isEnded);
    assert.equal(apiServer.statistics.watches, before - 1);
  });

  it("shows a beginning of any length", async () => {
    for (let i = 0; i < 1_500; i++) await create(`m${i}`);
    reader.stopReading();
    await cluster.watch(`${maps}?watch=1`, reader);
    await create("last");
    assert.ok(!reader.isEnded);
    reader.readAgain();
    assert.equal(reader.summary().at(-1), "ADDED last");
  });

  it("is over once its client is gone", async () => {
    const { apiServer } = cluster.engine;
    const before = apiServer.statistics.watches;
    const watching = await cluster.watch(`${maps}?watch=1`, reader);
    assert.equal(apiServer.statistics.watches, before + 1);
    watching.dispose();
    assert.equal(apiServer.statistics.watches, before);
    assert.match(
      String((await cluster.send("GET", "/metrics")).body),
      /longrunning_requests\{.*\} 0$/m,
    );
  });
});
