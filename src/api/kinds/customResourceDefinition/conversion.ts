// How objects get from one version to another. Errors name the fields of the server's internal form.
// Source: validateCustomResourceConversion, apiextensions-apiserver
// pkg/apis/apiextensions/validation/validation.go, kubernetes v1.34.
import { type FieldError, forbidden, invalid, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type {
  CustomResourceConversion,
  CustomResourceDefinitionSpec,
  WebhookConversion,
} from "../../types.ts";
import { check, checkRequiredChoice, each } from "../../validation/fields.ts";
import { dns1035Label } from "../../validation/texts.ts";
import { validateWebhookService, validateWebhookUrl } from "../../validation/webhookAddresses.ts";

const path = FieldPath.of("spec", "conversion");
const clientPath = path.child("webhookClientConfig");
const versionsPath = path.child("conversionReviewVersions");
const reviewVersions = ["v1", "v1beta1"];

export function conversionErrors(
  { conversion }: CustomResourceDefinitionSpec,
  old: CustomResourceDefinitionSpec | undefined,
): FieldError[] {
  if (!conversion) return [];
  const { strategy, webhook } = conversion;
  return [
    ...checkRequiredChoice(strategy, ["None", "Webhook"], path.child("strategy")),
    ...(strategy === "Webhook" ? webhookErrors(webhook, old?.conversion) : strayErrors(webhook)),
  ];
}

function strayErrors(webhook: WebhookConversion | undefined): FieldError[] {
  const words = "should not be set when strategy is not set to Webhook";
  return [
    ...(webhook?.clientConfig ? [forbidden(clientPath, words)] : []),
    ...(webhook?.conversionReviewVersions?.length ? [forbidden(versionsPath, words)] : []),
  ];
}

function webhookErrors(
  webhook: WebhookConversion | undefined,
  old: CustomResourceConversion | undefined,
): FieldError[] {
  const versions = webhook?.conversionReviewVersions ?? [];
  const before = old?.webhook?.conversionReviewVersions;
  return [...clientErrors(webhook), ...reviewVersionErrors(versions, before)];
}

function clientErrors(webhook: WebhookConversion | undefined): FieldError[] {
  const { clientConfig } = webhook ?? {};
  if (!clientConfig) return [required(clientPath, "required when strategy is set to Webhook")];
  const { url, service } = clientConfig;
  if ((url === undefined) === (service === undefined))
    return [required(clientPath, "exactly one of url or service is required")];
  return service
    ? validateWebhookService(service, clientPath.child("service"))
    : validateWebhookUrl(url ?? "", clientPath.child("url"));
}

/** Versions that nobody knows are let alone if they were there before. */
function reviewVersionErrors(
  versions: readonly string[],
  before: readonly string[] | undefined,
): FieldError[] {
  if (versions.length === 0) return [required(versionsPath)];
  const isKnown = (version: string) => reviewVersions.includes(version);
  const mustBeKnown = before === undefined || before.length === 0 || before.some(isKnown);
  return [
    ...each(versions, versionsPath, (version, at, i) =>
      versions.indexOf(version) < i
        ? [invalid(at, version, "duplicate version")]
        : check(dns1035Label, version, at),
    ),
    ...(mustBeKnown && !versions.some(isKnown)
      ? [
          invalid(
            versionsPath,
            versions,
            `must include at least one of ${reviewVersions.join(", ")}`,
          ),
        ]
      : []),
  ];
}
