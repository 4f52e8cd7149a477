// crdEstablishing: a definition whose names are accepted is in force.
// Source: apiextensions-apiserver pkg/controller/establish/establishing_controller.go, 1.34.

import {
  isConditionTrue,
  withCondition,
} from "../../api/kinds/customResourceDefinition/conditions.ts";
import { CustomResourceDefinition } from "../../api/kinds/customResourceDefinition.ts";
import { keyOf } from "../../api/object.ts";
import type { CustomResourceDefinition as DefinitionObject } from "../../api/types.ts";
import { type ControllerFactory, trigger } from "../controllers/controller.ts";
import { establishingDelayMs } from "../limits.ts";

export const establishing: ControllerFactory = () => ({
  name: "crdEstablishing",
  triggers: [
    trigger(CustomResourceDefinition, ({ now }, context) => {
      if (now && isWaiting(now)) context.enqueue(keyOf(now), establishingDelayMs);
      return [];
    }),
  ],
  reconcile(key, { cache, client, now }) {
    const crd = cache(CustomResourceDefinition).get(key);
    if (!crd || !isWaiting(crd)) return undefined;
    const established = {
      type: "Established",
      status: "True",
      reason: "InitialNamesAccepted",
      message: "the initial names have been accepted",
    };
    const conditions = withCondition(crd.status?.conditions ?? [], established, now());
    client.updateStatus(CustomResourceDefinition, {
      ...crd,
      status: { ...crd.status, conditions },
    });
    return undefined;
  },
});

function isWaiting(crd: DefinitionObject): boolean {
  return isConditionTrue(crd, "NamesAccepted") && !isConditionTrue(crd, "Established");
}
