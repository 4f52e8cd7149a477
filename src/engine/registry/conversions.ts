// Has conversion webhooks asked on behalf of the request that is tried now.
import type { ConversionWebhook, Converter } from "../../api/crd/conversion.ts";
import type { KubeObject } from "../../api/object.ts";
import { unknownError } from "../../api/status.ts";
import {
  CallsNeeded,
  type ConversionCall,
  type WebhookDialogue,
} from "./admission/webhooks/webhookDialogue.ts";

export class Conversions implements Converter {
  constructor(private readonly dialogue: () => WebhookDialogue | undefined) {}

  /** Components inside cannot wait for an answer: to them versions differ in their name alone. */
  convert(
    webhook: ConversionWebhook,
    objects: readonly KubeObject[],
    apiVersion: string,
  ): readonly KubeObject[] | undefined {
    const dialogue = this.dialogue();
    if (!dialogue) return undefined;
    const calls = objects.map((object): ConversionCall => {
      const key = JSON.stringify([apiVersion, object]);
      return { webhook, object, apiVersion, key };
    });
    const unheard = calls.filter((call) => !dialogue.conversionOf(call));
    if (unheard.length > 0) throw new CallsNeeded([], unheard);
    return calls.flatMap((call) => {
      const outcome = dialogue.conversionOf(call);
      if (!outcome) return [];
      if ("failure" in outcome) throw unknownError(outcome.failure);
      return [outcome.object];
    });
  }
}
