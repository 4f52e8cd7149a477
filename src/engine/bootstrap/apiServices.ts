// The APIServices of what kube-apiserver serves by itself.
// Source: pkg/controlplane/apiserver/aggregator.go apiServicesToRegister, 1.34.
import { priorityOf } from "../../api/groupPriorities.ts";
import { APIService } from "../../api/kinds/apiService.ts";
import { builtInKinds } from "../../api/kinds/index.ts";
import type { APIService as APIServiceObject } from "../../api/types.ts";
import type { LocalClient } from "../localClient.ts";
import { ensure } from "./ensure.ts";

/** Says that the server made an APIService, and whether it comes and goes with what it is for. */
export const automanaged = "kube-aggregator.kubernetes.io/automanaged";

export function ensureApiServices(client: LocalClient): void {
  const served = new Map(builtInKinds.map(({ apiVersion, gvk }) => [apiVersion, gvk]));
  // The aggregator does not register itself.
  for (const { group, version } of served.values())
    if (group !== APIService.gvk.group)
      ensure(client, APIService, localApiService(group, version, "onstart"));
}

export function localApiService(
  group: string,
  version: string,
  managed: "onstart" | "true",
): APIServiceObject {
  return {
    apiVersion: APIService.apiVersion,
    kind: APIService.gvk.kind,
    metadata: { name: `${version}.${group}`, labels: { [automanaged]: managed } },
    spec: { ...(group === "" ? {} : { group }), version, ...priorityOf(group, version) },
  };
}
