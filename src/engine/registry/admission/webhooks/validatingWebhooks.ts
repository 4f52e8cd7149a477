// ValidatingAdmissionWebhook: webhooks that may refuse a request. All are asked at once.
// Source: apiserver pkg/admission/plugin/webhook/validating/dispatcher.go, kubernetes v1.34.
import { ValidatingWebhookConfiguration } from "../../../../api/kinds/validatingWebhookConfiguration.ts";
import type { AdmissionPlugin } from "../admission.ts";
import { isExempt } from "../resourceRules.ts";
import { CallsNeeded } from "./webhookDialogue.ts";
import { callFor, type HookWorld, hooksOf, interestOf, verdictOf } from "./webhookHooks.ts";

export function validatingWebhooks(world: HookWorld): AdmissionPlugin {
  return {
    name: "ValidatingAdmissionWebhook",
    seesConnections: true,
    validate(request, context) {
      const { webhooks, warnings } = request;
      if (!webhooks || isExempt(request)) return;
      const asked = hooksOf(context.list(ValidatingWebhookConfiguration)).flatMap((hook) => {
        const matched = interestOf(hook, request, { context, world });
        return matched ? [{ hook, call: callFor(hook, request, matched, false) }] : [];
      });
      const unheard = asked.map(({ call }) => call).filter((call) => !webhooks.outcomeOf(call));
      if (unheard.length > 0) throw new CallsNeeded(unheard);
      for (const { hook, call } of asked) {
        const outcome = webhooks.outcomeOf(call);
        if (outcome) verdictOf(hook, outcome, warnings);
      }
    },
  };
}
