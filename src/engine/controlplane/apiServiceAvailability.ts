// remote_available_controller: whether the Service behind an APIService could answer. No program of the
// simulated cluster serves an API, so that looking for it there always fails.
// Source: kube-aggregator pkg/controllers/status/remote/remote_available_controller.go, 1.34.
import { APIService } from "../../api/kinds/apiService.ts";
import { EndpointSlice } from "../../api/kinds/endpointSlice.ts";
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

const serviceLabel = "kubernetes.io/service-name";

export const apiServiceAvailability: ControllerFactory = () => ({
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
    const [reason, message] = problemOf(api, remote, context);
    const conditions = api.status?.conditions ?? [];
    const present = conditions.find(({ type }) => type === "Available");
    if (present?.reason === reason && present.message === message) return undefined;
    const lastTransitionTime =
      (present?.status === "False" && present.lastTransitionTime) || formatTime(context.now());
    const condition = { type: "Available", status: "False", lastTransitionTime, reason, message };
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
