// Conversion between the versions of a custom resource by a webhook.
// Source: apiextensions-apiserver pkg/apiserver/conversion/{converter,webhook_converter}.go, kubernetes v1.34.
import type { KubeObject } from "../object.ts";
import type { CustomResourceDefinition, WebhookClientConfig } from "../types.ts";

export interface ConversionWebhook {
  readonly client: WebhookClientConfig;
  /** In the order in which the webhook likes them. */
  readonly reviewVersions: readonly string[];
}

/** Who can have webhooks asked. */
export interface Converter {
  /**
   * The objects in another version; undefined if nobody can be asked on whose behalf they are read.
   * @throws ApiError what went wrong; whatever makes the caller try again once the webhook was asked
   */
  convert(
    webhook: ConversionWebhook,
    objects: readonly KubeObject[],
    apiVersion: string,
  ): readonly KubeObject[] | undefined;
}

/** Undefined if versions differ in their name alone. */
export function conversionWebhookOf({
  spec: { conversion },
}: CustomResourceDefinition): ConversionWebhook | undefined {
  const { strategy, webhook } = conversion ?? {};
  if (strategy !== "Webhook" || !webhook?.clientConfig) return undefined;
  return { client: webhook.clientConfig, reviewVersions: webhook.conversionReviewVersions };
}
