// The admission chain, in kube-apiserver's order. Source: pkg/kubeapiserver/options/plugins.go
// AllOrderedPlugins, 1.34.
import type { KindRegistry } from "../../../api/kind.ts";
import type { Authorization } from "../authorization/kubeAuthorizer.ts";
import { serviceAddresses } from "../serviceAddresses.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { certificateApproval } from "./certificateApproval.ts";
import { certificateSigning } from "./certificateSigning.ts";
import { certificateSubjectRestriction } from "./certificateSubjectRestriction.ts";
import { defaultIngressClass } from "./defaultIngressClass.ts";
import { defaultStorageClass } from "./defaultStorageClass.ts";
import { defaultTolerationSeconds } from "./defaultTolerationSeconds.ts";
import { limitRanger } from "./limitRanger.ts";
import { namespaceLifecycle } from "./namespaceLifecycle.ts";
import { nodeRestriction } from "./nodeRestriction.ts";
import { persistentVolumeClaimResize } from "./persistentVolumeClaimResize.ts";
import { podSecurity } from "./podSecurity.ts";
import { priority } from "./priority.ts";
import { rbacEscalation } from "./rbacEscalation.ts";
import { resourceQuota } from "./resourceQuota.ts";
import { runtimeClass } from "./runtimeClass.ts";
import { serviceAccount } from "./serviceAccount.ts";
import { storageObjectInUseProtection } from "./storageObjectInUseProtection.ts";
import { taintNodesByCondition } from "./taintNodesByCondition.ts";
import { validatingAdmissionPolicy } from "./validatingAdmissionPolicy.ts";
import { mutatingWebhooks } from "./webhooks/mutatingWebhooks.ts";
import { validatingWebhooks } from "./webhooks/validatingWebhooks.ts";

export function admissionChain(
  { authorizer, resolver }: Authorization,
  kinds: KindRegistry,
): readonly AdmissionPlugin[] {
  return [
    namespaceLifecycle,
    limitRanger,
    serviceAccount,
    nodeRestriction,
    taintNodesByCondition,
    podSecurity,
    priority,
    defaultTolerationSeconds,
    defaultStorageClass,
    storageObjectInUseProtection,
    persistentVolumeClaimResize,
    runtimeClass,
    certificateApproval(authorizer),
    certificateSigning(authorizer),
    certificateSubjectRestriction,
    defaultIngressClass,
    // No plugins of kube-apiserver's, but what its storage does at this point.
    serviceAddresses,
    rbacEscalation(authorizer, resolver),
    mutatingWebhooks({ authorizer, kinds }),
    validatingAdmissionPolicy(authorizer, kinds),
    validatingWebhooks({ authorizer, kinds }),
    resourceQuota,
  ];
}
