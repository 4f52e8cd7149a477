// ResourceQuota: what a namespace's quotas count must fit into them, and is written down at once, so
// that the next request sees it. Comes last: whatever passes it is charged.
// Source: apiserver pkg/admission/plugin/resourcequota, 1.34.
import { ResourceQuota } from "../../../api/kinds/resourceQuota.ts";
import { type KubeObject, keyOf } from "../../../api/object.ts";
import { checkQuota } from "../../../api/quota/checkQuota.ts";
import type { QuotaChange } from "../../../api/quota/evaluator.ts";
import { evaluatorFor } from "../../../api/quota/evaluators.ts";
import { type Usage, writtenUsage } from "../../../api/quota/usage.ts";
import type { ResourceQuota as ResourceQuotaObject } from "../../../api/types.ts";
import { type AdmissionPlugin, type AdmissionRequest, admissionError } from "./admission.ts";

export const resourceQuota: AdmissionPlugin = {
  name: "ResourceQuota",
  validate(request, { list, now, writeStatus }) {
    const change = changeOf(request);
    const { namespace } = request.key;
    if (!change || namespace === "") return;
    const evaluator = evaluatorFor(request.kind);
    if (!evaluator?.handles(change)) return;
    const charged: [ResourceQuotaObject, Usage][] = [];
    for (const quota of list(ResourceQuota, namespace)) {
      const verdict = checkQuota(quota, evaluator, change, now());
      if (!verdict) continue;
      if ("refusal" in verdict) throw admissionError(request, verdict.refusal);
      charged.push([quota, verdict.used]);
    }
    if (request.options.dryRun) return;
    for (const [quota, used] of charged)
      writeStatus(ResourceQuota, keyOf(quota), { ...quota.status, used: writtenUsage(used) });
  },
};

function changeOf(request: AdmissionRequest): QuotaChange | undefined {
  const { operation, object, old, subresource } = request;
  if ((operation !== "CREATE" && operation !== "UPDATE") || !object) return undefined;
  return {
    operation,
    object: object as KubeObject,
    ...(old ? { old } : {}),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
