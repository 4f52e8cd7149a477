// The admission plugins that fill in a new Pod: its priority, and how long it stays on a dead node.

import { admitPriority } from "../../../api/kinds/pod/admitPriority.ts";
import { addDefaultTolerations } from "../../../api/kinds/pod/defaultTolerations.ts";
import { PriorityClass } from "../../../api/kinds/priorityClass.ts";
import type { Pod } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { type AdmissionPlugin, type AdmissionRequest, admissionError } from "./admission.ts";

export const priority: AdmissionPlugin = {
  name: "Priority",
  admit(request, { list }) {
    const pod = newPod(request);
    const refusal = pod && admitPriority(pod, list(PriorityClass));
    if (refusal !== undefined) throw admissionError(request, refusal);
  },
};

export const defaultTolerationSeconds: AdmissionPlugin = {
  name: "DefaultTolerationSeconds",
  admit(request) {
    const pod = newPod(request);
    if (pod) addDefaultTolerations(pod);
  },
};

function newPod({
  operation,
  kind,
  object,
  subresource,
}: AdmissionRequest): Draft<Pod> | undefined {
  const concerned = operation === "CREATE" && kind.resource === "pods" && subresource === undefined;
  return concerned ? (object as Draft<Pod>) : undefined;
}
