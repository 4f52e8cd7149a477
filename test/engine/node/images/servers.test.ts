import assert from "node:assert/strict";
import type { Container } from "../../../../src/api/types.ts";
import { PodTester } from "../podTester.ts";

describe("well-known servers", () => {
  let cluster: PodTester;
  before(() => {
    cluster = new PodTester([{ name: "node-1", role: "worker", cpu: "64", memory: "64Gi" }]);
  });

  for (const [claim, container, port, path, expected] of [
    ["nginx welcomes", { image: "nginx:1.27" }, 80, "/", /200 OK.*Welcome to nginx!/s],
    ["nginx knows no such page", { image: "nginx:1.27" }, 80, "/no", /404 Not Found.*nginx/s],
    ["httpd works", { image: "httpd:2.4" }, 80, "/", /200 OK.*It works!/s],
    [
      "http-echo says its text",
      { image: "hashicorp/http-echo", args: ["-listen=:8080", "-text=hi"] },
      8_080,
      "/any",
      /200 OK.*hi\n$/s,
    ],
    [
      "python serves its directory",
      {
        image: "python:3.13",
        command: ["python", "-m", "http.server", "9000"],
        workingDir: "/etc",
      },
      9_000,
      "/group",
      /200 OK.*root:x:0:/s,
    ],
    [
      "nautilus says what it shows",
      { image: "registry.k8s.io/e2e-test-images/nautilus:1.7" },
      80,
      "/data.json",
      /"nautilus\.jpg"/,
    ],
    [
      "a shell may start a server",
      { image: "nginx", command: ["sh", "-c", "nginx -g 'daemon off;'"] },
      80,
      "/",
      /200 OK/,
    ],
    ["nothing listens elsewhere", { image: "nginx:1.27" }, 8_080, "/", /^refused$/],
    [
      "an unknown image listens where it says",
      { image: "example.com/shop:1", ports: [{ containerPort: 1234 }] },
      1_234,
      "/",
      /200 OK.*example\.com\/shop:1/s,
    ],
  ] as readonly [string, Partial<Container>, number, string, RegExp][])
    it(claim, () => {
      const name = claim.replaceAll(/[^a-z]+/g, "-");
      cluster.runs(name, container);
      cluster.run(10);
      assert.match(cluster.http(name, port, path), expected);
      cluster.delete(name, 0);
    });

  it("a stand-in says that it is one", () => {
    cluster.runs("stand-in", { image: "example.com/shop:1" });
    const said = `QuietServer: The simulation does not know what is in image "example.com/shop:1": it runs as a server that only listens`;
    assert.ok(cluster.events("stand-in").includes(said), cluster.events("stand-in").join("\n"));
  });

  it("nginx answers as its configuration says, and refuses one that is wrong", () => {
    cluster.runs("configured", { image: "nginx:1.27" });
    const config =
      "server { listen 8081; location / { return 200 'own'; } location /old { return 301 /new; } }";
    cluster.sh("configured", `echo "${config}" > /etc/nginx/conf.d/own.conf`);
    assert.equal(cluster.exec("configured", ["nginx", "-t"]).exitCode, 0);
    cluster.sh("configured", "echo 'server {' > /etc/nginx/conf.d/own.conf");
    const checked = cluster.exec("configured", ["nginx", "-t"]);
    assert.equal(checked.exitCode, 1);
    assert.match(
      checked.output,
      /\[emerg\].*unexpected end of file, expecting "}" in .*own\.conf:1/,
    );
  });

  it("redis keeps what it is given, and redis-cli asks it", () => {
    cluster.runs("redis", { image: "redis:8" });
    const cli = (...words: string[]) => cluster.exec("redis", ["redis-cli", ...words]).output;
    assert.deepEqual(
      [cli("PING"), cli("SET", "a", "1"), cli("INCR", "a"), cli("GET", "a"), cli("GET", "b")],
      ["PONG\n", "OK\n", "2\n", "2\n", "\n"],
    );
  });

  it("a page that computes loads its container up to the limit", () => {
    cluster.runs("php", {
      image: "registry.k8s.io/hpa-example",
      resources: { limits: { cpu: "500m" } },
    });
    const script = `while sleep 0.01; do wget -q -O- http://${cluster.pod("php").status?.podIP}; done`;
    cluster.runs("load", { command: ["sh", "-c", script] });
    cluster.run(40);
    const now = cluster.engine.clock.now();
    const kubelet = cluster.engine.kubelet("node-1");
    const used = kubelet?.containerUsage(cluster.pod("php").metadata.uid ?? "", now - 15_000, now);
    const { cpuMillis = 0 } = used?.get("app") ?? {};
    assert.ok(cpuMillis > 400 && cpuMillis <= 500, String(cpuMillis));
  });
});
