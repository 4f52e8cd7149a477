// A machine joins: its kubelet has no certificate yet, and asks for one with the token that it was given.
// Source: pkg/kubelet/certificate/bootstrap/bootstrap.go, kubeadm's kubelet.service, kubernetes v1.34.
import { CertificateSigningRequest } from "../../../api/kinds/certificateSigningRequest.ts";
import { encodeBase64 } from "../../../api/kinds/secret/base64.ts";
import { ApiError } from "../../../api/status.ts";
import type { CertificateSigningRequest as RequestObject } from "../../../api/types.ts";
import { encodeBase64url } from "../../../base/base64url.ts";
import { type Disposable, DisposableStore } from "../../../base/disposable.ts";
import { type Millis, second } from "../../../base/time.ts";
import { utf8Bytes } from "../../../base/utf8.ts";
import type { CertificateRequests } from "../../certificateRequests.ts";
import type { Clock } from "../../clock.ts";
import type { LocalClient } from "../../localClient.ts";
import type { Lister } from "../../localInformer.ts";
import { sha256Bytes } from "../../network/sha256.ts";

/** kubelet.service: RestartSec. */
const restartMs: Millis = 10 * second;

export interface NodeJoinWorld {
  readonly clock: Clock;
  readonly node: string;
  /** Speaks as the owner of a token. */
  readonly client: LocalClient;
  readonly requests: Lister<RequestObject>;
  readonly makeRequest: CertificateRequests;
  /** The certificate is there. */
  joined(): void;
}

/** Asks until it has a certificate, or is disposed. */
export function joinNode(world: NodeJoinWorld): Disposable {
  const owned = new DisposableStore();
  const pem = world.makeRequest({
    commonName: `system:node:${world.node}`,
    organization: "system:nodes",
  });
  const name = `node-csr-${encodeBase64url(sha256Bytes(utf8Bytes(pem)))}`;
  const isIssued = (): boolean =>
    world.requests.get({ namespace: "", name })?.status?.certificate !== undefined;
  owned.add(
    world.requests.onChange(() => {
      if (!isIssued()) return;
      owned.dispose();
      world.joined();
    }),
  );
  owned.add(ask(world, requestOf(name, pem)));
  return owned;
}

/** A kubelet that cannot ask ends, and is started again. */
function ask(world: NodeJoinWorld, request: RequestObject): Disposable {
  const owned = new DisposableStore();
  const attempt = (): void => {
    try {
      world.client.create(CertificateSigningRequest, request);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      owned.add(world.clock.after(restartMs, `kubelet of ${world.node} starts again`, attempt));
    }
  };
  attempt();
  return owned;
}

function requestOf(name: string, pem: string): RequestObject {
  return {
    apiVersion: CertificateSigningRequest.apiVersion,
    kind: CertificateSigningRequest.gvk.kind,
    metadata: { name },
    spec: {
      request: encodeBase64(pem),
      signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      usages: ["digital signature", "client auth"],
    },
  };
}
