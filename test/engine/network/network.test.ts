import assert from "node:assert/strict";
import { isNetworkFailure } from "../../../src/engine/network/containerNetwork.ts";
import { exchangeHttp, headerOf } from "../../../src/engine/network/http1.ts";
import { serve, TestNetwork } from "./testNetwork.ts";

describe("the simulated network", () => {
  function pair() {
    const world = new TestNetwork();
    const client = world.pod("client", "node-1", { labels: { app: "client" } });
    const server = world.pod("server", "node-2", { labels: { app: "server" } });
    serve(world.clock, server, { name: "server" });
    const target = `${server.addresses[0]}:8080`;
    return { world, client, server, target };
  }

  it("joins Pods of different nodes under their own addresses", () => {
    const { world, client, target } = pair();
    assert.equal(world.ask(client, target), "server to 10.244.1.2");
  });

  it("has a loopback for the containers of one Pod only", () => {
    const { world, client, server } = pair();
    assert.equal(world.ask(server, "127.0.0.1:8080"), "server to 127.0.0.1");
    assert.equal(world.ask(client, "127.0.0.1:8080"), "refused 0");
  });

  it("refuses where nobody listens, after the way there and back", () => {
    const { world, client, server } = pair();
    assert.equal(world.ask(client, `${server.addresses[0]}:81`), "refused 2");
  });

  it("lets a port be taken once", () => {
    const { server } = pair();
    assert.equal(
      server.listen("TCP", 8080, () => undefined),
      undefined,
    );
    assert.ok(server.listen("UDP", 8080, () => undefined));
  });

  it("closes what a process had open when it is gone", () => {
    const { world, client, server, target } = pair();
    server.dispose();
    assert.equal(world.ask(client, target), "refused 2");
  });

  it("has no route to a Pod that is gone, nor to a node without power", () => {
    const { world, client, target } = pair();
    world.removePod("server", "node-2");
    assert.equal(world.ask(client, target), "noRoute 3000");
    world.network.setPower("node-2", false);
    assert.equal(world.ask(client, "172.18.0.3:22"), "noRoute 3000");
  });

  it("gets no answer from addresses of nobody, for as long as Linux tries", () => {
    const { world, client } = pair();
    assert.equal(world.ask(client, "192.0.2.1:80"), "timeout 127000");
    const patient = world.outcome(
      client.connect({ address: "192.0.2.1", port: 80, protocol: "TCP", timeoutMs: 2_000 }),
    );
    assert.ok(patient !== "still waiting" && isNetworkFailure(patient));
    assert.equal(patient.failure, "timeout");
  });

  it("breaks connections to a Pod that is removed, and silences those to a machine without power", () => {
    const { world, client, target } = pair();
    const [address = "", port] = target.split(":");
    const to = { address, port: Number(port), protocol: "TCP" } as const;
    const first = world.outcome(client.connect(to));
    assert.ok(first !== "still waiting" && !isNetworkFailure(first));
    world.removePod("server", "node-2");
    assert.equal(world.outcome(first.read()), undefined);
    assert.equal(first.isReset, true);
    const second = pair();
    const other = second.world.outcome(second.client.connect(to));
    assert.ok(other !== "still waiting" && !isNetworkFailure(other));
    second.world.network.setPower("node-2", false);
    assert.equal(second.world.outcome(other.read()), "still waiting");
  });

  it("keeps a node that is cut off to itself", () => {
    const { world, client, target } = pair();
    const neighbour = world.pod("neighbour", "node-2");
    world.network.setCutOff("node-2", true);
    assert.equal(world.ask(client, target), "noRoute 3000");
    assert.equal(world.ask(neighbour, target), "server to 10.244.2.3");
  });

  it("carries datagrams, and tells of a port that is closed", () => {
    const { world, client, server } = pair();
    serve(world.clock, server, { name: "udp", protocol: "UDP", port: 53 });
    assert.equal(world.ask(client, `${server.addresses[0]}:53`, "UDP"), "udp to 10.244.1.2");
    assert.equal(world.ask(client, `${server.addresses[0]}:54`, "UDP"), "closed");
  });

  describe("with a Service", () => {
    const endpoint = { ip: "10.244.2.2", node: "node-2" };
    for (const [claim, from, target, spec, endpoints, expected] of [
      [
        "its cluster IP leads to an endpoint",
        "client",
        "10.96.0.80:80",
        {},
        [endpoint],
        "server to 10.244.1.2",
      ],
      [
        "an endpoint that calls itself sees its node",
        "server",
        "10.96.0.80:80",
        {},
        [endpoint],
        "server to 172.18.0.3",
      ],
      [
        "a port that it does not have is lost",
        "client",
        "10.96.0.80:81",
        {},
        [endpoint],
        "timeout 127000",
      ],
      ["without endpoints it refuses", "client", "10.96.0.80:80", {}, [], "refused 0"],
      [
        "any node's port leads to it",
        "client",
        "172.18.0.3:30080",
        nodePort({}),
        [endpoint],
        "server to 172.18.0.3",
      ],
      [
        "from outside, too",
        "outside",
        "172.18.0.2:30080",
        nodePort({}),
        [endpoint],
        "server to 172.18.0.2",
      ],
      [
        "a node that must keep traffic local and cannot drops it",
        "outside",
        "172.18.0.2:30080",
        nodePort({ externalTrafficPolicy: "Local" }),
        [endpoint],
        "timeout 127000",
      ],
      [
        "a node that keeps it local shows the client",
        "outside",
        "172.18.0.3:30080",
        nodePort({ externalTrafficPolicy: "Local" }),
        [endpoint],
        "server to 198.51.100.9",
      ],
      [
        "a load balancer finds the node that has the endpoint",
        "outside",
        "203.0.113.10:80",
        nodePort({ externalTrafficPolicy: "Local", type: "LoadBalancer" }),
        [endpoint],
        "server to 198.51.100.9",
      ],
      [
        "a load balancer's address works inside",
        "client",
        "203.0.113.10:80",
        nodePort({ type: "LoadBalancer" }),
        [endpoint],
        "server to 172.18.0.2",
      ],
    ] as const)
      it(claim, () => {
        const { world, client, server } = pair();
        const ingress = [{ ip: "203.0.113.10", ipMode: "VIP" }];
        world.service(spec, endpoints, { loadBalancer: { ingress } });
        const outside = world.outside();
        const asking = { client, server, outside }[from];
        assert.equal(world.ask(asking, target), expected);
      });

    function nodePort(spec: object) {
      const ports = [{ name: "http", port: 80, nodePort: 30_080 }];
      return { type: "NodePort", ports, ...spec } as const;
    }
  });

  it("maps a Pod's hostPort on its node", () => {
    const world = new TestNetwork();
    const web = world.pod("web", "node-1", { ports: [{ containerPort: 8080, hostPort: 80 }] });
    serve(world.clock, web, { name: "web" });
    const client = world.pod("client", "node-2");
    assert.equal(world.ask(client, "172.18.0.2:80"), "web to 172.18.0.3");
    assert.equal(world.ask(client, "172.18.0.3:80"), "refused 0");
  });

  it("keeps hostPorts of one number apart by address and protocol", () => {
    const world = new TestNetwork();
    const port = { containerPort: 8080, hostPort: 54_323 };
    const pods = [
      ["loopback", { ...port, hostIP: "127.0.0.1" }, "TCP"],
      ["address", { ...port, hostIP: "172.18.0.2" }, "TCP"],
      ["datagrams", { ...port, hostIP: "172.18.0.2", protocol: "UDP" }, "UDP"],
    ] as const;
    for (const [name, declared, protocol] of pods)
      serve(world.clock, world.pod(name, "node-1", { ports: [declared] }), { name, protocol });
    const host = world.host("node-1");
    assert.match(world.ask(host, "127.0.0.1:54323"), /^loopback to /);
    assert.match(world.ask(host, "172.18.0.2:54323"), /^address to /);
    assert.match(world.ask(host, "172.18.0.2:54323", "UDP"), /^datagrams to /);
  });

  it("tells load balancers which nodes have endpoints of a Service", () => {
    const { world } = pair();
    const local = { externalTrafficPolicy: "Local", healthCheckNodePort: 32_000 } as const;
    world.service(
      { type: "LoadBalancer", ports: [{ name: "http", port: 80, nodePort: 30_080 }], ...local },
      [{ ip: "10.244.2.2", node: "node-2" }],
    );
    const status = (target: string) => {
      const [address = "", port] = target.split(":");
      const to = { address, port: Number(port), protocol: "TCP" } as const;
      const reached = world.outcome(world.outside().connect(to));
      assert.ok(reached !== "still waiting" && !isNetworkFailure(reached));
      const get = { method: "GET", target: "/", headers: [], body: new Uint8Array() };
      const answer = world.outcome(exchangeHttp(reached, get));
      assert.ok(answer && answer !== "still waiting" && "status" in answer);
      return [answer.status, headerOf(answer.headers, "X-Load-Balancing-Endpoint-Weight")];
    };
    assert.deepEqual(status("172.18.0.2:32000"), [503, "0"]);
    assert.deepEqual(status("172.18.0.3:32000"), [200, "1"]);
    assert.deepEqual(status("172.18.0.3:10256"), [200, undefined]);
  });

  it("lets a node reach node ports and its own servers by the loopback address", () => {
    const { world } = pair();
    const host = world.host("node-1");
    const ports = [{ name: "http", port: 80, nodePort: 30_080 }];
    world.service({ type: "NodePort", ports }, [{ ip: "10.244.2.2", node: "node-2" }]);
    serve(world.clock, host, { name: "own", port: 9000 });
    assert.equal(world.ask(host, "127.0.0.1:30080"), "server to 172.18.0.2");
    assert.equal(world.ask(host, "127.0.0.1:9000"), "own to 127.0.0.1");
    assert.equal(world.ask(host, "172.18.0.2:9000"), "own to 172.18.0.2");
    assert.equal(world.ask(host, "127.0.0.1:9001"), "refused 0");
  });

  describe("under policies", () => {
    const denyAll = { podSelector: {}, policyTypes: ["Ingress", "Egress"] } as const;

    it("loses what they deny until they allow it", () => {
      const { world, client, target } = pair();
      const policy = world.policy("deny", denyAll);
      assert.equal(world.ask(client, target), "timeout 127000");
      world.clock.after(2_500, "think better of it", () => world.policies.remove(policy));
      const [address = "", port] = target.split(":");
      const reached = world.outcome(
        client.connect({ address, port: Number(port), protocol: "TCP" }),
      );
      assert.ok(reached !== "still waiting" && !isNetworkFailure(reached));
    });

    it("lets a node reach its own Pods, and a Pod itself", () => {
      const { world, server, target } = pair();
      world.policy("deny", denyAll);
      assert.equal(world.ask(world.host("node-2"), target), "server to 172.18.0.3");
      assert.equal(world.ask(world.host("node-1"), target), "timeout 127000");
      assert.equal(world.ask(server, target), `server to ${server.addresses[0]}`);
    });

    it("leaves connections alone that are open", () => {
      const { world, client, target } = pair();
      const [address = "", port] = target.split(":");
      const open = world.outcome(client.connect({ address, port: Number(port), protocol: "TCP" }));
      assert.ok(open !== "still waiting" && !isNetworkFailure(open));
      world.policy("deny", denyAll);
      open.write(Uint8Array.of(63));
      assert.ok(world.outcome(open.read()) !== "still waiting");
    });
  });
});
