import assert from "node:assert/strict";
import fc from "fast-check";
import type { NetworkPolicy, NetworkPolicyPeer, Pod } from "../../../src/api/types.ts";
import {
  type Flow,
  type PolicyDirection,
  policyVerdict,
} from "../../../src/engine/network/networkPolicies.ts";

const labelsOfNamespaces: Record<string, Record<string, string>> = {
  default: { team: "a" },
  other: { team: "b" },
};

function pod(name: string, namespace = "default", labels: Record<string, string> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels },
    spec: {
      containers: [{ name: "app", ports: [{ name: "web", containerPort: 8080, protocol: "TCP" }] }],
    },
  };
}

function policy(spec: NetworkPolicy["spec"], namespace = "default"): NetworkPolicy {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "p", namespace },
    spec,
  };
}

function isAllowed(
  policies: readonly NetworkPolicy[],
  flow: Flow,
  direction: PolicyDirection = "Ingress",
): boolean {
  const verdict = policyVerdict(direction, flow, {
    policies: (namespace) => policies.filter(({ metadata }) => metadata.namespace === namespace),
    namespaceLabels: (name) => labelsOfNamespaces[name],
  });
  return verdict?.isAllowed ?? true;
}

const server = { ip: "10.244.1.2", pod: pod("server", "default", { app: "server" }) };
const client = { ip: "10.244.1.3", pod: pod("client", "default", { app: "client" }) };
const stranger = { ip: "10.244.2.3", pod: pod("client", "other", { app: "client" }) };
const world = { ip: "198.51.100.9" };
const every = { podSelector: {} };

describe("a NetworkPolicy", () => {
  const from = (...peers: readonly NetworkPolicyPeer[]) => ({
    ...every,
    ingress: [{ from: peers }],
  });
  for (const [claim, spec, sender, expected] of [
    ["without rules isolates", { ...every, policyTypes: ["Ingress"] }, client, false],
    [
      "for other Pods leaves a Pod open",
      { podSelector: { matchLabels: { app: "x" } } },
      client,
      true,
    ],
    ["of egress leaves ingress open", { ...every, policyTypes: ["Egress"] }, client, true],
    ["with an empty rule allows everything", { ...every, ingress: [{}] }, world, true],
    ["takes a podSelector for its own namespace", from({ podSelector: {} }), client, true],
    ["and not for others", from({ podSelector: {} }), stranger, false],
    [
      "takes a namespaceSelector for whole namespaces",
      from({ namespaceSelector: { matchLabels: { team: "b" } } }),
      stranger,
      true,
    ],
    [
      "needs both selectors of one peer",
      from({
        namespaceSelector: { matchLabels: { team: "b" } },
        podSelector: { matchLabels: { app: "x" } },
      }),
      stranger,
      false,
    ],
    [
      "needs one of two peers",
      from(
        { namespaceSelector: { matchLabels: { team: "b" } } },
        { podSelector: { matchLabels: { app: "x" } } },
      ),
      stranger,
      true,
    ],
    ["allows a range", from({ ipBlock: { cidr: "198.51.100.0/24" } }), world, true],
    [
      "but what it excepts",
      from({ ipBlock: { cidr: "198.51.100.0/24", except: ["198.51.100.8/30"] } }),
      world,
      false,
    ],
    ["knows no Pod by selectors that is none", from({ podSelector: {} }), world, false],
  ] as const)
    it(claim, () => {
      const flow: Flow = { from: sender, to: server, port: 8080, protocol: "TCP" };
      assert.equal(isAllowed([policy(spec as NetworkPolicy["spec"])], flow), expected);
    });

  for (const [claim, port, flow, expected] of [
    ["a number", { port: 8080 }, {}, true],
    ["another number", { port: 80 }, {}, false],
    ["a range", { port: 8000, endPort: 8100 }, {}, true],
    ["a name of the target's", { port: "web" }, {}, true],
    ["a name that it does not have", { port: "dns" }, {}, false],
    ["every port of a protocol", { protocol: "TCP" }, {}, true],
    ["another protocol", { protocol: "UDP", port: 8080 }, {}, false],
    ["TCP, if it does not say", { port: 8080 }, { protocol: "UDP" }, false],
  ] as const)
    it(`allows by port: ${claim}`, () => {
      const given: Flow = { from: client, to: server, port: 8080, protocol: "TCP", ...flow };
      assert.equal(
        isAllowed([policy({ ...every, ingress: [{ ports: [port] }] })], given),
        expected,
      );
    });

  it("of egress looks at where the connection goes, with the names of its ports", () => {
    const spec = {
      ...every,
      policyTypes: ["Egress" as const],
      egress: [
        { to: [{ podSelector: { matchLabels: { app: "server" } } }], ports: [{ port: "web" }] },
      ],
    };
    const flow: Flow = { from: client, to: server, port: 8080, protocol: "TCP" };
    assert.equal(isAllowed([policy(spec)], flow, "Egress"), true);
    assert.equal(isAllowed([policy(spec)], { ...flow, port: 53 }, "Egress"), false);
    assert.equal(isAllowed([policy(spec)], { ...flow, to: world }, "Egress"), false);
  });
});

describe("NetworkPolicies together", () => {
  const app = fc.constantFrom("client", "server", "x");
  const team = fc.constantFrom("a", "b", "c");
  const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
    app.map((value) => ({ podSelector: { matchLabels: { app: value } } })),
    team.map((value) => ({ namespaceSelector: { matchLabels: { team: value } } })),
    fc.record({
      podSelector: app.map((value) => ({ matchLabels: { app: value } })),
      namespaceSelector: team.map((value) => ({ matchLabels: { team: value } })),
    }),
    fc
      .constantFrom("10.244.0.0/16", "10.244.1.0/24", "198.51.100.0/24")
      .map((cidr) => ({ ipBlock: { cidr } })),
  );
  const spec = fc.record({
    podSelector: fc.oneof(
      fc.constant({}),
      app.map((value) => ({ matchLabels: { app: value } })),
    ),
    ingress: fc.array(
      fc.record({
        from: fc.array(peer, { maxLength: 2 }),
        ports: fc.array(fc.record({ port: fc.constantFrom(80, 8080) }), { maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
  });
  const end = fc.constantFrom(client, stranger, world);

  /** The rules of the documentation, one after the other. */
  function reference(specs: readonly NetworkPolicy["spec"][], flow: Flow): boolean {
    const own = flow.to.pod?.metadata.labels?.app;
    const selecting = specs.filter(({ podSelector }) => {
      const wanted = podSelector?.matchLabels?.app;
      return wanted === undefined || wanted === own;
    });
    if (selecting.length === 0) return true;
    for (const { ingress = [] } of selecting)
      for (const { from = [], ports = [] } of ingress) {
        const isPort = ports.length === 0 || ports.some(({ port }) => port === flow.port);
        const isPeer = from.length === 0 || from.some((each) => isFrom(each, flow));
        if (isPort && isPeer) return true;
      }
    return false;
  }

  function isFrom({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, { from }: Flow) {
    if (ipBlock) return from.ip.startsWith(ipBlock.cidr.replace(/(\.0)+\/\d+$/, "."));
    if (!from.pod) return false;
    const { namespace = "", labels } = from.pod.metadata;
    const app = podSelector?.matchLabels?.app;
    if (app !== undefined && labels?.app !== app) return false;
    if (!namespaceSelector) return namespace === "default";
    return labelsOfNamespaces[namespace]?.team === namespaceSelector.matchLabels?.team;
  }

  it("allow what one of those that select a Pod allows", () =>
    fc.assert(
      fc.property(
        fc.array(spec, { maxLength: 3 }),
        end,
        fc.constantFrom(80, 8080),
        (specs, from, port) => {
          const flow: Flow = { from, to: server, port, protocol: "TCP" };
          assert.equal(
            isAllowed(
              specs.map((each) => policy(each)),
              flow,
            ),
            reference(specs, flow),
          );
        },
      ),
      { numRuns: 500 },
    ));
});
