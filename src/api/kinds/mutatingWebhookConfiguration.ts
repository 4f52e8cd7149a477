// MutatingWebhookConfiguration: programs that may change objects before they are stored.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { MutatingWebhookConfiguration as MutatingObject } from "../types.ts";
import { setWebhookDefaults } from "./admissionRegistration/webhookDefaults.ts";
import { validateMutatingWebhooks } from "./admissionRegistration/webhooks.ts";
import { ageColumn, nameColumn } from "./columns.ts";

export const MutatingWebhookConfiguration = defineKind<MutatingObject>({
  gvk: gvk("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration"),
  plural: "mutatingwebhookconfigurations",
  categories: ["api-extensions"],
  namespaced: false,
  checksFinalizerNames: false,
  allowsUnconditionalUpdate: false,
  desiredState: ({ webhooks }) => webhooks,
  columns: [
    nameColumn,
    column("Webhooks", "integer", ({ webhooks }) => webhooks?.length ?? 0, {
      description: "Webhooks indicates the number of webhooks registered in this configuration",
    }),
    ageColumn,
  ],
  setDefaults({ webhooks }) {
    for (const webhook of webhooks ?? []) {
      setWebhookDefaults(webhook);
      webhook.reinvocationPolicy ??= "Never";
    }
  },
  validate: ({ webhooks }) => validateMutatingWebhooks(webhooks ?? []),
  validateUpdate: ({ webhooks }, old) =>
    validateMutatingWebhooks(webhooks ?? [], old.webhooks ?? []),
});
