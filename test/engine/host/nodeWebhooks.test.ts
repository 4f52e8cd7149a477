// Calls over real sockets and TLS.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createPlainServer, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ClusterCertificates,
  clusterCertificates,
} from "../../../src/engine/host/nodeCertificates.ts";
import { nodeWebhooks } from "../../../src/engine/host/nodeWebhooks.ts";

describe("webhooks outside of the cluster", () => {
  let folder = "";
  let certificates: ClusterCertificates;
  const servers: Server[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "hooks-"));
    certificates = await clusterCertificates(folder);
  });

  after(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  async function listen(server: Server): Promise<number> {
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  function post(port: number, authorities?: string): Promise<unknown> {
    const url = `https://127.0.0.1:${port}/x?timeout=1s`;
    const trust = authorities === undefined ? {} : { authorities };
    return nodeWebhooks.post({ url, body: '{"a":1}', timeoutMs: 500, ...trust });
  }

  it("answer", async () => {
    const { certificate: cert, key } = certificates.apiserver;
    const server = createServer({ cert, key }, (request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += chunk;
      });
      request.on("end", () => response.end(`${request.url} ${body}`));
    });
    const port = await listen(server);
    const { certificate } = certificates.ca;
    assert.deepEqual(await post(port, certificate), { status: 200, body: '/x?timeout=1s {"a":1}' });
    await assert.rejects(post(port), {
      message: "tls: failed to verify certificate: x509: certificate signed by unknown authority",
    });
  });

  it("do not answer", async () => {
    const silent = await listen(createServer(certificateOptions(), () => undefined));
    const { certificate } = certificates.ca;
    await assert.rejects(post(silent, certificate), { message: "context deadline exceeded" });
    await assert.rejects(post(1, certificate), {
      message: "dial tcp 127.0.0.1:1: connect: connection refused",
    });
    const plain = await listen(createPlainServer((_, response) => response.end()));
    await assert.rejects(post(plain, certificate), {
      message: "http: server gave HTTP response to HTTPS client",
    });
  });

  function certificateOptions() {
    const { certificate: cert, key } = certificates.apiserver;
    return { cert, key };
  }
});
