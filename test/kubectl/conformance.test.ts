// The conformance tests that Kubernetes runs through kubectl, on a cluster as `serve` runs it.
// Source: test/e2e/kubectl/kubectl.go and test/e2e/apimachinery/crd_publish_openapi.go, kubernetes v1.34.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clients, ensureClients } from "../support/clients/clients.ts";
import { type ServedCluster, serveCluster } from "../support/kubectl/servedCluster.ts";
import { type ClientShell, clientShell } from "../support/runClient.ts";

const text = (description: string) => ({ description, type: "string" });
const bars = {
  description: "List of Bars and their specs.",
  type: "array",
  items: {
    type: "object",
    required: ["name"],
    properties: {
      name: text("Name of Bar."),
      bazs: { description: "List of Bazs.", items: { type: "string" }, type: "array" },
    },
  },
};
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "foos.foo.example.com" },
  spec: {
    group: "foo.example.com",
    scope: "Namespaced",
    names: { plural: "foos", singular: "foo", kind: "Foo" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            description: "Foo CRD for Testing",
            type: "object",
            properties: {
              spec: { type: "object", description: "Specification of Foo", properties: { bars } },
            },
          },
        },
      },
    ],
  },
};

describe("kubectl's conformance tests", () => {
  let clients: Clients;
  let cluster: ServedCluster;
  let shell: ClientShell;
  let folder = "";
  const run = (...words: readonly string[]) => shell.run(clients.kubectl, ...words);

  before(async () => {
    clients = await ensureClients();
    cluster = await serveCluster("--nodes", "1");
    shell = clientShell(cluster.kubeconfig);
    folder = mkdtempSync(join(tmpdir(), "kt-conformance-"));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    shell.dispose();
    assert.equal(await cluster.stop(), 0);
  });

  function file(name: string, object: object): string {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(object));
    return path;
  }

  it("Kubectl api-versions should check if v1 is in available api versions", async () => {
    assert.ok((await run("api-versions")).split("\n").includes("v1"));
  });

  it("Kubectl version should check is all data is printed", async () => {
    const said = await run("version");
    for (const item of ["Client Version: ", "Server Version: v1.34"])
      assert.ok(said.includes(item));
  });

  it("Kubectl cluster-info should check if Kubernetes control plane services is included in cluster-info", async () => {
    assert.match(await run("cluster-info"), /Kubernetes control plane.* is running at /);
  });

  it("Kubectl diff should check if kubectl diff finds a difference for Deployments", async () => {
    const labels = { app: "httpd" };
    const deployment = (image: string) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "httpd-deployment" },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "httpd", image }] } },
      },
    });
    await run("create", "-f", file("live.json", deployment("httpd:2.4.38")));
    const changed = file("changed.json", deployment("busybox:1.29"));
    await assert.rejects(
      run("diff", "-f", changed),
      /-\s+- image: httpd:2\.4\.38[\s\S]*\+\s+- image: busybox:1\.29/,
    );
  });

  it("CustomResourcePublishOpenAPI [Privileged:ClusterAdmin] works for CRD with validation schema", async () => {
    await run("create", "-f", file("crd.json", definition));
    await run("wait", "--for=condition=Established", "crd/foos.foo.example.com");
    const object = {
      apiVersion: "foo.example.com/v1",
      kind: "Foo",
      metadata: { name: "test-foo" },
      spec: { bars: [{ name: "test-bar" }] },
    };
    await run("create", "-f", file("foo.json", object));
    await run("delete", "foos", "test-foo");
    for (const [field, expected] of [
      [
        "foos",
        /DESCRIPTION:[\s\S]*Foo CRD for Testing[\s\S]*FIELDS:[\s\S]*apiVersion[\s\S]*<string>[\s\S]*APIVersion defines[\s\S]*spec[\s\S]*<Object>[\s\S]*Specification of Foo/,
      ],
      [
        "foos.metadata",
        /DESCRIPTION:[\s\S]*Standard object's metadata[\s\S]*FIELDS:[\s\S]*creationTimestamp[\s\S]*<string>[\s\S]*CreationTimestamp is a timestamp/,
      ],
      [
        "foos.spec",
        /DESCRIPTION:[\s\S]*Specification of Foo[\s\S]*FIELDS:[\s\S]*bars[\s\S]*<\[\]Object>[\s\S]*List of Bars and their specs/,
      ],
      [
        "foos.spec.bars",
        /FIELD: bars <\[\]Object>[\s\S]*DESCRIPTION:[\s\S]*List of Bars and their specs[\s\S]*FIELDS:[\s\S]*bazs[\s\S]*<\[\]string>[\s\S]*List of Bazs[\s\S]*name[\s\S]*<string>[\s\S]*Name of Bar/,
      ],
    ] as const)
      assert.match(await run("explain", field), expected);
    await assert.rejects(run("explain", "foos.spec.bars2"), /field "bars2" does not exist/);
  });

  describe("Proxy server", () => {
    let proxy: ChildProcess | undefined;
    afterEach(async () => {
      proxy?.kill();
      if (proxy) await once(proxy, "exit");
    });

    /** What the API says of its versions, through the proxy. */
    async function versionsThrough(
      words: readonly string[],
      path?: string,
    ): Promise<readonly string[]> {
      const started = spawn(clients.kubectl, ["proxy", ...words], {
        env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
      });
      proxy = started;
      const [line] = await once(started.stdout, "data");
      const port = /:(\d+)\s*$/.exec(String(line))?.[1];
      const target = path === undefined ? { port } : { socketPath: path };
      const sent = request({ ...target, host: "127.0.0.1", path: "/api/" }).end();
      const [answer] = await once(sent, "response");
      let body = "";
      for await (const chunk of answer) body += chunk;
      return (JSON.parse(body) as { versions: string[] }).versions;
    }

    it("should support proxy with --port 0", async () => {
      assert.deepEqual(await versionsThrough(["--port=0", "--disable-filter"]), ["v1"]);
    });

    it("should support --unix-socket=/path", async () => {
      const path = join(folder, "proxy.sock");
      assert.deepEqual(await versionsThrough([`--unix-socket=${path}`], path), ["v1"]);
    });
  });
});
