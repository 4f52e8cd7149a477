import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CertificateSigningRequest } from "../../../../src/api/kinds/certificateSigningRequest.ts";
import type { CertificateSigningRequest as RequestObject } from "../../../../src/api/types.ts";
import { day, hour, minute } from "../../../../src/base/time.ts";
import { Engine } from "../../../../src/engine/engine.ts";
import { nodeCertificateAuthority } from "../../../../src/engine/host/nodeCertificateAuthority.ts";
import {
  type ClusterCertificates,
  clusterCertificates,
} from "../../../../src/engine/host/nodeCertificates.ts";
import { requestOf } from "./requestOf.ts";

const clientSigner = "kubernetes.io/kube-apiserver-client";
const kubeletSigner = "kubernetes.io/kube-apiserver-client-kubelet";
const servingSigner = "kubernetes.io/kubelet-serving";
const clientUsages = ["digital signature", "client auth"];
const servingUsages = ["digital signature", "key encipherment", "server auth"];
const admin = "kubernetes-admin";

describe("certificates that are asked for", () => {
  let folder: string;
  let certificates: ClusterCertificates;
  let engine: Engine;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "certificates-"));
    certificates = await clusterCertificates(folder);
  });

  after(() => rmSync(folder, { recursive: true }));

  beforeEach(() => {
    engine = new Engine({
      now: Date.UTC(2026, 0, 31),
      seed: 1,
      spec: { machines: [] },
      authority: nodeCertificateAuthority(certificates.ca),
    });
    engine.clock.run(1_000);
  });

  const key = { namespace: "", name: "r" };
  const read = (): RequestObject => engine.client(admin).get(CertificateSigningRequest, key);
  const conditions = () =>
    (read().status?.conditions ?? []).map(({ type, reason, message }) => ({
      type,
      reason,
      message,
    }));

  function ask(request: string, signerName: string, usages: string[], by = admin, more = {}): void {
    engine.client(by).create(CertificateSigningRequest, {
      apiVersion: "certificates.k8s.io/v1",
      kind: "CertificateSigningRequest",
      metadata: { name: "r" },
      spec: { request, signerName, usages, ...more } as RequestObject["spec"],
    });
    engine.clock.run(1_000);
  }

  function approve(type = "Approved"): void {
    const request = read();
    const approval = { type, status: "True", reason: "Manual", message: "by hand" };
    const status = { ...request.status, conditions: [approval] };
    engine
      .client(admin)
      .updateSubresource(CertificateSigningRequest, { ...request, status }, "approval");
    engine.clock.run(1_000);
  }

  function issued(): X509Certificate | undefined {
    const { certificate } = read().status ?? {};
    return certificate === undefined
      ? undefined
      : new X509Certificate(Buffer.from(certificate, "base64").toString());
  }

  it("are signed once they are approved, by the cluster's authority", async () => {
    ask(await requestOf("CN=alice, O=devs, O=ops"), clientSigner, clientUsages);
    assert.equal(issued(), undefined);
    approve();
    const certificate = issued();
    assert.ok(certificate);
    const authority = new X509Certificate(certificates.ca.certificate);
    assert.ok(certificate.verify(authority.publicKey));
    assert.ok(certificate.checkIssued(authority));
    assert.equal(certificate.subject, "CN=alice\nO=devs\nO=ops");
    assert.deepEqual(certificate.keyUsage, ["1.3.6.1.5.5.7.3.2"]);
    assert.equal(certificate.ca, false);
    const from = Date.parse(certificate.validFrom);
    assert.equal(Date.parse(certificate.validTo) - from, 365 * day);
    assert.ok(Math.abs(from + 5 * minute - Date.now()) < minute);
  });

  it("live as long as was asked for", async () => {
    const expirationSeconds = 3_600;
    ask(await requestOf("CN=alice"), clientSigner, clientUsages, admin, { expirationSeconds });
    approve();
    const { validFrom = "", validTo = "" } = issued() ?? {};
    assert.equal(Date.parse(validTo) - Date.parse(validFrom), hour + 5 * minute);
  });

  it("fail if the signer does not sign such", async () => {
    ask(await requestOf("CN=alice"), clientSigner, ["server auth"]);
    approve();
    assert.deepEqual(conditions().at(-1), {
      type: "Failed",
      reason: "SignerValidationFailure",
      message: "invalid usage for client certificate: server auth",
    });
  });

  it("are not signed if they are denied", async () => {
    ask(await requestOf("CN=alice"), clientSigner, clientUsages);
    approve("Denied");
    assert.equal(issued(), undefined);
  });

  it("are for serving if they name where", async () => {
    const subject = "CN=system:node:a, O=system:nodes";
    ask(await requestOf(subject, "a.example"), servingSigner, servingUsages, "system:node:a");
    approve();
    assert.equal(issued()?.subjectAltName, "DNS:a.example");
  });

  it("are approved by themselves if a kubelet renews its own", async () => {
    const subject = "CN=system:node:a, O=system:nodes";
    ask(await requestOf(subject), kubeletSigner, clientUsages, "system:node:a");
    assert.deepEqual(conditions(), [
      {
        type: "Approved",
        reason: "AutoApproved",
        message: "Auto approving self kubelet client certificate after SubjectAccessReview.",
      },
    ]);
    assert.ok(issued());
  });

  it("are no way for a kubelet to become another", async () => {
    const request = await requestOf("CN=system:node:b, O=system:nodes");
    assert.throws(() => ask(request, kubeletSigner, clientUsages, "system:node:a"), {
      message:
        'certificatesigningrequests.certificates.k8s.io "r" is forbidden: can only create a node CSR with CN=system:node:a',
    });
  });

  it("are no way to become a master", async () => {
    const request = await requestOf("CN=eve, O=system:masters");
    assert.throws(() => ask(request, clientSigner, clientUsages), {
      message:
        'certificatesigningrequests.certificates.k8s.io "r" is forbidden: use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed',
    });
  });

  it("are approved by nobody who may not act for the signer", async () => {
    const approver = "system:serviceaccount:kube-system:certificate-controller";
    ask(await requestOf("CN=alice"), "example.com/mine", clientUsages);
    const request = read();
    const approval = { type: "Approved", status: "True", reason: "x", message: "y" };
    const status = { conditions: [approval] };
    assert.throws(
      () =>
        engine
          .client(approver)
          .updateSubresource(CertificateSigningRequest, { ...request, status }, "approval"),
      {
        message:
          'certificatesigningrequests.certificates.k8s.io "r" is forbidden: user not permitted to approve requests with signerName "example.com/mine"',
      },
    );
  });

  it("go when nobody cares for them", async () => {
    ask(await requestOf("CN=alice"), clientSigner, clientUsages);
    engine.clock.run(23 * hour);
    assert.ok(read());
    engine.clock.run(3 * hour);
    assert.throws(read, /not found/);
  });
});
