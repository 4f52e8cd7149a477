// The cluster that a kubeconfig's current context names, as far as files and tokens prove who asks.
// Source: k8s.io/client-go tools/clientcmd, kubernetes v1.34.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { HttpClient } from "../client/httpClient.ts";
import { nodeFetch } from "../engine/host/nodeFetch.ts";
import { readDocuments, UnreadableFile } from "./readObjects.ts";

interface Named {
  readonly name?: string;
}

interface Kubeconfig {
  readonly "current-context"?: string;
  readonly contexts?: readonly (Named & {
    readonly context?: { readonly cluster?: string; readonly user?: string };
  })[];
  readonly clusters?: readonly (Named & { readonly cluster?: ClusterEntry })[];
  readonly users?: readonly (Named & { readonly user?: UserEntry })[];
}

interface ClusterEntry {
  readonly server?: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
}

interface UserEntry {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly exec?: unknown;
}

/** @throws UnreadableFile if the file names no cluster, or asks for a program to prove who one is */
export function clientOf(path: string): HttpClient {
  const config = (readDocuments(path)[0] ?? {}) as Kubeconfig;
  const context = named(config.contexts, config["current-context"])?.context;
  const cluster = named(config.clusters, context?.cluster)?.cluster;
  const user = named(config.users, context?.user)?.user ?? {};
  if (!cluster?.server?.startsWith("https://"))
    throw new UnreadableFile(`${path}: the current context names no server at https://`);
  if (user.exec !== undefined)
    throw new UnreadableFile(`${path}: users that a program makes (exec) are not supported`);
  const read = (data: string | undefined, file: string | undefined): string | undefined =>
    data === undefined
      ? file && readFile(resolve(dirname(path), file))
      : Buffer.from(data, "base64").toString();
  const access = {
    ca: read(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    certificate: read(user["client-certificate-data"], user["client-certificate"]),
    key: read(user["client-key-data"], user["client-key"]),
    token: user.token ?? read(undefined, user.tokenFile)?.trim(),
    skipsVerification: cluster["insecure-skip-tls-verify"] === true,
  };
  return new HttpClient({ url: cluster.server.replace(/\/$/, ""), fetch: nodeFetch(access) });
}

function named<T extends Named>(list: readonly T[] = [], name: string | undefined): T | undefined {
  return list.find((entry) => entry.name === name);
}

function readFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UnreadableFile(`${path}: ${error instanceof Error ? error.message : error}`);
  }
}
