// bootstrap-signer-controller: signs cluster-info with each token, so that who has one can trust what it
// reads there without being known. Source: pkg/controller/bootstrap/{bootstrapsigner,jws}.go, 1.34.
import { dequal } from "dequal";
import {
  type BootstrapToken,
  readTokenSecret,
  tokenNamespace,
} from "../../../api/bootstrapToken.ts";
import { ConfigMap } from "../../../api/kinds/configMap.ts";
import { Secret } from "../../../api/kinds/secret.ts";
import { encodeBase64url } from "../../../base/base64url.ts";
import type { Instant } from "../../../base/time.ts";
import { utf8Bytes } from "../../../base/utf8.ts";
import { clusterInfoKey } from "../../bootstrap/kubeadm/configMaps.ts";
import { hmacSha256 } from "../../network/hmacSha256.ts";
import { type ControllerContext, type ControllerFactory, trigger } from "../controller.ts";

const signaturePrefix = "jws-kubeconfig-";
const kubeconfigKey = "kubeconfig";

export const bootstrapSigner: ControllerFactory = () => ({
  name: "bootstrap-signer-controller",
  account: "bootstrap-signer",
  triggers: [
    trigger(ConfigMap, ({ old, now }) => {
      const { name, namespace } = (now ?? old)?.metadata ?? {};
      const isIt = name === clusterInfoKey.name && namespace === clusterInfoKey.namespace;
      return isIt ? [clusterInfoKey] : [];
    }),
    trigger(Secret, ({ old, now }) =>
      [old, now].some((secret) => secret && readTokenSecret(secret)) ? [clusterInfoKey] : [],
    ),
  ],
  reconcile(key, context) {
    const map = context.cache(ConfigMap).get(key);
    const content = map?.data?.[kubeconfigKey];
    if (!map || content === undefined) return undefined;
    const kept = Object.entries(map.data ?? {}).filter(
      ([name]) => !name.startsWith(signaturePrefix),
    );
    const signatures = tokensOf(context).map((token) => [
      `${signaturePrefix}${token.id}`,
      detachedSignature(content, token),
    ]);
    const data = Object.fromEntries([...kept, ...signatures]);
    if (!dequal(data, map.data)) context.client.update(ConfigMap, { ...map, data });
    return undefined;
  },
});

function tokensOf({ cache, now }: ControllerContext): readonly BootstrapToken[] {
  return cache(Secret)
    .list(tokenNamespace)
    .flatMap((secret) => {
      const known = readTokenSecret(secret);
      return known?.maySign && !isOver(known.expiration, now()) ? [known.token] : [];
    });
}

function isOver(expiration: Instant | undefined, now: Instant): boolean {
  return expiration !== undefined && expiration <= now;
}

/** A JSON Web Signature whose content is elsewhere: "header..signature". */
function detachedSignature(content: string, { id, secret }: BootstrapToken): string {
  const header = encoded(JSON.stringify({ alg: "HS256", kid: id }));
  const signed = utf8Bytes(`${header}.${encoded(content)}`);
  return `${header}..${encodeBase64url(hmacSha256(utf8Bytes(secret), signed))}`;
}

function encoded(text: string): string {
  return encodeBase64url(utf8Bytes(text));
}
