// What kubeadm leaves in a cluster, and how machines join it.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateSigningRequest } from "../../../src/api/kinds/certificateSigningRequest.ts";
import { ConfigMap } from "../../../src/api/kinds/configMap.ts";
import { Node } from "../../../src/api/kinds/node.ts";
import { Pod } from "../../../src/api/kinds/pod/kind.ts";
import { Secret } from "../../../src/api/kinds/secret.ts";
import { Service } from "../../../src/api/kinds/service.ts";
import { day, second } from "../../../src/base/time.ts";
import { uniformCluster } from "../../../src/engine/defaultCluster.ts";
import { Engine } from "../../../src/engine/engine.ts";
import { nodeCertificateAuthority } from "../../../src/engine/host/nodeCertificateAuthority.ts";
import { nodeCertificateRequests } from "../../../src/engine/host/nodeCertificateRequests.ts";
import { clusterCertificates } from "../../../src/engine/host/nodeCertificates.ts";

describe("a cluster of kubeadm's", () => {
  let engine: Engine;
  const folder = mkdtempSync(join(tmpdir(), "kubeadm-"));
  after(() => rmSync(folder, { recursive: true }));
  before(async () => {
    const { ca } = await clusterCertificates(folder);
    engine = new Engine({
      now: Date.UTC(2026, 0, 31),
      seed: 1,
      spec: { ...uniformCluster(2), setUp: "kubeadm" },
      authority: nodeCertificateAuthority(ca),
      certificateRequests: nodeCertificateRequests,
      rootCertificate: ca.certificate,
    });
    engine.clock.run(30 * second);
  });
  const admin = () => engine.client("kubernetes-admin");
  const tokens = () =>
    admin()
      .list(Secret, { namespace: "kube-system" })
      .items.filter(({ type }) => type === "bootstrap.kubernetes.io/token");
  const text = (base64 = "") => Buffer.from(base64, "base64").toString();

  it("runs kube-proxy on every node", () => {
    const pods = admin().list(Pod, {
      namespace: "kube-system",
      labelSelector: "k8s-app=kube-proxy",
    });
    assert.deepEqual(
      pods.items.map(({ spec, status }) => `${spec.nodeName} ${status?.phase}`).sort(),
      ["control-plane Running", "worker-1 Running", "worker-2 Running"],
    );
  });

  it("had its workers join by the token: requested, approved, signed", () => {
    const requests = admin().list(CertificateSigningRequest).items;
    assert.equal(requests.length, 2);
    for (const { metadata, spec, status } of requests) {
      assert.match(metadata.name, /^node-csr-[\w-]{43}$/);
      assert.match(spec.username ?? "", /^system:bootstrap:[a-z0-9]{6}$/);
      assert.deepEqual(spec.groups, [
        "system:bootstrappers",
        "system:bootstrappers:kubeadm:default-node-token",
        "system:authenticated",
      ]);
      assert.equal(status?.conditions?.[0]?.reason, "AutoApproved");
      assert.match(text(status?.certificate), /BEGIN CERTIFICATE/);
    }
    assert.equal(admin().list(Node).items.length, 3);
  });

  it("tells what kubeadm did, phase by phase, with the token that machines join by", () => {
    const [secret] = tokens();
    const token = ["token-id", "token-secret"].map((key) => text(secret?.data?.[key])).join(".");
    const lines = engine.kubeadmTranscript();
    assert.ok(lines.includes(`[bootstrap-token] Using token: ${token}`));
    assert.deepEqual(
      lines.filter((line) => line.includes("# kubeadm")),
      [
        "control-plane# kubeadm init",
        `worker-1# kubeadm join 172.18.0.2:6443 --token ${token}`,
        `worker-2# kubeadm join 172.18.0.2:6443 --token ${token}`,
      ],
    );
  });

  it("signs cluster-info with the token", () => {
    const [secret] = tokens();
    const id = text(secret?.data?.["token-id"]);
    const { data = {} } = admin().get(ConfigMap, {
      namespace: "kube-public",
      name: "cluster-info",
    });
    const [header, , signature] = data[`jws-kubeconfig-${id}`]?.split(".") ?? [];
    const payload = Buffer.from(data.kubeconfig ?? "").toString("base64url");
    const expected = createHmac("sha256", text(secret?.data?.["token-secret"]))
      .update(`${header}.${payload}`)
      .digest("base64url");
    assert.deepEqual(JSON.parse(Buffer.from(header ?? "", "base64url").toString()), {
      alg: "HS256",
      kid: id,
    });
    assert.equal(signature, expected);
  });

  it("knows who brings the token, as long as its Secret is there", () => {
    const [secret] = tokens();
    const [id, rest] = ["token-id", "token-secret"].map((key) => text(secret?.data?.[key]));
    const { authenticator } = engine.apiServer;
    assert.deepEqual(authenticator.authenticateToken(`${id}.${rest}`), {
      user: {
        name: `system:bootstrap:${id}`,
        groups: ["system:bootstrappers", "system:bootstrappers:kubeadm:default-node-token"],
      },
      audiences: ["https://kubernetes.default.svc"],
    });
    assert.deepEqual(authenticator.authenticateToken(`${id}.0123456789abcdef`), {
      error: "invalid bearer token",
    });
  });

  it("keeps a node's rules as they are while its kube-proxy is away", () => {
    const services = () => engine.proxy("worker-1")?.rules().services;
    const key = { namespace: "kube-system", name: "kube-proxy" };
    const before = services();
    assert.ok(before && before > 0);
    const [proxy] = admin()
      .list(Pod, { namespace: key.namespace, labelSelector: "k8s-app=kube-proxy" })
      .items.filter(({ spec }) => spec.nodeName === "worker-1");
    engine.faults.inject({ type: "stopComponent", component: "kube-controller-manager" });
    admin().delete(Pod, { namespace: key.namespace, name: proxy?.metadata.name ?? "" });
    engine.clock.run(40 * second);
    admin().create(Service, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "late", namespace: "default" },
      spec: { ports: [{ port: 80 }] },
    });
    engine.clock.run(5 * second);
    assert.equal(services(), before);
    engine.faults.heal({ type: "stopComponent", component: "kube-controller-manager" });
    engine.clock.run(60 * second);
    assert.equal(services(), before + 1);
  });

  it("forgets the token, and its signature, after a day", () => {
    // Without machines, so that a day passes in no time.
    const spec = { machines: [], setUp: "kubeadm", hasDefaultStorage: false } as const;
    engine = new Engine({ now: Date.UTC(2026, 0, 31), seed: 1, spec });
    engine.clock.run(5 * second);
    assert.equal(tokens().length, 1);
    engine.clock.run(day);
    assert.deepEqual(tokens(), []);
    const { data } = admin().get(ConfigMap, { namespace: "kube-public", name: "cluster-info" });
    assert.deepEqual(Object.keys(data ?? {}), ["kubeconfig"]);
  });
});
