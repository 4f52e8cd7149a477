// ConfigMaps in which kube-apiserver tells how it knows who somebody is.
// Source: pkg/controlplane/controller/{clusterauthenticationtrust,legacytokentracking}, 1.34.
import { ConfigMap } from "../../api/kinds/configMap.ts";
import { formatTime, type Instant } from "../../base/time.ts";
import type { LocalClient } from "../localClient.ts";
import { ensure } from "./ensure.ts";

const namespace = "kube-system";
const dateLength = "2026-01-31".length;

export interface AuthenticationFacts {
  /** Who signs the certificates of clients, as PEM; "" if nobody does. */
  readonly rootCertificate: string;
  readonly now: Instant;
}

/** For servers that stand behind this one; and since when the use of old tokens is written down. */
export function ensureAuthenticationMaps(client: LocalClient, facts: AuthenticationFacts): void {
  const maps: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [
      "extension-apiserver-authentication",
      facts.rootCertificate === "" ? {} : { "client-ca-file": facts.rootCertificate },
    ],
    [
      "kube-apiserver-legacy-service-account-token-tracking",
      { since: formatTime(facts.now).slice(0, dateLength) },
    ],
  ];
  for (const [name, data] of maps)
    ensure(client, ConfigMap, {
      apiVersion: ConfigMap.apiVersion,
      kind: ConfigMap.gvk.kind,
      metadata: { name, namespace },
      data,
    });
}
