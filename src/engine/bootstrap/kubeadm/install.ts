// What kubeadm init leaves in the API of a cluster, once.
// Source: cmd/kubeadm/app/cmd/init.go, kubernetes v1.34.
import { newBootstrapToken, tokenSecretOf } from "../../../api/bootstrapToken.ts";
import { ConfigMap } from "../../../api/kinds/configMap.ts";
import { Secret } from "../../../api/kinds/secret.ts";
import { hasReason } from "../../../api/status.ts";
import type { Random } from "../../../base/random.ts";
import type { Instant } from "../../../base/time.ts";
import type { LocalClient } from "../../localClient.ts";
import { ensure } from "../ensure.ts";
import { kubeadmConfigKey, kubeadmConfigMaps } from "./configMaps.ts";
import { installCoreDns } from "./coreDns.ts";
import { installKubeProxy } from "./kubeProxy.ts";

export interface KubeadmFacts {
  /** Of the cluster's authority as PEM; "" if there is none. */
  readonly rootCertificate: string;
  readonly hasKubeProxy: boolean;
  readonly random: Random;
  readonly now: Instant;
}

/** Nothing happens in a cluster that has been set up: what was deleted since stays deleted. */
export function installKubeadm(client: LocalClient, facts: KubeadmFacts): void {
  if (isSetUp(client)) return;
  const { rootCertificate, random, now } = facts;
  ensure(client, Secret, tokenSecretOf(newBootstrapToken(random), now));
  if (facts.hasKubeProxy) installKubeProxy(client);
  installCoreDns(client);
  for (const map of kubeadmConfigMaps(rootCertificate)) ensure(client, ConfigMap, map);
}

function isSetUp(client: LocalClient): boolean {
  try {
    client.get(ConfigMap, kubeadmConfigKey);
    return true;
  } catch (error) {
    if (!hasReason(error, "NotFound")) throw error;
    return false;
  }
}
