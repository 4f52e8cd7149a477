// /healthz, /livez and /readyz: what the server says of its own parts.
// Source: apiserver pkg/server/healthz/healthz.go, 1.34.
import { textAnswer } from "./answers.ts";
import type { HttpResponse } from "./exchange.ts";

const hooks: readonly string[] = [
  "start-apiserver-admission-initializer",
  "generic-apiserver-start-informers",
  "priority-and-fairness-config-consumer",
  "priority-and-fairness-filter",
  "storage-object-count-tracker-hook",
  "start-apiextensions-informers",
  "start-apiextensions-controllers",
  "crd-informer-synced",
  "start-system-namespaces-controller",
  "start-cluster-authentication-info-controller",
  "start-kube-apiserver-identity-lease-controller",
  "start-kube-apiserver-identity-lease-garbage-collector",
  "start-legacy-token-tracking-controller",
  "start-service-ip-repair-controllers",
  "rbac/bootstrap-roles",
  "scheduling/bootstrap-system-priority-classes",
  "priority-and-fairness-config-producer",
  "bootstrap-controller",
  "start-kubernetes-service-cidr-controller",
  "start-kube-aggregator-informers",
  "apiservice-status-local-available-controller",
  "apiservice-status-remote-available-controller",
  "apiservice-registration-controller",
  "apiservice-wait-for-first-sync",
  "apiservice-discovery-controller",
  "kube-apiserver-autoregistration",
].map((name) => `poststarthook/${name}`);

const lastChecks: readonly string[] = [
  ...hooks,
  "autoregister-completion",
  "poststarthook/apiservice-openapi-controller",
  "poststarthook/apiservice-openapiv3-controller",
];

/** The checks of each endpoint, in the order in which they are told. */
export const healthChecks: Readonly<Record<string, readonly string[]>> = {
  healthz: ["ping", "log", "etcd", ...lastChecks],
  livez: ["ping", "log", "etcd", ...lastChecks],
  readyz: ["ping", "log", "informer-sync", ...lastChecks, "shutdown"],
};

/** Builds differ in whether readyz tells of these while they are well; it fails with them in all. */
const toldWhenFailing: Readonly<Record<string, readonly string[]>> = {
  readyz: ["etcd", "etcd-readiness"],
};

/** Why a check fails at this moment; undefined if it does not. */
export type CheckFailure = (check: string) => string | undefined;

/** @returns undefined for a path that is none of the health endpoints */
export function healthAnswer(
  path: string,
  query: URLSearchParams,
  failureOf: CheckFailure,
): HttpResponse | undefined {
  const [, endpoint = "", ...rest] = path.split("/");
  const usual = healthChecks[endpoint];
  if (!usual || !Object.hasOwn(healthChecks, endpoint)) return undefined;
  const [ping = "", log = "", ...others] = usual;
  const failing = (toldWhenFailing[endpoint] ?? []).filter((check) => failureOf(check));
  const checks = [ping, log, ...failing, ...others];
  const one = rest.join("/");
  if (one === "") return allChecks(endpoint, checks, { query, failureOf });
  if (!checks.includes(one)) return undefined;
  const failure = failureOf(one);
  return failure === undefined
    ? textAnswer(200, "ok")
    : textAnswer(500, `internal server error: ${failure}\n`);
}

function allChecks(
  endpoint: string,
  checks: readonly string[],
  { query, failureOf }: { readonly query: URLSearchParams; readonly failureOf: CheckFailure },
): HttpResponse {
  const excluded = new Set(query.getAll("exclude").flatMap((names) => names.split(",")));
  const failed = checks.filter((check) => !excluded.has(check) && failureOf(check));
  const lines = checks.map((check) => {
    if (excluded.has(check)) return `[+]${check} excluded: ok`;
    return failed.includes(check) ? `[-]${check} failed: reason withheld` : `[+]${check} ok`;
  });
  const unknown = [...excluded].filter((name) => name !== "" && !checks.includes(name));
  if (unknown.length > 0)
    lines.push(
      `warn: some health checks cannot be excluded: no matches for ${unknown.map((name) => JSON.stringify(name)).join(",")}`,
    );
  const told = lines.map((line) => `${line}\n`).join("");
  if (failed.length > 0) return textAnswer(500, `${told}${endpoint} check failed\n`);
  return textAnswer(200, query.has("verbose") ? `${told}${endpoint} check passed\n` : "ok");
}
