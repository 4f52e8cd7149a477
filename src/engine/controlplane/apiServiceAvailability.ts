// remote_available_controller: whether the Service behind an APIService could answer. No program of the
// simulated cluster serves an API, so that looking for it there fails but for the API of metrics-server,
// which is answered in its place.
// Source: kube-aggregator pkg/controllers/status/remote/remote_available_controller.go, 1.34.
import type { KindRegistry } from "../../api/kind.ts";
import { APIService } from "../../api/kinds/apiService.ts";
import { EndpointSlice } from "../../api/kinds/endpointSlice.ts";
import { NodeMetrics } from "../../api/kinds/metrics/kinds.ts";
import { Service } from "../../api/kinds/service.ts";
import { keyOf, type ObjectKey } from "../../api/object.ts";
import type {
  APIService as APIServiceObject,
  EndpointSlice as EndpointSliceObject,
  Service as ServiceObject,
} from "../../api/types.ts";
import { formatTime } from "../../base/time.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  trigger,
} from "../controllers/controller.ts";

type Remote = NonNullable<APIServiceObject["spec"]["service"]>;

/** Why an API is not available: the reason and message of its condition. */
type Problem = readonly [reason: string, message: string];

const passed = { status: "True", reason: "Passed", message: "all checks passed" };
const serviceLabel = "kubernetes.io/service-name";

export const apiServiceAvailability =
  (kinds: KindRegistry): ControllerFactory =>
  () => ({
    name: "remote_available_controller",
    triggers: [
      trigger(APIService, ({ now }) => (now ? [keyOf(now)] : [])),
      trigger(Service, ({ old, now }, context) => {
        const service = now ?? old;
        return service ? behind(keyOf(service), context) : [];
      }),
      trigger(EndpointSlice, ({ old, now }, context) => {
        const { namespace = "", labels } = (now ?? old)?.metadata ?? {};
        return behind({ namespace, name: labels?.[serviceLabel] ?? "" }, context);
      }),
    ],
    reconcile(key, context) {
      const api = context.cache(APIService).get(key);
      const remote = api?.spec.service;
      if (!remote) return undefined;
      const found = isOfMetrics(api, kinds) ? passed : unavailable(api, remote, context);
      const conditions = api.status?.conditions ?? [];
      const present = conditions.find(({ type }) => type === "Available");
      if (present?.reason === found.reason && present.message === found.message) return undefined;
      const lastTransitionTime =
        (present?.status === found.status && present.lastTransitionTime) ||
        formatTime(context.now());
      const condition = { type: "Available", lastTransitionTime, ...found };
      const others = conditions.filter((other) => other !== present);
      context.client.updateStatus(APIService, {
        ...api,
        status: { conditions: [...others, condition] },
      });
      return undefined;
    },
  });

/** The APIs that a Service stands behind. */
function behind({ namespace, name }: ObjectKey, { cache }: ControllerContext) {
  return cache(APIService)
    .list()
    .filter(({ spec: { service } }) => service?.namespace === namespace && service.name === name)
    .map(keyOf);
}

/** Whether it is the API of metrics-server, where that is installed. */
function isOfMetrics({ spec: { group, version } }: APIServiceObject, kinds: KindRegistry): boolean {
  const { apiVersion, gvk } = NodeMetrics;
  return (
    `${group}/${version}` === apiVersion && kinds.forObject(apiVersion, gvk.kind) !== undefined
  );
}

function unavailable(api: APIServiceObject, remote: Remote, context: ControllerContext) {
  const [reason, message] = problemOf(api, remote, context);
  return { status: "False", reason, message };
}

function problemOf(api: APIServiceObject, remote: Remote, { cache }: ControllerContext): Problem {
  const { namespace = "", name = "", port = 443 } = remote;
  const named = `service/${name} in ${JSON.stringify(namespace)}`;
  const service = cache(Service).get({ namespace, name });
  if (!service) return ["ServiceNotFound", `${named} is not present`];
  const slices = cache(EndpointSlice)
    .list(namespace)
    .filter(({ metadata }) => metadata.labels?.[serviceLabel] === name);
  return (
    (service.spec.type === "ClusterIP"
      ? endpointProblem(service, port, named, slices)
      : undefined) ?? unanswered(api, `${service.spec.clusterIP ?? ""}:${port}`)
  );
}

function endpointProblem(
  { spec }: ServiceObject,
  port: number,
  named: string,
  slices: readonly EndpointSliceObject[],
): Problem | undefined {
  const found = spec.ports?.find((own) => own.port === port);
  if (!found) return ["ServicePortError", `${named} is not listening on port ${port}`];
  if (slices.length === 0) return ["EndpointsNotFound", `cannot find endpointslices for ${named}`];
  const { name = "" } = found;
  const hasEndpoints = slices.some(
    ({ ports, endpoints }) =>
      ports?.some((own) => (own.name ?? "") === name) &&
      endpoints?.some(({ conditions }) => conditions?.ready !== false),
  );
  if (hasEndpoints) return undefined;
  return [
    "MissingEndpoints",
    `endpointslices for ${named} have no addresses with port name ${JSON.stringify(name)}`,
  ];
}

function unanswered({ spec }: APIServiceObject, address: string): Problem {
  const url = `https://${address}/apis/${spec.group}/${spec.version}`;
  return [
    "FailedDiscoveryCheck",
    `failing or missing response from ${url}: Get "${url}": dial tcp ${address}: connect: connection refused`,
  ];
}
