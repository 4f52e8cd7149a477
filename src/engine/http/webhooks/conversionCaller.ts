// Calls conversion webhooks and reads their answers.
// Source: apiextensions-apiserver pkg/apiserver/conversion/webhook_converter.go, kubernetes v1.34.
import { kindText } from "../../../api/patch/serverSideApply.ts";
import {
  type ConversionReviewVersion,
  conversionReview,
  readConversion,
} from "../../../api/webhooks/conversionReview.ts";
import type {
  ConversionCall,
  ConversionOutcome,
} from "../../registry/admission/webhooks/webhookDialogue.ts";
import { sendReview, type WebhookCallerWorld } from "./sendReview.ts";

const knownVersions: readonly string[] = ["v1", "v1beta1"];
/** Source: client-go's default for webhooks without a timeout of their own, pkg/util/webhook/client.go. */
const timeoutSeconds = 30;

/** Never rejects for what a webhook does. */
export async function callConversion(
  { webhook, object, apiVersion }: ConversionCall,
  world: WebhookCallerWorld,
): Promise<ConversionOutcome> {
  const version = webhook.reviewVersions.find((each) => knownVersions.includes(each));
  if (version === undefined) return { failure: "no supported conversion review versions" };
  const request = {
    version: version as ConversionReviewVersion,
    uid: world.uuid(),
    object,
    apiVersion,
  };
  const body = JSON.stringify(conversionReview(request));
  const sent = await sendReview({ client: webhook.client, body, timeoutSeconds }, world);
  const subject = `conversion webhook for ${kindText(object)}`;
  if ("failure" in sent) return { failure: `${subject} failed: ${sent.failure}` };
  const converted = readConversion(sent.value, request);
  return typeof converted === "string"
    ? { failure: `${subject} ${converted}` }
    : { object: converted };
}
