import assert from "node:assert/strict";
import fc from "fast-check";
import type { EndpointSlice, Service } from "../../../../src/api/types.ts";
import { Random } from "../../../../src/base/random.ts";
import { coreDnsCorefile } from "../../../../src/engine/bootstrap/kubeadm/coreDns.ts";
import type { ClusterNames } from "../../../../src/engine/network/dns/clusterZone.ts";
import { coreDnsReply } from "../../../../src/engine/network/dns/coreDns.ts";
import { parseCorefile } from "../../../../src/engine/network/dns/corefile.ts";
import {
  type DnsMessage,
  decodeMessage,
  encodeMessage,
} from "../../../../src/engine/network/dns/dnsMessage.ts";
import type { DnsType } from "../../../../src/engine/network/dns/dnsRecord.ts";
import { parseResolvConf } from "../../../../src/engine/network/dns/resolvConf.ts";
import { candidates, resolveName } from "../../../../src/engine/network/dns/resolver.ts";
import { serveDns } from "../../../../src/engine/network/dns/serveDns.ts";
import { openWorld } from "../../../../src/engine/network/world.ts";
import { runSteps } from "../../../../src/engine/node/steps.ts";
import { TestNetwork } from "../testNetwork.ts";

function service(name: string, spec: Partial<Service["spec"]>): Service {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "default" }, spec };
}

function slice(owner: string, endpoints: EndpointSlice["endpoints"]): EndpointSlice {
  const labels = { "kubernetes.io/service-name": owner };
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    addressType: "IPv4",
    metadata: { name: `${owner}-1`, namespace: "default", labels },
    ports: [{ name: "http", port: 8080, protocol: "TCP" }],
    endpoints,
  };
}

const http = [{ name: "http", port: 80, protocol: "TCP" as const }];
const services = [
  service("web", { clusterIP: "10.96.0.80", ports: http }),
  service("db", { clusterIP: "None", ports: http }),
  service("empty", { clusterIP: "None", ports: http }),
  service("site", { type: "ExternalName", externalName: "example.com" }),
  service("alias", { type: "ExternalName", externalName: "web.default.svc.cluster.local" }),
];
const slices = [
  slice("web", [{ addresses: ["10.244.1.5"] }]),
  slice("db", [
    { addresses: ["10.244.1.6"], hostname: "db-0" },
    { addresses: ["10.244.1.7"], conditions: { ready: false } },
  ]),
];

const names: ClusterNames = {
  hasNamespace: (name) => name === "default" || name === "kube-system",
  service: (namespace, name) =>
    services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
  services: () => services,
  slices: (_namespace, owner) =>
    slices.filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === owner),
  allSlices: () => slices,
  hasPod: (_namespace, ip) => ip === "10.244.1.5",
};

/** A network with a server that answers by a Corefile. */
function served(corefile = coreDnsCorefile) {
  const world = new TestNetwork();
  openWorld(world.network);
  const blocks = parseCorefile(corefile, "/etc/coredns/Corefile");
  assert.ok(!("error" in blocks));
  const server = world.pod("coredns", "node-1");
  const random = new Random(3);
  const settings = {
    blocks,
    port: 53,
    world: {
      names,
      serial: 1_700_000_000,
      readFile: (path: string) =>
        path === "/etc/resolv.conf" ? "nameserver 172.18.0.1\n" : undefined,
      ask: (question: { name: string; type: DnsType }, to: { address: string; port: number }) =>
        server.query({ ...question, server: to, timeoutMs: 2_000 }),
      below: (bound: number) => random.below(bound),
    },
  };
  server.listen("UDP", 53, (connection) =>
    runSteps(
      world.clock,
      serveDns(connection, (query) => coreDnsReply(query, settings)),
      () => undefined,
    ),
  );
  const client = world.pod("client", "node-2");
  const [address = ""] = server.addresses;
  return { world, client, server: { address, port: 53 } };
}

describe("CoreDNS with kubeadm's Corefile", () => {
  for (const [name, type, expected] of [
    ["web.default.svc.cluster.local", "A", "NOERROR 10.96.0.80"],
    ["WEB.default.svc.cluster.local", "A", "NOERROR 10.96.0.80"],
    ["web.default.svc.cluster.local", "AAAA", "NOERROR"],
    [
      "_http._tcp.web.default.svc.cluster.local",
      "SRV",
      "NOERROR 0 100 80 web.default.svc.cluster.local.",
    ],
    ["_http._udp.web.default.svc.cluster.local", "SRV", "NXDOMAIN"],
    ["db.default.svc.cluster.local", "A", "NOERROR 10.244.1.6"],
    ["db-0.db.default.svc.cluster.local", "A", "NOERROR 10.244.1.6"],
    [
      "_http._tcp.db.default.svc.cluster.local",
      "SRV",
      "NOERROR 0 100 8080 db-0.db.default.svc.cluster.local.",
    ],
    ["empty.default.svc.cluster.local", "A", "NXDOMAIN"],
    ["missing.default.svc.cluster.local", "A", "NXDOMAIN"],
    ["web.nowhere.svc.cluster.local", "A", "NXDOMAIN"],
    ["default.svc.cluster.local", "A", "NOERROR"],
    ["svc.cluster.local", "A", "NOERROR"],
    ["site.default.svc.cluster.local", "CNAME", "NOERROR example.com."],
    ["site.default.svc.cluster.local", "A", "NOERROR example.com. 203.0.113.10"],
    ["alias.default.svc.cluster.local", "A", "NOERROR web.default.svc.cluster.local. 10.96.0.80"],
    ["10-244-1-9.default.pod.cluster.local", "A", "NOERROR 10.244.1.9"],
    ["10-244-1-9.nowhere.pod.cluster.local", "A", "NXDOMAIN"],
    ["dns-version.cluster.local", "TXT", "NOERROR 1.1.0"],
    ["cluster.local", "NS", "NOERROR ns.dns.cluster.local."],
    ["80.0.96.10.in-addr.arpa", "PTR", "NOERROR web.default.svc.cluster.local."],
    ["6.1.244.10.in-addr.arpa", "PTR", "NOERROR db-0.db.default.svc.cluster.local."],
    ["9.9.244.10.in-addr.arpa", "PTR", "NXDOMAIN"],
    ["kubernetes.io", "A", "NOERROR 203.0.113.20"],
    ["no-such-site.example", "A", "NXDOMAIN"],
  ] as const)
    it(`answers ${name} ${type}`, () => {
      const { world, client, server } = served();
      const answer = world.outcome(client.query({ name, type, server }));
      assert.ok(answer !== "still waiting");
      const said = [answer.status, ...answer.records.map(({ data }) => data)].join(" ");
      assert.equal(said, expected);
    });

  it("says who is in charge of a name that does not exist", () => {
    const { world, client, server } = served();
    const name = "missing.default.svc.cluster.local";
    const answer = world.outcome(client.query({ name, type: "A", server }));
    assert.ok(answer !== "still waiting");
    assert.equal(answer.isAuthoritative, true);
    assert.equal(
      answer.authority[0]?.data,
      "ns.dns.cluster.local. hostmaster.cluster.local. 1700000000 7200 1800 86400 30",
    );
  });
});

describe("a Corefile", () => {
  it("may have hosts of its own, and rewrite names", () => {
    const { world, client, server } = served(`.:53 {
      hosts {
        10.0.0.9 printer.office
        fallthrough
      }
      rewrite name exact old.default.svc.cluster.local web.default.svc.cluster.local
      kubernetes cluster.local {
        pods verified
      }
    }`);
    const ask = (name: string) => {
      const answer = world.outcome(client.query({ name, type: "A", server }));
      assert.ok(answer !== "still waiting");
      return [answer.status, ...answer.records.map(({ name: of, data }) => `${of} ${data}`)].join();
    };
    assert.equal(ask("printer.office"), "NOERROR,printer.office. 10.0.0.9");
    assert.equal(
      ask("old.default.svc.cluster.local"),
      "NOERROR,old.default.svc.cluster.local. 10.96.0.80",
    );
    assert.equal(ask("10-244-1-9.default.pod.cluster.local"), "NXDOMAIN");
    assert.equal(ask("example.com"), "SERVFAIL");
  });

  for (const [claim, text, expected] of [
    [
      "that names a plugin which is not there",
      ".:53 {\n  nonsense\n}",
      "Corefile:2 - Error during parsing: Unknown directive 'nonsense'",
    ],
    [
      "that ends too early",
      ".:53 {\n  errors\n",
      "Corefile:2 - Error during parsing: Unexpected EOF",
    ],
  ] as const)
    it(`${claim} is refused`, () => {
      const result = parseCorefile(text, "Corefile");
      assert.ok("error" in result);
      assert.equal(result.error, expected);
    });
});

describe("a resolver", () => {
  const podConf =
    "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n";
  for (const [name, conf, expected] of [
    [
      "web",
      podConf,
      ["web.default.svc.cluster.local.", "web.svc.cluster.local.", "web.cluster.local.", "web."],
    ],
    ["web.default.svc.cluster.local.", podConf, ["web.default.svc.cluster.local."]],
    [
      "a.b.c.d.e.f",
      podConf,
      [
        "a.b.c.d.e.f.",
        "a.b.c.d.e.f.default.svc.cluster.local.",
        "a.b.c.d.e.f.svc.cluster.local.",
        "a.b.c.d.e.f.cluster.local.",
      ],
    ],
    ["kubernetes.io", "nameserver 1.1.1.1\n", ["kubernetes.io."]],
  ] as const)
    it(`tries for ${name}: ${expected.length} names`, () =>
      assert.deepEqual(candidates(name, parseResolvConf(conf)), expected));

  it("finds a Service by its bare name, and gives up on servers that are silent", () => {
    const { world, client, server } = served();
    const resolvConf = podConf.replace("10.96.0.10", server.address);
    const send = (question: Parameters<typeof client.query>[0]) => client.query(question);
    const found = world.outcome(resolveName({ name: "web", type: "A" }, { resolvConf, send }));
    assert.ok(found !== "still waiting");
    assert.equal(found.records[0]?.data, "10.96.0.80");
    world.policy("deny", { podSelector: {}, policyTypes: ["Egress"] });
    const began = world.clock.now();
    const lost = world.outcome(resolveName({ name: "web", type: "A" }, { resolvConf, send }));
    assert.ok(lost !== "still waiting");
    assert.equal(lost.status, "TIMEOUT");
    assert.equal(world.clock.now() - began, 10_000);
  });
});

describe("a DNS message", () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  const name = fc
    .array(label, { minLength: 1, maxLength: 5 })
    .map((labels) => `${labels.join(".")}.`);
  const record = fc.oneof(
    fc.record({ name, type: fc.constant("A" as const), ttlSeconds: fc.nat(), data: fc.ipV4() }),
    fc.record({
      name,
      type: fc.constantFrom("CNAME", "PTR", "NS" as const),
      ttlSeconds: fc.nat(),
      data: name,
    }),
    fc.record({
      name,
      type: fc.constant("SRV" as const),
      ttlSeconds: fc.nat(),
      data: name.map((target) => `0 50 8080 ${target}`),
    }),
    fc.record({ name, type: fc.constant("TXT" as const), ttlSeconds: fc.nat(), data: label }),
  );

  it("is the same after it was sent", () =>
    fc.assert(
      fc.property(
        name,
        fc.array(record, { maxLength: 5 }),
        fc.nat(65_535),
        (asked, records, id) => {
          const message: DnsMessage = {
            id,
            isAnswer: true,
            isAuthoritative: true,
            isRecursionDesired: true,
            isRecursionAvailable: false,
            status: "NXDOMAIN",
            question: { name: asked, type: "SRV" },
            records: records.map((each) => ({ ...each })) as DnsMessage["records"],
            authority: [],
          };
          assert.deepEqual(decodeMessage(encodeMessage(message)), message);
        },
      ),
    ));

  it("that is none is told from one, whatever comes", () =>
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void decodeMessage(bytes))));
});
