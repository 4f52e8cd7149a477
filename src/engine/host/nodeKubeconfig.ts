// The file by which kubectl and Helm find the cluster and prove who they are.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stringify } from "yaml";
import type { ClusterCertificates } from "./nodeCertificates.ts";

/** What kubectl calls the cluster. */
const clusterName = "kubernetes-tutor";
const userName = "kubernetes-admin";

/** Replaces the file at `path`, which only its owner may read: it holds the administrator's key. */
export function writeKubeconfig(
  path: string,
  url: string,
  { ca, admin }: ClusterCertificates,
): void {
  const context = `${userName}@${clusterName}`;
  const text = stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: clusterName,
        cluster: { server: url, "certificate-authority-data": base64(ca.certificate) },
      },
    ],
    users: [
      {
        name: userName,
        user: {
          "client-certificate-data": base64(admin.certificate),
          "client-key-data": base64(admin.key),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: clusterName, user: userName } }],
    "current-context": context,
  });
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial-${process.pid}`;
  writeFileSync(partial, text, { mode: 0o600 });
  renameSync(partial, path);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
