import assert from "node:assert/strict";
import type { RequestTrace, TraceRequest } from "../../../src/api/requestTrace.ts";
import type { Service } from "../../../src/api/types.ts";
import { Random } from "../../../src/base/random.ts";
import { coreDnsCorefile } from "../../../src/engine/bootstrap/kubeadm/coreDns.ts";
import { traceRequest } from "../../../src/engine/network/traceRequest.ts";
import { traceWorld } from "../../../src/engine/network/traceWorld.ts";
import { openWorld } from "../../../src/engine/network/world.ts";
import { serve, TestNetwork } from "./testNetwork.ts";

/** A client and a DNS server on one node, a web server behind a Service on the other. */
function scene() {
  const world = new TestNetwork();
  world.pod("client", "node-1", { labels: { app: "client" } });
  const dns = world.pod("coredns", "node-1", { namespace: "kube-system" });
  dns.listen("UDP", 53, () => undefined);
  const web = world.pod("web-1", "node-2", { labels: { app: "web" } });
  serve(world.clock, web, { name: "web" });
  const endpoint = { ip: web.addresses[0] ?? "", node: "node-2" };
  return { world, dns: dns.addresses[0] ?? "", endpoint };
}

function traced(
  { world, dns }: { readonly world: TestNetwork; readonly dns: string },
  request: Partial<TraceRequest> = {},
): RequestTrace {
  const services = () => world.services.informer.list();
  const parts = {
    network: world.network,
    random: new Random(1),
    corefile: coreDnsCorefile,
    names: {
      hasNamespace: (name: string) => world.namespaces.has(name),
      service: (namespace: string, name: string): Service | undefined =>
        world.services.informer.get({ namespace, name }),
      services,
      slices: () => world.slices.informer.list(),
      allSlices: () => world.slices.informer.list(),
      hasPod: () => true,
    },
    pod: ({ name }: { readonly name: string }) => world.podObject(name),
    resolvConf: () =>
      `search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver ${dns}\noptions ndots:5\n`,
  };
  const from = { type: "pod", namespace: "default", name: "client" } as const;
  const to = { type: "service", namespace: "default", name: "web" } as const;
  return traceRequest({ from, to, ...request }, traceWorld(parts));
}

/** The hops' types, and what stopped the request. */
function summary({ hops, stop, outcome }: RequestTrace): string {
  return [...hops.map(({ type }) => type), stop ?? "arrived", outcome].join(" ");
}

describe("a traced request", () => {
  it("goes by name, Service, policy and link to who listens", () => {
    const given = scene();
    given.world.service({}, [given.endpoint]);
    const trace = traced(given);
    assert.equal(
      summary(trace),
      "start dns service endpoint policy link policy listener arrived connected",
    );
    const [, dns, service, endpoint] = trace.hops;
    assert.ok(dns?.type === "dns" && service?.type === "service" && endpoint?.type === "endpoint");
    assert.deepEqual(dns.asked, [
      {
        name: "web.default.svc.cluster.local.",
        type: "A",
        status: "NOERROR",
        data: ["10.96.0.80"],
      },
    ]);
    assert.deepEqual(
      [service.service, service.via, service.rules.length],
      ["default/web:http", "clusterIP", 3],
    );
    assert.deepEqual([endpoint.address, endpoint.among], ["10.244.2.2", 1]);
  });

  it("changes nothing: no rule counts it", () => {
    const given = scene();
    given.world.service({}, [given.endpoint]);
    traced(given);
    const { proxy } = given.world.machine("node-1");
    for (const rules of proxy.rules().nat.values())
      for (const rule of rules) assert.equal(proxy.hitsOf(rule), 0);
  });

  const everything = { podSelector: {} };
  for (const [claim, change, request, expected] of [
    [
      "stops without endpoints",
      ({ world }) => world.service({}, []),
      {},
      "start dns service noEndpoints refused",
    ],
    [
      "stops where nobody listens",
      ({ world }) => world.service({}, [{ ip: "10.244.1.3", node: "node-1" }]),
      {},
      "start dns service endpoint policy policy listener noListener refused",
    ],
    [
      "stops at a policy of the target",
      ({ world, endpoint }) => {
        world.service({}, [endpoint]);
        world.policy("deny", { podSelector: { matchLabels: { app: "web" } } });
      },
      {},
      "start dns service endpoint policy link policy deniedIngress timeout",
    ],
    [
      "stops at its own policy before it has a name",
      ({ world, endpoint }) => {
        world.service({}, [endpoint]);
        world.policy("deny", { ...everything, policyTypes: ["Egress"] });
      },
      {},
      "start dns deniedDns unknownHost",
    ],
    [
      "stops where no DNS server is",
      ({ world, endpoint }) => {
        world.service({}, [endpoint]);
        world.removePod("coredns", "node-1");
      },
      {},
      "start dns noDns unknownHost",
    ],
    [
      "stops at a name that does not exist",
      () => undefined,
      { to: { type: "host", host: "no.such.name" } },
      "start dns noName unknownHost",
    ],
    [
      "stops at a machine without power",
      ({ world, endpoint }) => {
        world.service({}, [endpoint]);
        world.network.setPower("node-2", false);
      },
      {},
      "start dns service endpoint policy link nodeDown noRoute",
    ],
    [
      "stops at a Pod that is gone",
      ({ world, endpoint }) => {
        world.service({}, [endpoint]);
        world.removePod("web-1", "node-2");
      },
      {},
      "start dns service endpoint policy link noRoute noRoute",
    ],
    [
      "comes in through a node port",
      ({ world, endpoint }) =>
        world.service({ type: "NodePort", ports: [{ name: "http", port: 80, nodePort: 30_080 }] }, [
          endpoint,
        ]),
      { from: { type: "outside" } },
      "start link service endpoint masquerade link policy listener arrived connected",
    ],
    [
      "has no way in without one",
      ({ world, endpoint }) => world.service({}, [endpoint]),
      { from: { type: "outside" } },
      "start noAddress timeout",
    ],
    [
      "finds the world outside by name",
      () => undefined,
      { to: { type: "host", host: "example.com" } },
      "start dns policy masquerade link listener arrived connected",
    ],
  ] as readonly [
    string,
    (given: ReturnType<typeof scene>) => void,
    Partial<TraceRequest>,
    string,
  ][])
    it(claim, () => {
      const given = scene();
      openWorld(given.world.network);
      change(given);
      assert.equal(summary(traced(given, request)), expected);
    });

  it("of a Pod that is not there is not found", () => {
    const from = { type: "pod", namespace: "default", name: "missing" } as const;
    assert.throws(() => traced(scene(), { from }), /pods "missing" not found/);
  });
});
