// What webhooks and admission policies leave out.
// Source: pkg/apis/admissionregistration/v1/defaults.go, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import type { MatchResources, RuleWithOperations, ValidatingWebhook } from "../../types.ts";

export function setWebhookDefaults(webhook: Draft<ValidatingWebhook>): void {
  webhook.failurePolicy ??= "Fail";
  webhook.matchPolicy ??= "Equivalent";
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= 10;
  if (webhook.clientConfig?.service) webhook.clientConfig.service.port ??= 443;
  setRuleDefaults(webhook.rules);
}

export function setMatchDefaults(resources: Draft<MatchResources> | undefined): void {
  if (!resources) return;
  resources.matchPolicy ??= "Equivalent";
  resources.namespaceSelector ??= {};
  resources.objectSelector ??= {};
  setRuleDefaults(resources.resourceRules);
  setRuleDefaults(resources.excludeResourceRules);
}

function setRuleDefaults(rules: readonly Draft<RuleWithOperations>[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= "*";
}
