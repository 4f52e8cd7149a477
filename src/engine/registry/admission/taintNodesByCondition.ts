// TaintNodesByCondition: a new node takes no Pods before it has said that it is ready.
// Source: plugin/pkg/admission/nodetaint, 1.34.
import { Node } from "../../../api/kinds/node.ts";
import type { Node as NodeObject } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import type { AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";

const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" } as const;

export const taintNodesByCondition: AdmissionPlugin = {
  name: "TaintNodesByCondition",
  admit(request) {
    if (!isWriteOf(Node, request, "CREATE")) return;
    const node = request.object as Draft<NodeObject>;
    const taints = node.spec?.taints ?? [];
    const isTainted = taints.some(
      ({ key, effect }) => key === notReady.key && effect === notReady.effect,
    );
    if (!isTainted) node.spec = { ...node.spec, taints: [...taints, { ...notReady }] };
  },
};
