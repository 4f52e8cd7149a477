// The admission chain, in kube-apiserver's order. Source: pkg/kubeapiserver/options/plugins.go
// AllOrderedPlugins, 1.34.
import type { Authorization } from "../authorization/kubeAuthorizer.ts";
import { serviceAddresses } from "../serviceAddresses.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { limitRanger } from "./limitRanger.ts";
import { namespaceLifecycle } from "./namespaceLifecycle.ts";
import { defaultTolerationSeconds, priority } from "./podDefaults.ts";
import { podSecurity } from "./podSecurity.ts";
import { rbacEscalation } from "./rbacEscalation.ts";
import { resourceQuota } from "./resourceQuota.ts";
import { serviceAccount } from "./serviceAccount.ts";

export function admissionChain({
  authorizer,
  resolver,
}: Authorization): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle,
    limitRanger,
    serviceAccount,
    podSecurity,
    priority,
    defaultTolerationSeconds,
    // No plugins of kube-apiserver's, but what its storage does at this point.
    serviceAddresses,
    rbacEscalation(authorizer, resolver),
    resourceQuota,
  ];
}
