// The network of a whole cluster, seen from within its containers.
import assert from "node:assert/strict";
import { Deployment as DeploymentKind } from "../../../src/api/kinds/deployment.ts";
import { NetworkPolicy as NetworkPolicyKind } from "../../../src/api/kinds/networkPolicy.ts";
import { Pod as PodKind } from "../../../src/api/kinds/pod/kind.ts";
import { Service as ServiceKind } from "../../../src/api/kinds/service.ts";
import type { NetworkPolicySpec, ServiceSpec } from "../../../src/api/types.ts";
import { Engine } from "../../../src/engine/engine.ts";
import { PodTester } from "../node/podTester.ts";

const machine = { cpu: "4", memory: "8Gi" };

function kubeadmCluster(): PodTester {
  const engine = new Engine({
    now: Date.UTC(2026, 0, 1),
    seed: 7,
    spec: {
      setUp: "kubeadm",
      machines: [
        { name: "control-plane", role: "control-plane", ...machine },
        { name: "worker-1", role: "worker", ...machine },
        { name: "worker-2", role: "worker", ...machine },
      ],
    },
  });
  const cluster = new PodTester([], engine);
  cluster.run(60);
  return cluster;
}

describe("the network of a cluster", () => {
  let cluster: PodTester;

  before(() => {
    cluster = kubeadmCluster();
    const labels = (app: string) => ({ metadata: { labels: { app } } });
    for (const name of ["web-1", "web-2"]) {
      cluster.create(name, { image: "nginx:1.27", ports: [{ containerPort: 80 }] });
      cluster.client.patch(PodKind, { namespace: "default", name }, labels("web"));
    }
    cluster.create("client", { image: "busybox:1.36", command: ["sleep", "1000000"] });
    service("web", { selector: { app: "web" }, ports: [{ port: 80 }] });
    service("pods", { clusterIP: "None", selector: { app: "web" }, ports: [{ port: 80 }] });
    service("site", { type: "ExternalName", externalName: "example.com" });
    service("empty", { selector: { app: "nobody" }, ports: [{ port: 80 }] });
    cluster.run(60);
  });

  function service(name: string, spec: ServiceSpec): void {
    cluster.client.create(ServiceKind, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec,
    });
  }

  function policy(spec: NetworkPolicySpec): () => void {
    const key = { namespace: "default", name: "policy" };
    cluster.client.create(NetworkPolicyKind, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: key,
      spec,
    });
    cluster.run(1);
    return () => {
      cluster.client.delete(NetworkPolicyKind, key);
      cluster.run(1);
    };
  }

  const fetched = (target: string) =>
    cluster.sh("client", `wget -q -T 5 -O - ${target} | grep -o '<title>.*</title>'`).trim();

  it("runs CoreDNS behind kube-dns", () => {
    const { status } = cluster.client.get(DeploymentKind, {
      namespace: "kube-system",
      name: "coredns",
    });
    assert.equal(status?.readyReplicas, 2);
    const { spec } = cluster.client.get(ServiceKind, {
      namespace: "kube-system",
      name: "kube-dns",
    });
    assert.equal(spec.clusterIP, "10.96.0.10");
  });

  for (const [claim, target, expected] of [
    ["a Service by its name", "web", "<title>Welcome to nginx!</title>"],
    [
      "a Service by its full name",
      "web.default.svc.cluster.local",
      "<title>Welcome to nginx!</title>",
    ],
    ["a headless Service's Pods", "pods", "<title>Welcome to nginx!</title>"],
    ["a site outside by name", "example.com", "<title>example.com</title>"],
    ["a site outside by a Service that names it", "site", "<title>site</title>"],
  ] as const)
    it(`lets a container reach ${claim}`, () => assert.equal(fetched(target), expected));

  for (const [claim, command, expected] of [
    ["a Service without endpoints", "wget -T 5 -O - empty", /Connection refused/],
    ["a name that does not exist", "wget -T 5 -O - nowhere", /bad address 'nowhere'/],
  ] as const)
    it(`tells a container of ${claim}`, () =>
      assert.match(cluster.sh("client", `${command} 2>&1`), expected));

  it("answers questions for names", () => {
    const { spec } = cluster.client.get(ServiceKind, { namespace: "default", name: "kubernetes" });
    const said = cluster.sh("client", "nslookup kubernetes.default.svc.cluster.local");
    assert.match(said, /Server:\s+10\.96\.0\.10/);
    assert.ok(said.includes(`Address: ${spec.clusterIP}`), said);
  });

  it("spreads requests over the Pods of a Service", () => {
    for (let i = 0; i < 12; i++) fetched("web");
    const requests = ["web-1", "web-2"].map(
      (name) => cluster.log(name).filter((line) => line.includes("GET / ")).length,
    );
    assert.ok(
      requests.every((count) => count > 0),
      requests.join(),
    );
  });

  it("blocks what policies deny, names first", () => {
    const allow = policy({ podSelector: {}, policyTypes: ["Egress"] });
    assert.match(cluster.sh("client", "wget -T 20 -O - web 2>&1"), /bad address 'web'/);
    allow();
    const open = policy({ podSelector: { matchLabels: { app: "web" } }, policyTypes: ["Ingress"] });
    assert.match(cluster.sh("client", "wget -T 5 -O - web 2>&1"), /download timed out/);
    open();
    assert.equal(fetched("web"), "<title>Welcome to nginx!</title>");
  });

  it("has no names while CoreDNS is away", () => {
    const key = { namespace: "kube-system", name: "coredns" };
    cluster.client.patch(DeploymentKind, key, { spec: { replicas: 0 } });
    cluster.run(60);
    assert.match(cluster.sh("client", "wget -T 20 -O - web 2>&1"), /bad address 'web'/);
    cluster.client.patch(DeploymentKind, key, { spec: { replicas: 2 } });
    cluster.run(60);
    assert.equal(fetched("web"), "<title>Welcome to nginx!</title>");
  });

  it("is traced as it works", () => {
    const from = { type: "pod", namespace: "default", name: "client" } as const;
    const to = { type: "service", namespace: "default", name: "web" } as const;
    assert.equal(cluster.engine.network.trace({ from, to }).outcome, "connected");
    const node = cluster.pod("client").spec.nodeName ?? "";
    const rules = cluster.engine.network.rules(node, "iptables");
    assert.match(rules, /\[[1-9]\d*:\d+\] -A KUBE-SERVICES .* --comment "default\/web cluster IP"/);
    assert.match(
      cluster.engine.network.rules(node, "nftables"),
      /goto service-\w{8}-default\/web\/tcp\//,
    );
  });
});
