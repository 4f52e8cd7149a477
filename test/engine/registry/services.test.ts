// What a Service is given, keeps, and gives up. Answers as recorded on kube-apiserver 1.34.
import assert from "node:assert/strict";
import type { Service } from "../../../src/api/types.ts";
import { HttpCluster } from "../../support/httpCluster.ts";

const services = "/api/v1/namespaces/default/services";
const patch = "application/strategic-merge-patch+json";

describe("a Service's addresses and ports", () => {
  let cluster: HttpCluster;
  beforeEach(() => {
    cluster = new HttpCluster();
  });

  async function create(spec: object, name = "s"): Promise<string | Service["spec"]> {
    const { body } = await cluster.json("POST", services, { body: { metadata: { name }, spec } });
    return outcome(body);
  }

  async function change(spec: object, name = "s"): Promise<string | Service["spec"]> {
    const { body } = await cluster.json("PATCH", `${services}/${name}`, {
      body: { spec },
      contentType: patch,
    });
    return outcome(body);
  }

  function outcome(body: unknown): string | Service["spec"] {
    const { message, spec } = body as { message?: string; spec: Service["spec"] };
    return message ?? spec;
  }

  async function specOf(result: Promise<string | Service["spec"]>): Promise<Service["spec"]> {
    const spec = await result;
    assert.ok(typeof spec === "object", String(spec));
    return spec;
  }

  const port = { ports: [{ port: 80 }] };

  for (const [claim, spec, message] of [
    [
      "two families are not to be had",
      { ipFamilyPolicy: "RequireDualStack", ...port },
      'Service "s" is invalid: spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
    [
      "the other family is not to be had",
      { ipFamilies: ["IPv6"], ...port },
      'Service "s" is invalid: spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
    ],
    [
      "an address outside the range is not to be had",
      { clusterIP: "10.97.0.1", ...port },
      'Service "s" is invalid: spec.clusterIPs: Invalid value: ["10.97.0.1"]: failed to allocate IP 10.97.0.1: the provided IP (10.97.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
    ],
    [
      "the API server's own address is taken",
      { clusterIP: "10.96.0.1", ...port },
      'Service "s" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.1"]: failed to allocate IP 10.96.0.1: provided IP is already allocated',
    ],
    [
      "a low node port is not to be had",
      { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] },
      'Service "s" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  ] as const)
    it(claim, async () => assert.equal(await create(spec), message));

  it("one family is the rule", async () => {
    const spec = await specOf(create(port));
    assert.match(spec.clusterIP ?? "", /^10\.96\.\d+\.\d+$/);
    assert.deepEqual(spec.clusterIPs, [spec.clusterIP]);
    assert.deepEqual([spec.ipFamilies, spec.ipFamilyPolicy], [["IPv4"], "SingleStack"]);
  });

  it("without a selector and an address it may be of both families", async () => {
    const spec = await specOf(create({ clusterIP: "None", ...port }));
    assert.deepEqual(
      [spec.clusterIPs, spec.ipFamilies, spec.ipFamilyPolicy],
      [["None"], ["IPv4", "IPv6"], "RequireDualStack"],
    );
  });

  it("both protocols of a port share a node port", async () => {
    const ports = [
      { name: "a", port: 53, protocol: "TCP" },
      { name: "b", port: 53, protocol: "UDP" },
    ];
    const spec = await specOf(create({ type: "NodePort", ports }));
    assert.equal(spec.ports?.[0]?.nodePort, spec.ports?.[1]?.nodePort);
  });

  it("a taken node port is refused", async () => {
    const taken = { type: "NodePort", ports: [{ port: 80, nodePort: 30_100 }] };
    await specOf(create(taken));
    assert.equal(
      await create(taken, "other"),
      'Service "other" is invalid: spec.ports[0].nodePort: Invalid value: 30100: provided port is already allocated',
    );
  });

  it("what a replacement does not mention stays", async () => {
    const before = await specOf(create({ type: "NodePort", ...port }));
    const { body } = await cluster.json("PUT", `${services}/s`, {
      body: { metadata: { name: "s" }, spec: { type: "NodePort", ports: [{ port: 81 }] } },
    });
    const { clusterIP, ports } = (body as Service).spec;
    assert.equal(clusterIP, before.clusterIP);
    assert.equal(ports?.[0]?.nodePort, before.ports?.[0]?.nodePort);
  });

  it("a change of type gives up what the new one has no use for", async () => {
    await specOf(create({ type: "LoadBalancer", loadBalancerClass: "x.io/y", ...port }));
    const own = await specOf(change({ type: "ClusterIP" }));
    assert.deepEqual(
      [own.loadBalancerClass, own.externalTrafficPolicy, own.ports?.[0]?.nodePort],
      [undefined, undefined, undefined],
    );
    const named = await specOf(change({ type: "ExternalName", externalName: "x.y" }));
    assert.deepEqual(
      [named.clusterIP, named.clusterIPs, named.ipFamilies, named.ipFamilyPolicy],
      [undefined, undefined, undefined, undefined],
    );
    const again = await specOf(change({ type: "ClusterIP", externalName: null }));
    assert.match(again.clusterIP ?? "", /^10\.96\./);
  });

  it("nodes are asked for local endpoints at a port of its own", async () => {
    const spec = await specOf(
      create({ type: "LoadBalancer", externalTrafficPolicy: "Local", ...port }),
    );
    assert.ok((spec.healthCheckNodePort ?? 0) >= 30_000);
    const cluster = await specOf(change({ externalTrafficPolicy: "Cluster" }));
    assert.equal(cluster.healthCheckNodePort, undefined);
  });

  it("an address may not change once set", async () => {
    await specOf(create(port));
    assert.equal(
      await change({ clusterIP: "10.96.99.99" }),
      'Service "s" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.99.99"]: may not change once set',
    );
  });
});
