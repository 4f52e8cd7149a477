// What webhooks said about one request from outside. The server answers requests in one go and cannot
// wait: where it needs to hear a webhook, it gives up, and is asked again once that has answered. It then
// finds everything as it was: the same instant, the same random numbers, the same answers.

import type { ConversionWebhook } from "../../../../api/crd/conversion.ts";
import type { KubeObject } from "../../../../api/object.ts";
import type { WebhookClientConfig } from "../../../../api/types.ts";
import type { ReviewRequest, Verdict } from "../../../../api/webhooks/admissionReview.ts";
import type { Random } from "../../../../base/random.ts";
import type { Instant } from "../../../../base/time.ts";

/** A call of an admission webhook that has to be made. */
export interface WebhookCall {
  readonly webhook: string;
  readonly client: WebhookClientConfig;
  readonly timeoutSeconds: number;
  readonly reviewVersions: readonly string[];
  readonly isMutating: boolean;
  readonly request: ReviewRequest;
  /** Tells calls of one request apart. */
  readonly key: string;
}

/** A failure's text goes on after `failed calling webhook "x": `. */
export type CallOutcome = { readonly verdict: Verdict } | { readonly failure: string };

/** A call of a conversion webhook that has to be made. */
export interface ConversionCall {
  readonly webhook: ConversionWebhook;
  readonly object: KubeObject;
  /** In which it is wanted. */
  readonly apiVersion: string;
  /** Tells calls of one request apart. */
  readonly key: string;
}

/** A failure is the whole message of the error. */
export type ConversionOutcome = { readonly object: KubeObject } | { readonly failure: string };

/** Thrown where the server has to hear webhooks before it can go on. */
export class CallsNeeded extends Error {
  constructor(
    readonly calls: readonly WebhookCall[],
    readonly conversions: readonly ConversionCall[] = [],
  ) {
    super("webhooks have to be called");
  }
}

export class WebhookDialogue {
  private readonly outcomes = new Map<string, CallOutcome>();
  private readonly conversions = new Map<string, ConversionOutcome>();
  private draws: Random;
  /** Webhooks that were called in this try and want to see what others change after them. */
  readonly reinvocable = new Set<string>();
  /** Those of them that have something new to see. */
  readonly reinvoked = new Set<string>();

  /** @param source what each try draws from, from its beginning */
  constructor(
    readonly now: Instant,
    private readonly source: () => Random,
  ) {
    this.draws = source();
  }

  get random(): Random {
    return this.draws;
  }

  /** Forgets what the last try came to, but for what webhooks said. */
  startTry(): void {
    this.draws = this.source();
    this.reinvocable.clear();
    this.reinvoked.clear();
  }

  outcomeOf({ key }: WebhookCall): CallOutcome | undefined {
    return this.outcomes.get(key);
  }

  record({ key }: WebhookCall, outcome: CallOutcome): void {
    this.outcomes.set(key, outcome);
  }

  conversionOf({ key }: ConversionCall): ConversionOutcome | undefined {
    return this.conversions.get(key);
  }

  recordConversion({ key }: ConversionCall, outcome: ConversionOutcome): void {
    this.conversions.set(key, outcome);
  }
}
