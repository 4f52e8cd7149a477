// componentstatuses: how the control plane's parts are, asked in the moment of the request.
// Source: pkg/registry/core/componentstatus/rest.go, kubernetes v1.34.
import type { KubeObject } from "../../../api/object.ts";
import { notFoundError } from "../../../api/status.ts";
import type { ComponentStatus } from "../../../api/types.ts";
import type { Call, ReviewHandler, ServerParts } from "../call.ts";
import { makeSelection } from "../selection.ts";

/** Where each part's health is asked, and by which path. */
const parts = [
  { name: "controller-manager", component: "kube-controller-manager", port: 10257 },
  { name: "scheduler", component: "kube-scheduler", port: 10259 },
  { name: "etcd-0", component: "etcd", port: 2379 },
] as const;

export const componentStatuses: ReviewHandler = (call, server) =>
  call.request.verb === "get" ? one(call, server) : list(call, server);

function one({ key: { name } }: Call, server: ServerParts): ComponentStatus {
  const part = parts.find((each) => each.name === name);
  if (!part) throw notFoundError({ group: "", kind: "componentstatus", name });
  return statusOf(part, server);
}

function list({ kind, scope }: Call, server: ServerParts): object {
  const selects = makeSelection(kind, scope.options);
  const items = parts.map((part) => statusOf(part, server));
  return {
    kind: kind.listKind,
    apiVersion: kind.apiVersion,
    metadata: {},
    items: items.filter((item) => selects(item as KubeObject)),
  };
}

function statusOf(part: (typeof parts)[number], server: ServerParts): ComponentStatus {
  const { name } = part;
  const failure = part.component === "etcd" ? server.etcdHealth() : refusalOf(part, server);
  const condition =
    failure === undefined
      ? { type: "Healthy", status: "True", message: "ok" }
      : { type: "Healthy", status: "False", message: failure };
  return {
    kind: "ComponentStatus",
    apiVersion: "v1",
    metadata: { name },
    conditions: [condition],
  };
}

function refusalOf(
  { component, port }: (typeof parts)[number],
  { isRunning }: ServerParts,
): string | undefined {
  if (isRunning(component)) return undefined;
  return `Get "https://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;
}
