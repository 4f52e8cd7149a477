// The door itself: TLS, certificates, and clients that misbehave on real sockets.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { parse } from "yaml";
import { uniformCluster } from "../../../src/engine/defaultCluster.ts";
import {
  type ClusterCertificates,
  clusterCertificates,
} from "../../../src/engine/host/nodeCertificates.ts";
import { NodeEngine } from "../../../src/engine/host/nodeEngine.ts";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

describe("the cluster's door", () => {
  let folder = "";
  let engine: NodeEngine;
  let port = 0;
  let certificates: ClusterCertificates;
  const defects: unknown[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "door-"));
    engine = await NodeEngine.open({
      storagePath: join(folder, "etcd.sqlite"),
      spec: uniformCluster(1),
      onSetAside: assert.fail,
      onDefect: (error) => defects.push(error),
    });
    const { url } = await engine.listen(0, { kubeconfig: join(folder, "kubeconfig") });
    port = Number(new URL(url).port);
    certificates = await clusterCertificates(join(folder, "pki"));
  });
  after(async () => {
    await engine.host.close();
    rmSync(folder, { recursive: true });
    assert.deepEqual(defects, []);
  });

  /** What the administrator's client shows and trusts. */
  const identity = () => ({
    host: "127.0.0.1",
    port,
    ca: certificates.ca.certificate,
    cert: certificates.admin.certificate,
    key: certificates.admin.key,
  });

  function send(path: string, options: object = {}, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = httpsRequest({ ...identity(), path, ...options }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  async function socket(options: object = {}): Promise<TLSSocket> {
    const opened = connectTls({ ...identity(), ...options });
    opened.on("error", () => undefined);
    await once(opened, "secureConnect");
    return opened;
  }

  /** All that the server says until it ends the connection. */
  async function wholeAnswer(opened: TLSSocket): Promise<string> {
    let text = "";
    for await (const chunk of opened) text += String(chunk);
    return text;
  }

  const stillAnswers = async () => assert.equal((await send("/version")).status, 200);

  it("is told by a kubeconfig that only its owner can read", () => {
    const path = join(folder, "kubeconfig");
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const { clusters, users } = parse(readFileSync(path, "utf8"));
    assert.equal(clusters[0].cluster.server, `https://127.0.0.1:${port}`);
    assert.match(atob(users[0].user["client-key-data"]), /PRIVATE KEY/);
    for (const name of ["ca.key", "admin.key", "apiserver.key"])
      assert.equal(statSync(join(folder, "pki", name)).mode & 0o777, 0o600);
  });

  it("keeps its certificates", async () =>
    assert.deepEqual(await clusterCertificates(join(folder, "pki")), certificates));

  it("knows its administrator by the certificate", async () => {
    const { status, headers } = await send("/api/v1/nodes");
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "application/json");
  });

  it("lets a client without a certificate see what everybody may", async () => {
    const nobody = { cert: undefined, key: undefined };
    assert.equal((await send("/livez", nobody)).text, "ok");
    assert.equal((await send("/api/v1/nodes", nobody)).status, 403);
  });

  it("refuses a certificate of another authority", async () => {
    const others = mkdtempSync(join(tmpdir(), "pki-"));
    const { admin } = await clusterCertificates(others);
    rmSync(others, { recursive: true });
    const answer = await send("/api/v1/nodes", { cert: admin.certificate, key: admin.key });
    assert.equal(answer.status, 401);
  });

  it("is open under its own names only", async () => {
    const called = (host: string) =>
      send("/version", { servername: "localhost", headers: { host } });
    assert.equal((await called("evil.example")).status, 421);
    assert.equal((await called("localhost:1")).status, 200);
  });

  it("speaks HTTP/2", async () => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, identity());
    const stream = session.request({ ":path": "/api/v1/namespaces?limit=1" });
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    let text = "";
    for await (const chunk of stream) text += String(chunk);
    assert.equal(headers[":status"], 200);
    assert.match(text, /"kind":"NamespaceList"/);
    session.close();
  });

  it("packs long answers for who can unpack them", async () => {
    const text = "x".repeat(200_000);
    const body = JSON.stringify({ metadata: { name: "long" }, data: { text } });
    const path = "/api/v1/namespaces/default/configmaps";
    assert.equal((await send(path, { method: "POST" }, body)).status, 201);
    const headers = { "accept-encoding": "gzip" };
    const packed = await send(`${path}/long`, { headers });
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.match(String(packed.headers.vary), /Accept-Encoding/);
    assert.ok(packed.text.length < 10_000);
    assert.equal((await send(`${path}/long`)).headers["content-encoding"], undefined);
    assert.equal((await send("/version", { headers })).headers["content-encoding"], undefined);
  });

  it("writes headers in UTF-8", async () => {
    const body = JSON.stringify({ metadata: { name: "u" }, 파드: 1 });
    const path = "/api/v1/namespaces/default/configmaps?dryRun=All";
    const { headers } = await send(path, { method: "POST" }, body);
    const warning = Buffer.from(String(headers.warning), "latin1").toString();
    assert.equal(warning, '299 - "unknown field \\"파드\\""');
  });

  it("ends a watch when its time is over", async () => {
    const began = performance.now();
    const { status, text } = await send("/api/v1/namespaces?watch=1&timeoutSeconds=1");
    assert.equal(status, 200);
    assert.ok(text.split("\n").length > 3);
    assert.ok(performance.now() - began >= 950);
  });

  it("outlives requests that are none", async () => {
    for (const bytes of [
      "\r\n\r\n",
      "GET\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET /version HTTP/1.1\r\n\r\n",
      "GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
      "POST /api/v1/namespaces HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
      `GET /version HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${"x".repeat(2_000_000)}\r\n\r\n`,
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense",
      `${"\u0000".repeat(1_000)}\r\n\r\n`,
    ]) {
      const opened = await socket({ ALPNProtocols: ["http/1.1"] });
      opened.end(bytes);
      await wholeAnswer(opened).catch(() => undefined);
    }
    const plain = connectTcp(port, "127.0.0.1");
    plain.on("error", () => undefined);
    plain.end("GET / HTTP/1.1\r\n\r\n");
    await once(plain, "close");
    await stillAnswers();
  });

  it("outlives objects that are none", async () => {
    const path = "/api/v1/namespaces/default/configmaps";
    for (const body of [
      "null",
      "0",
      '"x"',
      "{",
      '{"metadata":null}',
      '{"metadata":{"name":null}}',
      '{"metadata":{"name":{"a":1}}}',
      '{"metadata":{"name":"a","labels":[]}}',
      '{"metadata":{"name":"a","creationTimestamp":"x"}}',
      '{"data":{"a":1e999}}',
      `{"data":${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}}`,
      `{"metadata":{"name":"\ud800"}}`,
    ]) {
      const { status } = await send(path, { method: "POST" }, body);
      assert.ok(status >= 400 && status < 500, `${body.slice(0, 40)} is answered by ${status}`);
    }
    await stillAnswers();
  });

  it("forgets a client that goes away within its request", async () => {
    const opened = await socket({ ALPNProtocols: ["http/1.1"] });
    opened.write(
      "POST /api/v1/namespaces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{",
    );
    opened.destroy();
    const half = await socket({ ALPNProtocols: ["http/1.1"] });
    half.end("POST /api/v1/namespaces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{");
    await wholeAnswer(half).catch(() => undefined);
    await stillAnswers();
  });

  it("refuses a body that is too large before it is all there", async () => {
    const opened = await socket({ ALPNProtocols: ["http/1.1"] });
    opened.write(
      "POST /api/v1/namespaces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000000\r\n\r\n{",
    );
    const answer = await wholeAnswer(opened);
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /Request entity too large: limit is 3145728/);
  });

  it("serves others while a thousand watchers don't read", async function () {
    this.timeout(60_000);
    const session = connectHttp2(`https://127.0.0.1:${port}`, {
      ...identity(),
      settings: { initialWindowSize: 1_024 },
    });
    const sessions = [session];
    for (let i = 1; i < 10; i++)
      sessions.push(
        connectHttp2(`https://127.0.0.1:${port}`, {
          ...identity(),
          settings: { initialWindowSize: 1_024 },
        }),
      );
    const watchers = sessions.flatMap((each) =>
      Array.from({ length: 100 }, () =>
        each.request({ ":path": "/api/v1/namespaces/default/configmaps?watch=1" }),
      ),
    );
    for (const watcher of watchers) watcher.on("error", () => undefined);
    await Promise.all(watchers.map((watcher) => once(watcher, "response")));
    const before = process.memoryUsage().rss;
    const path = "/api/v1/namespaces/default/configmaps/long";
    for (let i = 0; i < 50; i++) {
      const body = JSON.stringify({ metadata: { annotations: { i: String(i) } } });
      const headers = { "content-type": "application/merge-patch+json" };
      assert.equal((await send(path, { method: "PATCH", headers }, body)).status, 200);
    }
    // 50 changes of 200 kB for 1,000 clients would be 10 GB.
    assert.ok(process.memoryUsage().rss - before < 600_000_000);
    for (const each of sessions) each.destroy();
    await stillAnswers();
  });
});
