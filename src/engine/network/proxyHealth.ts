// The servers that a running kube-proxy has on its machine: for its own health, and for load balancers that
// ask which nodes have endpoints of a Service.
// Source: pkg/proxy/healthcheck/{proxy_health,service_health}.go, kubernetes v1.34.
import type { Service } from "../../api/types.ts";
import { formatTime, type Instant } from "../../base/time.ts";
import { utf8Bytes } from "../../base/utf8.ts";
import type { HttpResponse } from "./http1.ts";
import type { KubeProxy } from "./proxy.ts";

/** KubeProxyConfiguration healthzBindAddress. */
const ownHealthPort = 10_256;

/** What kube-proxy answers at a port of its machine; undefined if it does not listen there. */
export function proxyHealthAnswer(
  proxy: KubeProxy,
  port: number,
  { services, now }: { readonly services: readonly Service[]; readonly now: Instant },
): HttpResponse | undefined {
  if (!proxy.isRunning) return undefined;
  if (port === ownHealthPort) {
    const time = formatTime(now);
    const body = `{"lastUpdated": "${time}","currentTime": "${time}", "nodeEligible": true}`;
    return answer(200, body, []);
  }
  const service = services.find(({ spec }) => spec.healthCheckNodePort === port);
  if (!service) return undefined;
  const { namespace = "", name } = service.metadata;
  const count = proxy.localEndpoints(service);
  const lines = [
    "{",
    '\t"service": {',
    `\t\t"namespace": ${JSON.stringify(namespace)},`,
    `\t\t"name": ${JSON.stringify(name)}`,
    "\t},",
    `\t"localEndpoints": ${count},`,
    '\t"serviceProxyHealthy": true',
    "}",
  ];
  const weight = ["X-Load-Balancing-Endpoint-Weight", String(count)] as const;
  return answer(count > 0 ? 200 : 503, lines.join("\n"), [weight]);
}

function answer(
  status: number,
  body: string,
  more: readonly (readonly [string, string])[],
): HttpResponse {
  const headers = [
    ["Content-Type", "application/json"],
    ["X-Content-Type-Options", "nosniff"],
    ...more,
  ] as const;
  return { status, headers, body: utf8Bytes(body) };
}
