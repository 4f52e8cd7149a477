// Calls admission webhooks and reads their answers.
// Source: apiserver pkg/admission/plugin/webhook/mutating/dispatcher.go, kubernetes v1.34.
import {
  admissionReview,
  type ReviewVersion,
  readVerdict,
} from "../../../api/webhooks/admissionReview.ts";
import type {
  CallOutcome,
  WebhookCall,
} from "../../registry/admission/webhooks/webhookDialogue.ts";
import { sendReview, type WebhookCallerWorld } from "./sendReview.ts";

const knownVersions: readonly string[] = ["v1", "v1beta1"];

/** Never rejects for what a webhook does. */
export async function callWebhook(
  call: WebhookCall,
  world: WebhookCallerWorld,
): Promise<CallOutcome> {
  const version = call.reviewVersions.find((each) => knownVersions.includes(each));
  if (version === undefined)
    return {
      failure:
        "could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)",
    };
  const uid = world.uuid();
  const body = JSON.stringify(admissionReview(version as ReviewVersion, uid, call.request));
  const { client, timeoutSeconds } = call;
  const answer = await sendReview({ client, timeoutSeconds, body }, world);
  if ("failure" in answer) return { failure: `failed to call webhook: ${answer.failure}` };
  const { isMutating } = call;
  const verdict = readVerdict(answer.value, { version: version as ReviewVersion, uid, isMutating });
  return typeof verdict === "string"
    ? { failure: `received invalid webhook response: ${verdict}` }
    : { verdict };
}
