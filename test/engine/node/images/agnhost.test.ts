import assert from "node:assert/strict";
import type { Container, PodSpec } from "../../../../src/api/types.ts";
import { PodTester } from "../podTester.ts";

const image = "registry.k8s.io/e2e-test-images/agnhost:2.53";

describe("agnhost", () => {
  let cluster: PodTester;
  before(() => {
    cluster = new PodTester();
    cluster.runs("server", { image, args: ["netexec"] });
  });

  describe("netexec answers", () => {
    for (const [path, status, body] of [
      ["/hostname", 200, /^server$/],
      ["/clientip", 200, /^127\.0\.0\.1:\d+$/],
      ["/echo?msg=a%20b&code=418", 418, /^a b$/],
      ["/healthz", 200, /^$/],
      ["/shell?cmd=echo%20hi", 200, /^\{"output":"hi\\n"\}$/],
      ["/shell?shellCommand=exit%203", 200, /^\{"error":"exit status 3","output":""\}$/],
      ["/dial?host=127.0.0.1&port=8080&request=hostname", 200, /^\{"responses":\["server"\]\}$/],
      [
        "/dial?host=127.0.0.1&port=8081&request=hostname&protocol=udp",
        200,
        /^\{"responses":\["server"\]\}$/,
      ],
      [
        "/dial?host=127.0.0.1&port=9&request=hostname",
        200,
        /"errors":\["dial tcp 127\.0\.0\.1:9: connect: connection refused"\]/,
      ],
      ["/redirect?code=301&location=/x", 301, /^$/],
      ["/nothing", 404, /^404 page not found\n$/],
    ] as const)
      it(path, () => {
        const [head = "", text = ""] = cluster.http("server", 8080, path).split("\r\n\r\n");
        assert.equal(head.split(" ")[1], String(status));
        assert.match(text, body);
      });
  });

  describe("ends, or says", () => {
    for (const [claim, container, spec, exitCode, log] of [
      [
        "how it was called",
        { args: ["entrypoint-tester", "override", "arguments"] },
        {},
        0,
        ["[/agnhost entrypoint-tester override arguments]"],
      ],
      [
        "how it was called under its other name",
        { command: ["/agnhost-2", "entrypoint-tester"] },
        {},
        0,
        ["[/agnhost-2 entrypoint-tester]"],
      ],
      [
        "the search domains",
        { args: ["dns-suffix"] },
        {},
        0,
        ["default.svc.cluster.local,svc.cluster.local,cluster.local"],
      ],
      ["the DNS servers", { args: ["dns-server-list"] }, {}, 0, ["10.96.0.10"]],
      ["that a port is closed", { args: ["connect", "127.0.0.1:9"] }, {}, 1, ["REFUSED"]],
      [
        "what it does not know",
        { args: ["nope"] },
        {},
        1,
        ['Error: unknown command "nope" for "app"', "Run 'app --help' for usage."],
      ],
      [
        "what it mounts",
        {
          args: [
            "mounttest",
            "--fs_type=/v",
            "--new_file_0644=/v/f",
            "--file_perm=/v/f",
            "--file_mode=/v",
          ],
          volumeMounts: [{ name: "v", mountPath: "/v" }],
        },
        { volumes: [{ name: "v", emptyDir: { medium: "Memory" } }] },
        0,
        [
          'mount type of "/v": tmpfs',
          'content of file "/v/f": mount-tester new file',
          "",
          'mode of file "/v": drwxrwxrwx',
          'perms of file "/v/f": -rw-r--r--',
        ],
      ],
      [
        "what is not there",
        { args: ["mounttest", "--file_content=/none"] },
        {},
        1,
        ['error accessing "/none": open /none: no such file or directory'],
      ],
    ] as readonly [string, Partial<Container>, Partial<PodSpec>, number, readonly string[]][])
      it(claim, () => {
        const name = claim.replaceAll(/[^a-z]+/g, "-");
        cluster.runs(name, { image, ...container }, { restartPolicy: "Never", ...spec });
        assert.deepEqual(cluster.log(name), log);
        const { state } = cluster.pod(name).status?.containerStatuses?.[0] ?? {};
        assert.equal(state?.terminated?.exitCode, exitCode);
      });
  });

  it("writes so many lines in so much time", () => {
    cluster.runs(
      "logger",
      { image, args: ["logs-generator", "--log-lines-total", "100", "--run-duration", "20s"] },
      { restartPolicy: "Never" },
    );
    const halfway = cluster.log("logger").length;
    assert.ok(halfway > 10 && halfway < 90, String(halfway));
    cluster.run(20);
    assert.equal(cluster.log("logger").length, 100);
  });

  describe("is probed", () => {
    for (const [claim, args, livenessProbe, restarts] of [
      [
        "over HTTP, until it is unhealthy",
        ["liveness"],
        {
          httpGet: { path: "/healthz", port: 8080 },
          initialDelaySeconds: 3,
          periodSeconds: 3,
          failureThreshold: 1,
        },
        true,
      ],
      [
        "over gRPC",
        ["grpc-health-checking"],
        { grpc: { port: 5000 }, initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 1 },
        false,
      ],
      [
        "over gRPC, until it is unhealthy",
        ["grpc-health-checking", "--delay-unhealthy-sec=5"],
        { grpc: { port: 5000 }, initialDelaySeconds: 1, periodSeconds: 1, failureThreshold: 1 },
        true,
      ],
      [
        "at a closed port",
        ["pause"],
        {
          tcpSocket: { port: 8080 },
          initialDelaySeconds: 1,
          periodSeconds: 2,
          failureThreshold: 1,
        },
        true,
      ],
      [
        "over redirects on the same host",
        ["netexec"],
        {
          httpGet: { path: "/redirect?location=%2Fhealthz", port: 8080 },
          periodSeconds: 1,
          failureThreshold: 1,
        },
        false,
      ],
      [
        "with redirects elsewhere, which are left alone",
        ["netexec"],
        {
          httpGet: { path: "/redirect?location=http%3A%2F%2F0.0.0.0%2F", port: 8080 },
          periodSeconds: 1,
          failureThreshold: 1,
        },
        false,
      ],
    ] as const)
      it(claim, () => {
        const name = `probed-${claim.replaceAll(/[^a-z]+/gi, "-").toLowerCase()}`
          .slice(0, 40)
          .replace(/-$/, "");
        cluster.runs(name, { image, args: [...args], livenessProbe });
        cluster.run(12);
        const { restartCount } = cluster.pod(name).status?.containerStatuses?.[0] ?? {};
        assert.equal((restartCount ?? 0) > 0, restarts, cluster.events(name).join("\n"));
      });
  });

  it("porter serves what its environment says, and how it was asked", () => {
    cluster.runs("porter", {
      image,
      args: ["porter", "--json-response"],
      env: [{ name: "SERVE_PORT_1080", value: "foo" }],
    });
    assert.match(cluster.http("porter", 1_080, "/"), /\{"Method":"GET","Body":"foo"\}$/);
  });

  it("nettest counts who has written to it", () => {
    cluster.runs("nettest", { image, args: ["nettest"] });
    const { podIP } = cluster.pod("nettest").status ?? {};
    cluster.runs("tester", {
      lifecycle: {
        preStop: {
          exec: {
            command: [
              "wget",
              "-O-",
              '--post-data={"Source": "prestop"}',
              `http://${podIP}:8080/write`,
            ],
          },
        },
      },
      command: ["sleep", "600"],
    });
    cluster.delete("tester");
    cluster.run(5);
    assert.match(cluster.http("nettest", 8_080, "/read"), /"Received":\{"prestop":1\}/);
  });

  it("is told of another's hooks", () => {
    const { podIP: host = "" } = cluster.pod("server").status ?? {};
    const hook = (path: string) => ({ httpGet: { host, port: 8080, path } });
    cluster.runs("hooked", {
      image,
      args: ["pause"],
      lifecycle: { postStart: hook("/echo?msg=poststart"), preStop: hook("/echo?msg=prestop") },
    });
    cluster.delete("hooked");
    cluster.run(5);
    const seen = cluster.log("server").join("\n");
    assert.match(seen, /GET \/echo\?msg=poststart/);
    assert.match(seen, /GET \/echo\?msg=prestop/);
  });
});
