// ValidatingWebhookConfiguration: programs that may refuse objects before they are stored.
import { column, defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { ValidatingWebhookConfiguration as ValidatingObject } from "../types.ts";
import { setWebhookDefaults } from "./admissionRegistration/webhookDefaults.ts";
import { validateWebhooks } from "./admissionRegistration/webhooks.ts";
import { ageColumn, nameColumn } from "./columns.ts";

export const ValidatingWebhookConfiguration = defineKind<ValidatingObject>({
  gvk: gvk("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration"),
  plural: "validatingwebhookconfigurations",
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
    for (const webhook of webhooks ?? []) setWebhookDefaults(webhook);
  },
  validate: ({ webhooks }) => validateWebhooks(webhooks ?? []),
  validateUpdate: ({ webhooks }, old) => validateWebhooks(webhooks ?? [], old.webhooks ?? []),
});
