// validatingadmissionpolicy-status-controller: tells the author of a policy what its expressions get
// wrong. Source: pkg/controller/validatingadmissionpolicystatus, kubernetes v1.34.
import type { Kind } from "../../api/kind.ts";
import { ValidatingAdmissionPolicy } from "../../api/kinds/validatingAdmissionPolicy.ts";
import { keyOf } from "../../api/object.ts";
import { typeCheck } from "../../api/policies/typeCheck.ts";
import { type ControllerFactory, trigger } from "./controller.ts";

/** @param kinds all that policies may be for */
export function validatingAdmissionPolicyStatus(kinds: Iterable<Kind>): ControllerFactory {
  return () => ({
    name: "validatingadmissionpolicy-status-controller",
    triggers: [trigger(ValidatingAdmissionPolicy, ({ now }) => (now ? [keyOf(now)] : []))],
    reconcile(key, { cache, client }) {
      const policy = cache(ValidatingAdmissionPolicy).get(key);
      if (!policy) return undefined;
      const { generation = 0 } = policy.metadata;
      if (generation <= (policy.status?.observedGeneration ?? 0)) return undefined;
      const warnings = typeCheck(policy.spec, kinds);
      const typeChecking = warnings.length === 0 ? {} : { expressionWarnings: warnings };
      client.updateStatus(ValidatingAdmissionPolicy, {
        ...policy,
        status: { ...policy.status, observedGeneration: generation, typeChecking },
      });
      return undefined;
    },
  });
}
