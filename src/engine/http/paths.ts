// Paths that are not about a resource: discovery, health, version, metrics, and the list of them all.
// Source: apiserver pkg/server/routes and pkg/server/mux, 1.34.

import type { ComponentStatuses } from "../../api/clusterStatus.ts";
import type { KindRegistry } from "../../api/kind.ts";
import type { Documentation } from "../../api/openapi/documentation.ts";
import type { Instant } from "../../base/time.ts";
import type { ApiServer } from "../registry/apiServer.ts";
import { pageNotFound, rawJsonAnswer } from "./answers.ts";
import { Discovery } from "./discovery.ts";
import { discoveryAnswer } from "./discoveryAnswer.ts";
import type { HttpRequest, HttpResponse } from "./exchange.ts";
import { healthAnswer, healthChecks } from "./health.ts";
import { clusterMetrics } from "./metrics/clusterMetrics.ts";
import { type MetricFamily, prometheusText, prometheusType } from "./metrics/prometheus.ts";
import type { RequestMetrics } from "./metrics/requestMetrics.ts";
import { OpenApi } from "./openapi.ts";
import { openapiAnswer } from "./openapiAnswer.ts";
import { openIdAnswer } from "./openIdAnswer.ts";
import { version } from "./version.ts";

export interface PathsWorld {
  readonly kinds: KindRegistry;
  readonly documentation: Documentation;
  /** The SHA-512 of a text in upper-case hexadecimal digits. */
  digest(text: string): string;
  /** The wall's clock. */
  wallNow(): Instant;
  readonly apiServer: Pick<ApiServer, "tokens" | "etcdHealth" | "registry">;
  /** How the components are doing. */
  status(): ComponentStatuses;
}

export class Paths {
  private readonly discovery: Discovery;
  private readonly openApi: OpenApi;

  constructor(
    private readonly world: PathsWorld,
    private readonly requests: RequestMetrics,
  ) {
    const { kinds, documentation, digest } = world;
    this.discovery = new Discovery(kinds);
    this.openApi = new OpenApi({ kinds, documentation, digest, version: version.gitVersion });
  }

  answer(request: HttpRequest, path: string, query: URLSearchParams): HttpResponse {
    const found =
      discoveryAnswer(path, request, this.discovery) ??
      openapiAnswer(path, request, { openApi: this.openApi, now: this.world.wallNow }) ??
      healthAnswer(path, query, (check) => this.failureOf(check));
    if (found) return found;
    const metadata = openIdAnswer(path, this.world.apiServer.tokens);
    if (metadata) return metadata;
    switch (path) {
      case "/":
        return rawJsonAnswer({ paths: this.all() });
      case "/version":
      case "/version/":
        return rawJsonAnswer(version);
      case "/metrics":
        return {
          status: 200,
          headers: { "Content-Type": prometheusType },
          body: prometheusText([...this.requests.families(), ...this.clusterFamilies()]),
        };
      default:
        return pageNotFound;
    }
  }

  private clusterFamilies(): readonly MetricFamily[] {
    const { kinds, apiServer, status } = this.world;
    const stored = [...kinds]
      .filter((kind) => !kind.storedAs && !kind.unstored && kind.verbs.includes("create"))
      .map((kind) => {
        const { resource, plural, gvk } = kind;
        return { resource, plural, group: gvk.group, count: apiServer.registry.list(kind).length };
      });
    return clusterMetrics(status(), stored);
  }

  private failureOf(check: string): string | undefined {
    const isEtcds = check === "etcd" || check === "etcd-readiness";
    return isEtcds ? this.world.apiServer.etcdHealth() : undefined;
  }

  /** Every path, as the root tells them. */
  private all(): readonly string[] {
    const groupVersions = this.discovery.groupVersions().filter((each) => each.includes("/"));
    const health = Object.entries(healthChecks).flatMap(([endpoint, checks]) => [
      `/${endpoint}`,
      ...checks.map((check) => `/${endpoint}/${check}`),
    ]);
    const groups = groupVersions.map((each) => each.slice(0, each.indexOf("/")));
    const paths = [
      ...["/api", "/api/v1", "/apis", "/apis/", "/metrics", "/openapi/v2", "/openapi/v3"],
      ...["/.well-known/openid-configuration", "/openapi/v3/", "/openid/v1/jwks", "/version"],
      ...["/metrics/slis", ...health],
      ...[...groups, ...groupVersions].map((each) => `/apis/${each}`),
    ];
    return [...new Set(paths)].sort();
  }
}
