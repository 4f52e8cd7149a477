// A served cluster as its clients see it: objects created, read and listed over HTTPS, and `kubectl get pods`
// of 1,000 Pods end to end. Needs `npm run build`. Run: npm run bench -- http
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { parse } from "yaml";
import { nodeFetch } from "../src/engine/host/nodeFetch.ts";
import { ensureClients } from "../test/support/clients/clients.ts";
import { serveCluster } from "../test/support/kubectl/servedCluster.ts";

const requests = 2_000;
const pods = 1_000;
const core = "/api/v1/namespaces/default";
const { kubectl } = await ensureClients();
const cluster = await serveCluster("--nodes", "0", "--profile", "conformance");
try {
  const send = sender(cluster.kubeconfig);
  for (const writers of [1, 64]) {
    const name = (i: number) => `w${writers}-${i}`;
    await measure(`create a ConfigMap of 1 KB, ${writers} at a time`, writers, (i) =>
      send("POST", `${core}/configmaps`, {
        metadata: { name: name(i) },
        data: { a: "x".repeat(1_024) },
      }),
    );
    await measure(`read it, ${writers} at a time`, writers, (i) =>
      send("GET", `${core}/configmaps/${name(i)}`),
    );
  }
  await inParallel(pods, 32, (i) =>
    send("POST", `${core}/pods`, {
      metadata: { name: `web-${i}` },
      // Nobody has it to run: what is measured is the list.
      spec: { nodeSelector: { is: "nowhere" }, containers: [{ name: "c", image: "nginx" }] },
    }),
  );
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    execFileSync(kubectl, ["get", "pods"], { env, maxBuffer: 1e8 });
    return performance.now() - began;
  });
  console.log(
    `  kubectl get pods of ${pods.toLocaleString("en")}   ${Math.min(...times).toFixed(0)} ms`,
  );
} finally {
  await cluster.stop();
}

type Send = (method: string, path: string, body?: object) => Promise<void>;

/** Sends requests as the administrator, over connections that stay open. */
function sender(kubeconfig: string): Send {
  const { clusters, users } = parse(readFileSync(kubeconfig, "utf8"));
  const decoded = (text: string): string => Buffer.from(text, "base64").toString();
  const { server, "certificate-authority-data": ca } = clusters[0].cluster;
  const { "client-certificate-data": certificate, "client-key-data": key } = users[0].user;
  const fetch = nodeFetch({
    ca: decoded(ca),
    certificate: decoded(certificate),
    key: decoded(key),
  });
  return async (method, path, body) => {
    const answer = await fetch(`${server}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${text}`);
  };
}

async function inParallel(
  times: number,
  width: number,
  act: (i: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < times; i = next++) await act(i);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function measure(
  what: string,
  width: number,
  act: (i: number) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  await inParallel(requests, width, act);
  const perSecond = (requests / (performance.now() - began)) * 1_000;
  console.log(`  ${what.padEnd(44)}${Math.round(perSecond).toLocaleString("en")} /s`);
}
