import assert from "node:assert/strict";
import type { Kind } from "../../../src/api/kind.ts";
import { EndpointSlice as EndpointSliceKind } from "../../../src/api/kinds/endpointSlice.ts";
import { Service as ServiceKind } from "../../../src/api/kinds/service.ts";
import type { KubeObject } from "../../../src/api/object.ts";
import type { EndpointSlice, Service } from "../../../src/api/types.ts";
import { Random } from "../../../src/base/random.ts";
import { VirtualClock } from "../../../src/engine/clock.ts";
import { LocalInformer } from "../../../src/engine/localInformer.ts";
import { KubeProxy, ServiceWatch } from "../../../src/engine/network/proxy.ts";
import { chainName, rulesFor, ruleText } from "../../../src/engine/network/proxyRules.ts";

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
      ({ ip, node: nodeName = "node-2", ready = true, terminating = false }) => ({
        addresses: [ip],
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

const toService = { ip: "10.96.0.10", port: 80, client: "10.244.0.9" };

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
      (rules.chains.get(chain) ?? []).map((rule) => ruleText(chain, rule)),
      [
        `-A ${chain} -m comment --comment "default/web:http cluster IP" ! -s 10.244.0.0/16 -d 10.96.0.10/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ`,
        `-A ${chain} -m comment --comment "default/web:http -> 10.244.1.2:8080" -m statistic --mode random --probability 0.3333333333 -j ${sep("10.244.1.2")}`,
        `-A ${chain} -m comment --comment "default/web:http -> 10.244.1.3:8080" -m statistic --mode random --probability 0.5000000000 -j ${sep("10.244.1.3")}`,
        `-A ${chain} -m comment --comment "default/web:http -> 10.244.1.4:8080" -j ${sep("10.244.1.4")}`,
      ],
    );
    assert.deepEqual([rules.services, rules.endpoints], [1, 3]);
  });

  it("a Service without endpoints refuses connections", () => {
    const rules = rulesFor([service()], [], node);
    const [first] = rules.chains.get("KUBE-SERVICES") ?? [];
    assert.deepEqual(
      [first?.target, first?.comment],
      ["REJECT", "default/web:http has no endpoints"],
    );
  });

  it("headless Services and names for hosts have no rules", () => {
    const headless = service({ clusterIP: "None" });
    const alias = service({ type: "ExternalName", externalName: "example.com" });
    assert.equal(rulesFor([headless, alias], [], node).services, 0);
  });
});

describe("kube-proxy sends a connection", () => {
  const ips = ["10.244.1.2", "10.244.1.3", "10.244.1.4"];

  it("to each endpoint about as often", () => {
    const proxy = proxyOf([service()], [slice(ips.map((ip) => ({ ip })))]);
    const counts = new Map<string, number>();
    for (let i = 0; i < 3_000; i++) {
      const route = proxy.pick(toService);
      if (route.type === "endpoint")
        counts.set(route.endpoint.ip, (counts.get(route.endpoint.ip) ?? 0) + 1);
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
      "rejected",
    ],
  ] as const)
    it(claim, () => {
      const proxy = proxyOf([service(spec)], [slice(endpoints as readonly TestEndpoint[])]);
      const route = proxy.pick(toService);
      assert.equal(route.type === "endpoint" ? route.endpoint.ip : route.type, expected);
    });

  it("of one client to the same endpoint, for three hours", () => {
    const clock = new VirtualClock(0);
    const sticky = service({ sessionAffinity: "ClientIP" });
    const proxy = proxyOf([sticky], [slice(ips.map((ip) => ({ ip })))], clock);
    const pick = () => {
      const route = proxy.pick(toService);
      return route.type === "endpoint" ? route.endpoint.ip : route.type;
    };
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
    const route = proxy.pick({ ip: "172.18.0.2", port: 30_080, client: "192.168.0.7" });
    assert.equal(route.type === "endpoint" && route.endpoint.ip, "10.244.1.2");
    assert.deepEqual(proxy.pick({ ...toService, port: 81 }).type, "unknown");
  });
});
