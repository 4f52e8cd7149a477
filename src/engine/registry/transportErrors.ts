// What a client finds where kube-apiserver should listen and nobody does, or where no packet gets through:
// not an answer, but an error of its own transport, in client-go's words.
import type { ApiRequest } from "../../api/request.ts";
import { type ApiError, genericError } from "../../api/status.ts";
import { apiServerAddress } from "../network/apiServerAddress.ts";

/** HTTP methods as Go's url.Error writes them. */
const methods: Readonly<Record<ApiRequest["verb"], string>> = {
  get: "Get",
  list: "Get",
  watch: "Get",
  create: "Post",
  update: "Put",
  patch: "Patch",
  delete: "Delete",
  deletecollection: "Delete",
};

export function connectionRefused(request: ApiRequest): ApiError {
  const message = refusalText(methods[request.verb], pathOf(request));
  return genericError(503, "ServiceUnavailable", message);
}

/** For a client that is cut off the network. */
export function connectionTimedOut(request: ApiRequest): ApiError {
  const message = dialText(methods[request.verb], pathOf(request), "i/o timeout");
  return genericError(503, "ServiceUnavailable", message);
}

/** @param method as Go writes it, e.g. "Get" */
export function refusalText(method: string, path: string): string {
  return dialText(method, path, "connect: connection refused");
}

function dialText(method: string, path: string, failure: string): string {
  const url = `https://${apiServerAddress}${path}`;
  return `${method} "${url}": dial tcp ${apiServerAddress}: ${failure}`;
}

function pathOf({ apiVersion, resource, namespace, name, subresource }: ApiRequest): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespace === "" ? "" : `/namespaces/${namespace}`;
  const path = [group + scope, resource, name, subresource].filter((part) => part !== undefined);
  return path.join("/");
}
