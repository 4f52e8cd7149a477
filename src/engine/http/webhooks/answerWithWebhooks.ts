// Answers a request that webhooks may have to hear of: the server is asked again as long as it needs to
// know what a webhook says.
import type { ApiRequest, ApiResponse } from "../../../api/request.ts";
import { internalError } from "../../../api/status.ts";
import type { UserInfo } from "../../../api/user.ts";
import type { Millis } from "../../../base/time.ts";
import {
  CallsNeeded,
  type WebhookDialogue,
} from "../../registry/admission/webhooks/webhookDialogue.ts";
import type { ApiServer } from "../../registry/apiServer.ts";
import { callConversion } from "./conversionCaller.ts";
import type { WebhookCallerWorld } from "./sendReview.ts";
import { callWebhook } from "./webhookCaller.ts";

/** A cluster that changes faster than webhooks answer must not keep a request forever. */
const mostTries = 100;
const reads: ReadonlySet<ApiRequest["verb"]> = new Set(["get", "list", "watch"]);

export interface AskedRequest {
  readonly user: UserInfo;
  readonly request: ApiRequest;
  /** It is about a kind whose objects a webhook converts. */
  readonly isAsked: boolean;
  /** How long ago it arrived, by the wall's clock. */
  elapsedMs(): Millis;
}

export async function answerWithWebhooks(
  { user, request, isAsked, elapsedMs }: AskedRequest,
  apiServer: ApiServer,
  world: WebhookCallerWorld,
): Promise<ApiResponse> {
  if (reads.has(request.verb) && !isAsked) return apiServer.handle(user, request, { elapsedMs });
  return hearingWebhooks(apiServer, world, (dialogue) =>
    apiServer.handle(user, request, { dialogue, elapsedMs }),
  );
}

/** Tries until every webhook that the try needs to hear has been heard. */
export async function hearingWebhooks<T>(
  apiServer: ApiServer,
  world: WebhookCallerWorld,
  attempt: (dialogue: WebhookDialogue) => T,
): Promise<T> {
  const dialogue = apiServer.openDialogue();
  for (let tries = 0; tries < mostTries; tries++)
    try {
      return attempt(dialogue);
    } catch (error) {
      if (!(error instanceof CallsNeeded)) throw error;
      const outcomes = error.calls.map(async (call) => {
        dialogue.record(call, await callWebhook(call, world));
      });
      const conversions = error.conversions.map(async (call) => {
        dialogue.recordConversion(call, await callConversion(call, world));
      });
      await Promise.all([...outcomes, ...conversions]);
    }
  throw internalError("webhooks do not come to an end");
}
