// The file by which kubectl and Helm find the cluster and prove who they are.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stringify } from "yaml";
import type { ClusterCertificates } from "./nodeCertificates.ts";

/** What kubectl calls the cluster. */
const clusterName = "kubernetes-tutor";
const userName = "kubernetes-admin";

/** Where the file goes and what it is to say. */
export interface KubeconfigOptions {
  readonly path: string;
  /** "https://127.0.0.1:6443". */
  readonly url: string;
  /** "kubernetes-admin@kubernetes-tutor" if absent. */
  readonly context?: string;
}

/** Replaces the file at `path`, which only its owner may read: it holds the administrator's key. */
export function writeKubeconfig(
  { path, url, context = `${userName}@${clusterName}` }: KubeconfigOptions,
  { ca, admin }: ClusterCertificates,
): void {
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
