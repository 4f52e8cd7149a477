// What kube-apiserver counts of the requests that come in over HTTP.
// Source: apiserver pkg/endpoints/metrics/metrics.go, 1.34.
import { type Millis, second } from "../../../base/time.ts";
import type { RequestInfo } from "../requestInfo.ts";
import type { Labels, MetricFamily, MetricSample } from "./prometheus.ts";

/** Upper bounds in seconds. */
const latencyBuckets: readonly number[] = [
  ...[0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30],
  ...[45, 60],
];

/** A request that has been answered. */
export interface AnsweredRequest {
  readonly info: RequestInfo;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly code: number;
  readonly tookMs: Millis;
}

interface Latency {
  readonly labels: Labels;
  readonly counts: number[];
  sum: number;
  total: number;
}

const mutating: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

export class RequestMetrics {
  private readonly totals = new Map<string, { readonly labels: Labels; value: number }>();
  private readonly latencies = new Map<string, Latency>();
  private readonly inFlight = { mutating: 0, readOnly: 0 };
  private readonly longRunning = new Map<string, { readonly labels: Labels; value: number }>();

  /** Call the result once the request is answered. */
  begin(method: string): () => void {
    const kind = mutating.has(method) ? "mutating" : "readOnly";
    this.inFlight[kind]++;
    return () => {
      this.inFlight[kind]--;
    };
  }

  answered(request: AnsweredRequest): void {
    const { code, tookMs } = request;
    const labels = labelsOf(request);
    const total = entry(this.totals, { code: String(code), ...labels }, (own) => ({
      labels: own,
      value: 0,
    }));
    total.value++;
    if (labels.verb === "WATCH" || labels.verb === "CONNECT") return;
    const latency = entry(this.latencies, labels, (own) => ({
      labels: own,
      counts: latencyBuckets.map(() => 0),
      sum: 0,
      total: 0,
    }));
    const seconds = tookMs / second;
    latency.sum += seconds;
    latency.total++;
    const bucket = latencyBuckets.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) latency.counts[bucket] = (latency.counts[bucket] ?? 0) + 1;
  }

  /** A stream has begun; call the result once it has ended. */
  streaming(request: AnsweredRequest): () => void {
    const { dry_run: _, ...labels } = labelsOf(request);
    const gauge = entry(this.longRunning, labels, (own) => ({ labels: own, value: 0 }));
    gauge.value++;
    return () => {
      gauge.value--;
    };
  }

  families(): readonly MetricFamily[] {
    return [
      {
        name: "apiserver_request_total",
        help: "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.",
        type: "counter",
        samples: [...this.totals.values()],
      },
      {
        name: "apiserver_request_duration_seconds",
        help: "[STABLE] Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.",
        type: "histogram",
        samples: [...this.latencies.values()].flatMap(latencySamples),
      },
      {
        name: "apiserver_current_inflight_requests",
        help: "[STABLE] Maximal number of currently used inflight request limit of this apiserver per request kind in last second.",
        type: "gauge",
        samples: Object.entries(this.inFlight).map(([kind, value]) => ({
          labels: { request_kind: kind },
          value,
        })),
      },
      {
        name: "apiserver_longrunning_requests",
        help: "[STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.",
        type: "gauge",
        samples: [...this.longRunning.values()],
      },
    ];
  }
}

/** In the order of the alphabet, as Prometheus writes them. */
function labelsOf({ info, method, query, contentType }: AnsweredRequest) {
  const dryRun = [...new Set(query.getAll("dryRun"))].sort().join(",");
  const common = { component: "apiserver", dry_run: dryRun };
  if (!info.isResource)
    return {
      ...common,
      group: "",
      resource: "",
      scope: "",
      subresource: info.path,
      verb: method,
      version: "",
    };
  const slash = info.apiVersion.indexOf("/");
  return {
    ...common,
    group: slash < 0 ? "" : info.apiVersion.slice(0, slash),
    resource: info.resource,
    scope: info.name ? "resource" : info.namespace ? "namespace" : "cluster",
    subresource: info.subresource ?? "",
    verb: verbOf(info.verb, method, contentType),
    version: info.apiVersion.slice(slash + 1),
  };
}

const connecting: ReadonlySet<string> = new Set(["attach", "exec", "portforward", "proxy"]);

/** Source: CanonicalVerb and cleanVerb. */
function verbOf(verb: string, method: string, contentType: string): string {
  if (connecting.has(verb)) return "CONNECT";
  switch (verb) {
    case "create":
      return "POST";
    case "update":
      return "PUT";
    case "patch":
      return contentType.startsWith("application/apply-patch") ? "APPLY" : "PATCH";
    case "":
      return method;
    default:
      return verb.toUpperCase();
  }
}

function latencySamples({ labels, counts, sum, total }: Latency): readonly MetricSample[] {
  let below = 0;
  const buckets = latencyBuckets.map((bound, i) => {
    below += counts[i] ?? 0;
    return { suffix: "_bucket", labels: { ...labels, le: String(bound) }, value: below };
  });
  return [
    ...buckets,
    { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: total },
    { suffix: "_sum", labels, value: sum },
    { suffix: "_count", labels, value: total },
  ];
}

function entry<Value>(
  entries: Map<string, Value>,
  labels: Labels,
  make: (labels: Labels) => Value,
): Value {
  const key = JSON.stringify(Object.values(labels));
  const known = entries.get(key);
  if (known) return known;
  const made = make(labels);
  entries.set(key, made);
  return made;
}
