// Whom the writes of the cluster's own components are put down to: what they call themselves in their user
// agents. Of requests from outside the edge knows the user agent.
import type { ApiRequest } from "../../api/request.ts";

/** The request with its component's name as the field manager, unless it names one. */
export function fromComponent(userName: string, request: ApiRequest): ApiRequest {
  const fieldManager = componentOf(userName);
  return fieldManager === undefined
    ? request
    : { ...request, options: { fieldManager, ...request.options } };
}

function componentOf(userName: string): string | undefined {
  if (userName.startsWith("system:node:")) return "kubelet";
  if (userName.startsWith("system:serviceaccount:kube-system:")) return "kube-controller-manager";
  return components[userName];
}

const components: Readonly<Record<string, string>> = {
  "system:apiserver": "kube-apiserver",
  "system:kube-controller-manager": "kube-controller-manager",
  "system:kube-scheduler": "kube-scheduler",
};
