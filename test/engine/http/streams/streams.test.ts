import assert from "node:assert/strict";
import { NetworkPolicy as NetworkPolicyKind } from "../../../../src/api/kinds/networkPolicy.ts";
import { Node as NodeKind } from "../../../../src/api/kinds/node.ts";
import { Pod as PodKind } from "../../../../src/api/kinds/pod/kind.ts";
import { Service as ServiceKind } from "../../../../src/api/kinds/service.ts";
import { ApiError } from "../../../../src/api/status.ts";
import type { Pod } from "../../../../src/api/types.ts";
import { second } from "../../../../src/base/time.ts";
import { uniformCluster } from "../../../../src/engine/defaultCluster.ts";
import { Engine } from "../../../../src/engine/engine.ts";
import type { HttpResponse } from "../../../../src/engine/http/exchange.ts";
import { SimulatedKubelet } from "../../../../src/engine/http/streams/simulatedKubelet.ts";
import { streamAnswer } from "../../../../src/engine/http/streams/streamAnswer.ts";
import { startedAt } from "../../../support/engineCluster.ts";
import { dataByStream, dataFrame, fin, HeaderCompressor } from "../../../support/spdyFrames.ts";

const webSocket = (protocol: string) => ({
  connection: ["Upgrade"],
  upgrade: ["websocket"],
  "sec-websocket-protocol": [protocol],
});
const spdy = (protocol: string) => ({
  connection: ["Upgrade"],
  upgrade: ["SPDY/3.1"],
  "x-stream-protocol-version": [protocol],
});
const v5 = webSocket("v5.channel.k8s.io");

type Headers = Readonly<Record<string, readonly string[]>>;

describe("streams into Pods", () => {
  let engine: Engine;
  before(() => {
    engine = new Engine({ now: startedAt, seed: 1, spec: uniformCluster(1) });
    engine.clock.run(20 * second);
    create("web", { spec: { containers: [{ name: "c", image: "nginx" }] } });
    create("two", {
      spec: {
        containers: [
          {
            name: "a",
            image: "busybox",
            command: ["sh", "-c", "for i in 1 2 3 4 5; do echo line $i; sleep 1; done; sleep 1000"],
          },
          { name: "b", image: "busybox", command: ["sleep", "1000"] },
        ],
      },
    });
    create("crashed", {
      spec: {
        containers: [
          { name: "c", image: "busybox", command: ["sh", "-c", "echo oh; sleep 1; exit 1"] },
        ],
      },
    });
    create("pending", {
      spec: { nodeSelector: { no: "where" }, containers: [{ name: "c", image: "nginx" }] },
    });
    engine.clock.run(15 * second);
  });

  function create(name: string, rest: object): void {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default" },
      ...rest,
    };
    engine.client("kubernetes-admin").create(PodKind, pod as unknown as Pod);
  }

  function ask(path: string, headers: Headers = {}): HttpResponse {
    const answer = reach("pods", path, headers);
    assert.ok(!(answer instanceof Promise));
    return answer;
  }

  /** `path` begins with the object's name and the subresource. */
  function reach(
    resource: string,
    path: string,
    headers: Headers = {},
  ): HttpResponse | Promise<HttpResponse> {
    const url = new URL(path, "http://x");
    const [name = "", subresource = "", ...rest] = url.pathname.split("/").slice(1);
    const request = {
      method: "GET",
      target: path,
      headers,
      readBody: async () => new Uint8Array(),
    };
    const key = { namespace: resource === "nodes" ? "" : "default", name };
    const more = rest.length > 0 ? `/${rest.join("/")}` : "";
    const asked = { request, query: url.searchParams, key, subresource, path: more };
    const answer = streamAnswer(resource, asked, {
      client: engine.client("system:apiserver"),
      now: () => engine.clock.now(),
      dial: (to, output) => engine.dial(to, output),
      kubelet(node) {
        const kubelet = engine.kubelet(node);
        return kubelet && new SimulatedKubelet(kubelet);
      },
    });
    assert.ok(answer);
    return answer();
  }

  describe("are refused", () => {
    for (const [path, headers, code, message] of [
      ["none/exec?command=ls&stdout=1", v5, 404, 'pods "none" not found'],
      ["web/exec?command=ls&stdout=1", {}, 400, "Upgrade request required"],
      ["web/exec?stdout=1", v5, 400, "you must specify at least 1 command"],
      ["web/exec?command=ls", v5, 400, "you must specify at least 1 of stdin, stdout, stderr"],
      ["web/exec?command=ls&stdout=1&container=x", v5, 400, "container x is not valid for pod web"],
      [
        "two/attach?stdout=1",
        v5,
        400,
        "a container name must be specified for pod two, choose one of: [a b]",
      ],
      ["pending/exec?command=ls&stdout=1", v5, 400, "pod pending does not have a host assigned"],
      ["two/log", {}, 400, "a container name must be specified for pod two, choose one of: [a b]"],
      [
        "web/log?previous=true",
        {},
        400,
        'previous terminated container "c" in pod "web" not found',
      ],
      [
        "web/log?tailLines=-1",
        {},
        422,
        'PodLogOptions "web" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0',
      ],
      [
        "web/log?limitBytes=0",
        {},
        422,
        'PodLogOptions "web" is invalid: limitBytes: Invalid value: 0: must be greater than 0',
      ],
      ["web/log?tailLines=x", {}, 400, 'strconv.ParseInt: parsing "x": invalid syntax'],
      [
        "pending/portforward",
        spdy("portforward.k8s.io"),
        400,
        "pod pending does not have a host assigned",
      ],
    ] as const)
      it(`${path}: ${message}`, () =>
        assert.throws(
          () => ask(`/${path}`, headers),
          (error) => {
            assert.ok(error instanceof ApiError);
            assert.deepEqual([error.code, error.message], [code, message]);
            return true;
          },
        ));

    it("a protocol that nobody speaks", () => {
      const { status, body } = ask("/web/exec?command=ls&stdout=1", webSocket("v9.channel.k8s.io"));
      assert.equal(status, 403);
      assert.match(String(body), /unable to negotiate protocol/);
    });
  });

  describe("of logs", () => {
    for (const [query, expected] of [
      ["", "line 1\nline 2\nline 3\nline 4\nline 5\n"],
      ["&tailLines=2", "line 4\nline 5\n"],
      ["&tailLines=0", ""],
      ["&limitBytes=9", "line 1\nli"],
      ["&sinceSeconds=1", ""],
      ["&sinceTime=2026-01-31T00:00:00Z&tailLines=1", "line 5\n"],
    ] as const)
      it(`give${query === "" ? "" : ` with ${query.slice(1)}`} ${JSON.stringify(expected)}`, () =>
        assert.equal(ask(`/two/log?container=a${query}`).body, expected));

    it("begin each line with its time if asked so", () =>
      assert.match(
        String(ask("/two/log?container=a&tailLines=1&timestamps=true").body),
        /^2026-01-31T12:00:\d\d\.\d{9}Z line 5\n$/,
      ));

    it("are those of the container before the present one", () =>
      assert.equal(ask("/crashed/log?previous=true").body, "oh\n"));

    it("come as messages over a WebSocket", () => {
      const path = "/two/log?container=a&tailLines=1";
      const { status, body } = ask(path, webSocket("binary.k8s.io"));
      assert.equal(status, 101);
      assert.ok(typeof body === "object" && "upgraded" in body);
      const sent: string[] = [];
      body.upgraded({
        send: (bytes) => sent.push(Buffer.from(bytes).toString()),
        close: () => sent.push("(closed)"),
        onMessage: () => undefined,
        onClose: () => undefined,
      });
      assert.deepEqual(sent, ["line 5\n", "(closed)"]);
    });

    it("are empty where a Pod is on no machine", () => assert.equal(ask("/pending/log").body, ""));

    it("are followed until the container ends", async () => {
      create("counter", {
        spec: {
          restartPolicy: "Never",
          containers: [
            {
              name: "c",
              image: "busybox",
              command: ["sh", "-c", "echo one; sleep 5; echo two; sleep 5"],
            },
          ],
        },
      });
      engine.clock.run(4 * second);
      const { body } = ask("/counter/log?follow=true");
      assert.ok(typeof body === "function");
      const text = await new Promise<string>((resolve) => {
        let written = "";
        body({
          write: (chunk) => {
            written += chunk;
            return true;
          },
          onDrain: () => undefined,
          end: () => resolve(written),
        });
        engine.clock.run(3 * second);
        engine.clock.run(20 * second);
      });
      assert.equal(text, "one\ntwo\n");
    });
  });

  /** The other end of an upgraded answer. */
  class Client {
    readonly sent: Buffer[] = [];
    isClosed = false;
    private message: (bytes: Uint8Array) => void = () => undefined;
    private closed: () => void = () => undefined;

    constructor(path: string, headers: Headers) {
      const { status, body } = ask(path, headers);
      assert.equal(status, 101);
      assert.ok(typeof body === "object" && "upgraded" in body);
      body.upgraded({
        send: (bytes) => this.sent.push(Buffer.from(bytes)),
        onMessage: (listener) => {
          this.message = listener;
        },
        onClose: (listener) => {
          this.closed = listener;
        },
        close: () => {
          this.isClosed = true;
        },
      });
    }

    write(bytes: Uint8Array): void {
      this.message(bytes);
    }

    leave(): void {
      this.closed();
    }

    /** What came on each channel. */
    channels(): Record<number, string> {
      const texts: Record<number, string> = {};
      for (const message of this.sent)
        texts[message[0] ?? 0] =
          (texts[message[0] ?? 0] ?? "") + message.subarray(1).toString("utf8");
      return texts;
    }

    streams(): Readonly<Record<number, string>> {
      return dataByStream(Buffer.concat(this.sent));
    }
  }

  const failed = {
    metadata: {},
    status: "Failure",
    message: "command terminated with non-zero exit code: command terminated with exit code 3",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: "3" }] },
  };
  const succeeded = { metadata: {}, status: "Success" };

  describe("of commands", () => {
    it("carry output and exit code over a WebSocket's channels", () => {
      const client = new Client(
        "/web/exec?command=sh&command=-c&command=echo%20hi;exit%203&stdout=1",
        v5,
      );
      const { 1: output, 3: status } = client.channels();
      assert.equal(output, "hi\n");
      assert.deepEqual(JSON.parse(status ?? ""), failed);
      assert.ok(client.isClosed);
    });

    it("say that a container does not run", () => {
      const client = new Client("/crashed/exec?command=ls&stdout=1", v5);
      const { 3: status } = client.channels();
      assert.equal(
        JSON.parse(status ?? "").message,
        'Internal error occurred: unable to upgrade connection: container not found ("c")',
      );
    });

    it("feed a shell, until the input is closed", () => {
      const client = new Client("/web/exec?command=sh&stdin=1&stdout=1", v5);
      client.write(Buffer.from("\0echo one\nec"));
      client.write(Buffer.from("\0ho two"));
      client.write(Uint8Array.of(255, 0));
      const { 1: output, 3: status } = client.channels();
      assert.equal(output, "one\ntwo\n");
      assert.deepEqual(JSON.parse(status ?? ""), succeeded);
    });

    it("echo what is typed into a terminal, and let it be mended", () => {
      const client = new Client("/web/exec?command=sh&stdin=1&stdout=1&tty=1", v5);
      client.write(Buffer.concat([Uint8Array.of(4), Buffer.from('{"Width":80,"Height":24}')]));
      client.write(Buffer.from("\0echo ab\x7f!\r"));
      client.write(Buffer.from("\0oops\x03exit 3\r"));
      const { 1: output, 3: status } = client.channels();
      assert.equal(output, "# echo ab\b \b!\r\na!\r\n# oops^C\r\n# exit 3\r\n");
      assert.deepEqual(JSON.parse(status ?? ""), failed);
    });

    it("talk to the shell that is a container's process, which ends with the conversation", () => {
      create("shell", {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "c", image: "busybox", stdin: true, tty: true, stdinOnce: true }],
        },
      });
      engine.clock.run(15 * second);
      const client = new Client("/shell/attach?stdin=1&stdout=1&tty=1", v5);
      client.write(Buffer.from("\0echo hi\rexit 3\r"));
      const { 1: output, 3: status } = client.channels();
      // The prompt was written before anybody was there to see it.
      assert.equal(output, "echo hi\r\nhi\r\n/ # exit 3\r\n");
      assert.deepEqual(JSON.parse(status ?? ""), succeeded);
      engine.clock.run(5 * second);
      const key = { namespace: "default", name: "shell" };
      const { status: pod } = engine.client("kubernetes-admin").get(PodKind, key);
      assert.equal(pod?.containerStatuses?.[0]?.state?.terminated?.exitCode, 3);
    });

    it("go over SPDY, one stream each", async () => {
      const client = new Client(
        "/web/exec?command=sh&stdin=1&stdout=1&stderr=1",
        spdy("v4.channel.k8s.io"),
      );
      const compressor = new HeaderCompressor(9);
      for (const [i, streamtype] of ["error", "stdin", "stdout", "stderr"].entries())
        client.write(await compressor.open(2 * i + 1, { streamtype }));
      client.write(dataFrame(3, "echo hi; exit 3\nexit 3\n"));
      client.write(dataFrame(3, "", fin));
      const { 1: status, 5: output } = client.streams();
      assert.equal(output, "hi\n");
      assert.deepEqual(JSON.parse(status ?? ""), failed);
      assert.ok(client.isClosed);
    });
  });

  describe("to ports", () => {
    const request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    for (const [carrier, headers] of [
      ["SPDY", spdy("portforward.k8s.io")],
      ["SPDY within a WebSocket", webSocket("SPDY/3.1+portforward.k8s.io")],
    ] as const)
      it(`go over ${carrier}, a pair of streams for each connection`, async () => {
        const client = new Client("/web/portforward", headers);
        const compressor = new HeaderCompressor(9);
        const pair = async (id: number, port: string, requestid: string) => {
          client.write(await compressor.open(id, { streamtype: "error", port, requestid }));
          client.write(await compressor.open(id + 2, { streamtype: "data", port, requestid }));
        };
        await pair(1, "80", "0");
        await pair(5, "81", "1");
        client.write(dataFrame(3, request));
        engine.clock.run(second);
        const { 3: answer, 5: error } = client.streams();
        assert.match(
          answer ?? "",
          /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n<!DOCTYPE html>.*Welcome to nginx!/s,
        );
        assert.match(error ?? "", /^error forwarding port 81 to pod .*connection refused/);
        assert.ok(!client.isClosed);
        client.leave();
      });

    it("go over the channels of a plain WebSocket", () => {
      const client = new Client("/web/portforward?ports=80", webSocket("v4.channel.k8s.io"));
      assert.deepEqual(client.channels(), { 0: "P\0", 1: "P\0" });
      client.write(Buffer.from(`\0${request}`));
      engine.clock.run(second);
      assert.match(client.channels()[0] ?? "", /^P\0HTTP\/1\.1 200 OK/);
    });
  });

  describe("by proxy", () => {
    before(() => {
      const service = (name: string, port: number, targetPort: number, selector: string) =>
        engine.client("kubernetes-admin").create(ServiceKind, {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name, namespace: "default" },
          spec: { selector: { app: selector }, ports: [{ name: "http", port, targetPort }] },
        });
      service("front", 8080, 80, "front");
      service("empty", 80, 80, "nobody");
      create("front", {
        metadata: { name: "front", namespace: "default", labels: { app: "front" } },
        spec: {
          containers: [
            {
              name: "c",
              image: "registry.k8s.io/e2e-test-images/agnhost:2.53",
              args: ["netexec", "--http-port=80"],
              ports: [{ containerPort: 80 }],
            },
          ],
        },
      });
      const link = (name: string): string => `<a href="/${name}">test</a>`;
      create("porter", {
        metadata: { name: "porter", namespace: "default" },
        spec: {
          containers: [
            {
              name: "c",
              image: "registry.k8s.io/e2e-test-images/agnhost:2.53",
              args: ["porter"],
              env: [
                { name: "SERVE_PORT_1080", value: link("rewriteme") },
                { name: "SERVE_PORT_160", value: "foo" },
                { name: "SERVE_TLS_PORT_443", value: link("tlsrewriteme") },
                { name: "SERVE_TLS_PORT_460", value: "tls baz" },
              ],
            },
          ],
        },
      });
      engine.clock.run(15 * second);
    });

    /** What is sent arrives and is answered while the cluster's time passes. */
    async function reachInTime(
      resource: string,
      path: string,
      headers: Headers = {},
    ): Promise<HttpResponse> {
      const answer = reach(resource, path, headers);
      const passing = setInterval(() => engine.clock.run(10), 1);
      try {
        return await answer;
      } finally {
        clearInterval(passing);
      }
    }

    for (const [resource, path, body] of [
      ["pods", "/front/proxy/hostname", "front"],
      ["pods", "/front:80/proxy/echo?msg=a%20b", "a b"],
      ["services", "/front:http/proxy/hostname", "front"],
      ["services", "/http:front:8080/proxy/healthz", ""],
      ["pods", "/porter:160/proxy/", "foo"],
      ["pods", "/porter:1080/proxy/", '<a href="/porter:1080/proxy/rewriteme">test</a>'],
      [
        "pods",
        "/https:porter:443/proxy/",
        '<a href="/https:porter:443/proxy/tlsrewriteme">test</a>',
      ],
      ["pods", "/https:porter:460/proxy/", "tls baz"],
    ] as const)
      it(`${resource}${path} is answered by the Pod`, async () => {
        const answer = await reachInTime(resource, path);
        assert.equal(answer.status, 200);
        assert.equal(Buffer.from(answer.body as Uint8Array).toString(), body);
      });

    for (const [name, seen] of [
      ["x-test", "yes"],
      ["authorization", ""],
      ["x-forwarded-uri", "/front/proxy/header"],
      ["x-forwarded-host", "cluster:6443"],
    ] as const)
      it(`shows the Pod of ${name}: ${JSON.stringify(seen)}`, async () => {
        const { body } = await reachInTime("pods", `/front/proxy/header?key=${name}`, {
          host: ["cluster:6443"],
          "x-test": ["yes"],
          authorization: ["Bearer secret"],
        });
        assert.equal(Buffer.from(body as Uint8Array).toString(), seen);
      });

    it("is stopped by a NetworkPolicy like everyone", async () => {
      const key = { namespace: "default", name: "deny" };
      const administrator = engine.client("kubernetes-admin");
      administrator.create(NetworkPolicyKind, {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: key,
        spec: { podSelector: {}, policyTypes: ["Ingress"] },
      });
      engine.clock.run(second);
      await assert.rejects(() => reachInTime("pods", "/front/proxy/hostname"), {
        message: /^error trying to reach service: dial tcp 10\..*:80: i\/o timeout$/,
      });
      administrator.delete(NetworkPolicyKind, key);
      engine.clock.run(second);
    });

    it("sends who names no path to the root", async () => {
      const { status, headers } = await reach("pods", "/front/proxy?a=b");
      assert.deepEqual([status, headers], [301, { Location: "/front/proxy/?a=b" }]);
    });

    it("lets a kubelet speak for itself", async () => {
      const [node] = engine.client("kubernetes-admin").list(NodeKind).items;
      const { name } = node?.metadata ?? { name: "" };
      assert.equal((await reach("nodes", `/${name}/proxy/healthz`)).body, "ok");
      assert.equal((await reach("nodes", `/${name}/proxy/nothing`)).status, 404);
    });

    for (const [resource, path, message] of [
      [
        "pods",
        "/front:81/proxy/",
        /^error trying to reach service: dial tcp 10\..*:81: connect: connection refused$/,
      ],
      [
        "pods",
        "/https:porter:160/proxy/",
        /^error trying to reach service: http: server gave HTTP response to HTTPS client$/,
      ],
      ["pods", "/ftp:porter:160/proxy/", /^invalid pod request "ftp:porter:160"$/],
      ["pods", "/pending/proxy/", /^address not allowed$/],
      ["services", "/front:9/proxy/", /^no service port 9 found for service "front"$/],
      ["services", "/empty:http/proxy/", /^no endpoints available for service "empty"$/],
      ["services", "/nope/proxy/", /^endpoints "nope" not found$/],
      ["nodes", "/nope/proxy/healthz", /^nodes "nope" not found$/],
    ] as const)
      it(`${resource}${path} fails: ${message}`, () =>
        assert.rejects(() => reachInTime(resource, path), { name: "ApiError", message }));
  });
});
