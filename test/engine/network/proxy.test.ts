import assert from "node:assert/strict";
import type { Kind } from "../../../src/api/kind.ts";
import { EndpointSlice as EndpointSliceKind } from "../../../src/api/kinds/endpointSlice.ts";
import { Service as ServiceKind } from "../../../src/api/kinds/service.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type { EndpointHints, EndpointSlice, Service } from "../../../src/api/types.ts";
import { Random } from "../../../src/base/random.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { LocalInformer } from "../../../src/engine/localInformer.ts";
import { iptablesText, ruleText } from "../../../src/engine/network/iptablesText.ts";
import { nftablesChain, nftablesText } from "../../../src/engine/network/nftablesText.ts";
import type { Packet } from "../../../src/engine/network/packetWalk.ts";
import { KubeProxy, ServiceWatch } from "../../../src/engine/network/proxy.ts";
import { chainName, rulesFor } from "../../../src/engine/network/proxyRules.ts";

const node = { name: "node-1", zone: "a", clusterCidr: "10.244.0.0/16" };

function service(spec: Partial<Service["spec"]> = {}): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "default", resourceVersion: "1" },
    spec: {
      clusterIP: "10.96.0.10",
      ports: [{ name: "http", port: 80, protocol: "TCP" }],
      ...spec,
    },
  };
}

interface TestEndpoint {
  readonly ip: string;
  readonly node?: string;
  readonly ready?: boolean;
  readonly terminating?: boolean;
  readonly hints?: EndpointHints;
}

function slice(endpoints: readonly TestEndpoint[]): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    addressType: "IPv4",
    metadata: {
      name: "web-1",
      namespace: "default",
      resourceVersion: "1",
      labels: { "kubernetes.io/service-name": "web" },
    },
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints: endpoints.map(
      ({ ip, node: nodeName = "node-2", ready = true, terminating = false, hints }) => ({
        addresses: [ip],
        ...(hints ? { hints } : {}),
        nodeName,
        conditions: { ready, serving: true, terminating },
      }),
    ),
  };
}

function informerOf<T extends KubeObject>(kind: Kind<T>, items: readonly T[]): LocalInformer<T> {
  return new LocalInformer(kind, {
    listAndWatch(_kind, listed) {
      listed(items as never, "1");
      return { dispose() {} };
    },
  });
}

function proxyOf(
  services: readonly Service[],
  slices: readonly EndpointSlice[],
  clock = new VirtualClock(0),
) {
  const watch = new ServiceWatch(
    informerOf(ServiceKind, services),
    informerOf(EndpointSliceKind, slices),
  );
  const proxy = new KubeProxy({
    clock,
    random: new Random(1),
    watch,
    node,
    nodeAddress: "172.18.0.2",
  });
  proxy.start();
  return proxy;
}

const toService = { ip: "10.96.0.10", port: 80, protocol: "tcp", source: "10.244.0.9" } as const;

/** The endpoint that a packet goes to, or what becomes of it instead. */
function fate(proxy: KubeProxy, packet: Packet = toService): string {
  const { verdict, endpoint } = proxy.send(packet);
  return endpoint?.ip ?? verdict;
}

describe("kube-proxy's chains", () => {
  // As they stand on every kubeadm cluster.
  for (const [name, protocol, expected] of [
    ["default/kubernetes:https", "tcp", "KUBE-SVC-NPX46M4PTMTKRN6Y"],
    ["kube-system/kube-dns:dns", "udp", "KUBE-SVC-TCOU7JCQXEZGVUNU"],
    ["kube-system/kube-dns:dns-tcp", "tcp", "KUBE-SVC-ERIFXISQEP7F7OF4"],
    ["kube-system/kube-dns:metrics", "tcp", "KUBE-SVC-JD5MR3NA4I4DYORP"],
  ] as const)
    it(`are named as on a real node: ${name}`, () =>
      assert.equal(chainName("KUBE-SVC", name, protocol), expected));

  it("share the traffic evenly: a third, half of the rest, the rest", () => {
    const endpoints = ["10.244.1.2", "10.244.1.3", "10.244.1.4"].map((ip) => ({ ip }));
    const rules = rulesFor([service()], [slice(endpoints)], node);
    const chain = chainName("KUBE-SVC", "default/web:http", "tcp");
    const sep = (ip: string) => chainName("KUBE-SEP", "default/web:http", "tcp", `${ip}:8080`);
    assert.deepEqual(
      (rules.nat.get(chain) ?? []).map((rule) => ruleText(chain, rule)),
      [
        `-A ${chain} ! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ`,
        `-A ${chain} -m comment --comment "default/web:http -> 10.244.1.2:8080" -m statistic --mode random --probability 0.33333333349 -j ${sep("10.244.1.2")}`,
        `-A ${chain} -m comment --comment "default/web:http -> 10.244.1.3:8080" -m statistic --mode random --probability 0.50000000000 -j ${sep("10.244.1.3")}`,
        `-A ${chain} -m comment --comment "default/web:http -> 10.244.1.4:8080" -j ${sep("10.244.1.4")}`,
      ],
    );
    assert.deepEqual([rules.services, rules.endpoints], [1, 3]);
  });

  it("a Service without endpoints refuses connections", () => {
    const rules = rulesFor([service()], [], node);
    const [first] = rules.filter.get("KUBE-SERVICES") ?? [];
    assert.deepEqual(
      [first?.target, first?.comment],
      ["REJECT", "default/web:http has no endpoints"],
    );
  });

  // Names of Kubernetes' own tests of its nftables mode.
  for (const [prefix, path, expected] of [
    ["service", "ns1/svc1/tcp/p80", "service-ULMVA6XW-ns1/svc1/tcp/p80"],
    ["external", "ns2/svc2/tcp/p80", "external-42NFTM6N-ns2/svc2/tcp/p80"],
    [
      "endpoint",
      "ns1/svc1/tcp/p80__10.180.0.1/80",
      "endpoint-5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80",
    ],
  ] as const)
    it(`are named as nftables has them: ${path}`, () =>
      assert.equal(nftablesChain(prefix, path), expected));

  it("headless Services and names for hosts have no rules", () => {
    const headless = service({ clusterIP: "None" });
    const alias = service({ type: "ExternalName", externalName: "example.com" });
    assert.equal(rulesFor([headless, alias], [], node).services, 0);
  });
});

describe("kube-proxy sends a connection", () => {
  const ips = ["10.244.1.2", "10.244.1.3", "10.244.1.4"] as const;

  it("to each endpoint about as often", () => {
    const proxy = proxyOf([service()], [slice(ips.map((ip) => ({ ip })))]);
    const counts = new Map<string, number>();
    for (let i = 0; i < 3_000; i++) {
      const ip = fate(proxy);
      counts.set(ip, (counts.get(ip) ?? 0) + 1);
    }
    assert.deepEqual([...counts.keys()].sort(), ips);
    for (const count of counts.values()) assert.ok(count > 900 && count < 1_100, `${count}`);
  });

  for (const [claim, endpoints, spec, expected] of [
    ["only to ready endpoints", [{ ip: ips[0], ready: false }, { ip: ips[1] }], {}, ips[1]],
    [
      "to one that terminates if there is no other",
      [
        { ip: ips[0], ready: false, terminating: true },
        { ip: ips[1], ready: false },
      ],
      {},
      ips[0],
    ],
    [
      "to its own node if traffic must stay there",
      [{ ip: ips[0] }, { ip: ips[1], node: "node-1" }],
      { internalTrafficPolicy: "Local" },
      ips[1],
    ],
    [
      "nowhere if it must stay and nobody is there",
      [{ ip: ips[0] }],
      { internalTrafficPolicy: "Local" },
      "dropped",
    ],
  ] as const)
    it(claim, () => {
      const proxy = proxyOf([service(spec)], [slice(endpoints as readonly TestEndpoint[])]);
      assert.equal(fate(proxy), expected);
    });

  it("of one client to the same endpoint, for three hours", () => {
    const clock = new VirtualClock(0);
    const sticky = service({ sessionAffinity: "ClientIP" });
    const proxy = proxyOf([sticky], [slice(ips.map((ip) => ({ ip })))], clock);
    const pick = () => fate(proxy);
    const first = pick();
    for (let i = 0; i < 20; i++) assert.equal(pick(), first);
    clock.run(10_801_000);
    assert.ok(
      Array.from({ length: 20 }, () => {
        clock.run(10_801_000);
        return pick();
      }).some((ip) => ip !== first),
    );
  });

  it("through a node port", () => {
    const open = service({
      type: "NodePort",
      ports: [{ name: "http", port: 80, nodePort: 30_080 }],
    });
    const proxy = proxyOf([open], [slice([{ ip: "10.244.1.2" }])]);
    const outside = { ...toService, ip: "172.18.0.2", source: "192.168.0.7" };
    assert.equal(fate(proxy, { ...outside, port: 30_080 }), "10.244.1.2");
    assert.equal(fate(proxy, { ...outside, port: 81 }), "passed");
  });

  const local = { externalTrafficPolicy: "Local" } as const;
  const nodePort = { ...toService, ip: "172.18.0.2", port: 30_080 };
  const balanced = { ...toService, ip: "203.0.113.10" };
  const external: Partial<Service["spec"]> = {
    type: "LoadBalancer",
    externalIPs: ["198.51.100.7"],
    ports: [{ name: "http", port: 80, nodePort: 30_080 }],
  };
  for (const [claim, spec, endpoints, packet, expected] of [
    ["to an external IP", {}, [{ ip: ips[0] }], { ...toService, ip: "198.51.100.7" }, ips[0]],
    ["to a load balancer's address", {}, [{ ip: ips[0] }], balanced, ips[0]],
    [
      "from outside nowhere if it must stay and nobody is there",
      local,
      [{ ip: ips[0] }],
      { ...nodePort, source: "192.168.0.7" },
      "dropped",
    ],
    ["from a Pod anywhere, for it might as well go out", local, [{ ip: ips[0] }], nodePort, ips[0]],
    [
      "from the node itself anywhere",
      local,
      [{ ip: ips[0] }],
      { ...nodePort, source: "172.18.0.2" },
      ips[0],
    ],
    [
      "of a client that the load balancer may serve",
      { loadBalancerSourceRanges: ["192.168.0.0/24"] },
      [{ ip: ips[0] }],
      { ...balanced, source: "192.168.0.7" },
      ips[0],
    ],
    [
      "of another client nowhere",
      { loadBalancerSourceRanges: ["192.168.0.0/24"] },
      [{ ip: ips[0] }],
      { ...balanced, source: "192.168.9.7" },
      "dropped",
    ],
    ["to a node port without endpoints: refused", {}, [], nodePort, "rejected"],
    [
      "to the node that hints name",
      {},
      [
        { ip: ips[0], hints: { forNodes: [{ name: "node-1" }] } },
        { ip: ips[1], hints: { forNodes: [{ name: "node-2" }] } },
      ],
      toService,
      ips[0],
    ],
    [
      "to the zone that hints name",
      {},
      [
        { ip: ips[0], hints: { forZones: [{ name: "b" }] } },
        { ip: ips[1], hints: { forZones: [{ name: "a" }] } },
      ],
      toService,
      ips[1],
    ],
  ] as const)
    it(claim, () => {
      const web: Service = {
        ...service({ ...external, ...spec }),
        status: { loadBalancer: { ingress: [{ ip: "203.0.113.10", ipMode: "VIP" }] } },
      };
      assert.equal(fate(proxyOf([web], [slice(endpoints)]), packet), expected);
    });

  it("with the node as its source unless it stays within the Pods' network", () => {
    const proxy = proxyOf([service(external)], [slice([{ ip: ips[0] }])]);
    const masquerades = (packet: Packet) => proxy.send(packet).isMasqueraded;
    assert.equal(masquerades(toService), false);
    assert.equal(masquerades({ ...toService, source: "192.168.0.7" }), true);
    assert.equal(masquerades(nodePort), true);
    // An endpoint that reaches itself through its Service.
    assert.equal(masquerades({ ...toService, source: ips[0] }), true);
  });
});

describe("kube-proxy's rules as text", () => {
  it("are those of iptables-save, with what they counted", () => {
    const proxy = proxyOf([service()], [slice([{ ip: "10.244.1.2" }])]);
    fate(proxy);
    fate(proxy);
    const text = iptablesText(proxy.rules(), (rule) => proxy.hitsOf(rule));
    const chain = chainName("KUBE-SVC", "default/web:http", "tcp");
    const sep = chainName("KUBE-SEP", "default/web:http", "tcp", "10.244.1.2:8080");
    for (const line of [
      `[2:120] -A KUBE-SERVICES -d 10.96.0.10/32 -p tcp -m comment --comment "default/web:http cluster IP" -m tcp --dport 80 -j ${chain}`,
      `[2:120] -A ${chain} -m comment --comment "default/web:http -> 10.244.1.2:8080" -j ${sep}`,
      `[0:0] -A ${sep} -s 10.244.1.2/32 -m comment --comment default/web:http -j KUBE-MARK-MASQ`,
      `[2:120] -A ${sep} -p tcp -m comment --comment default/web:http -m tcp -j DNAT --to-destination 10.244.1.2:8080`,
    ])
      assert.ok(text.split("\n").includes(line), `${line}\nis missing in\n${text}`);
  });

  it("are those of nft list table", () => {
    const nftNode = { ...node, address: "172.18.0.2", serviceCidr: "10.96.0.0/12" };
    const text = nftablesText([service()], [slice([{ ip: "10.244.1.2" }])], nftNode);
    const chain = nftablesChain("service", "default/web/tcp/http");
    const endpoint = nftablesChain("endpoint", "default/web/tcp/http__10.244.1.2/8080");
    for (const line of [
      `\t\telements = { 10.96.0.10 . tcp . 80 : goto ${chain} }`,
      `\t\tnumgen random mod 1 vmap { 0 : goto ${endpoint} }`,
      "\t\tmeta l4proto tcp dnat to 10.244.1.2:8080",
    ])
      assert.ok(text.split("\n").includes(line), `${line}\nis missing in\n${text}`);
  });
});
