// The webhooks that are to hear of a request, and what follows from their answers.
// Source: apiserver pkg/admission/plugin/webhook/{generic,mutating,validating}, kubernetes v1.34.
import type { Kind, KindRegistry } from "../../../../api/kind.ts";
import type { KubeObject } from "../../../../api/object.ts";
import {
  admissionEnvironment,
  type Condition,
} from "../../../../api/policies/admissionExpressions.ts";
import {
  compileMatchConditions,
  meetsConditions,
} from "../../../../api/policies/matchConditions.ts";
import { activationOf } from "../../../../api/policies/requestInput.ts";
import {
  ApiError,
  badRequestError,
  forbiddenError,
  internalError,
} from "../../../../api/status.ts";
import type { MatchCondition, ValidatingWebhook } from "../../../../api/types.ts";
import {
  denialStatus,
  reviewRequest,
  type Verdict,
} from "../../../../api/webhooks/admissionReview.ts";
import type { Authorizer } from "../../authorizer.ts";
import { accessOracle } from "../accessOracle.ts";
import type { AdmissionContext, AdmissionRequest } from "../admission.ts";
import { requestFacts, seenAs } from "../requestFacts.ts";
import { matchedKind } from "../resourceRules.ts";
import type { CallOutcome, WebhookCall } from "./webhookDialogue.ts";

export interface HookWorld {
  readonly kinds: KindRegistry;
  readonly authorizer: Authorizer;
}

/** A webhook and the configuration that it is part of. */
export interface Hook<T extends ValidatingWebhook = ValidatingWebhook> {
  readonly configuration: string;
  readonly webhook: T;
}

/** The webhooks of all configurations, in the order in which they are called. */
export function hooksOf<T extends ValidatingWebhook>(
  configurations: readonly (KubeObject & { readonly webhooks?: readonly T[] })[],
): readonly Hook<T>[] {
  return configurations.flatMap(({ metadata, webhooks = [] }) =>
    webhooks.map((webhook) => ({ configuration: metadata.name, webhook })),
  );
}

/** The version in which a webhook is to see the request; undefined if it is of no interest to it. */
export function interestOf(
  { webhook }: Hook,
  request: AdmissionRequest,
  { context, world }: { readonly context: AdmissionContext; readonly world: HookWorld },
): Kind | undefined {
  const { rules = [], matchConditions = [], failurePolicy } = webhook;
  if (rules.length === 0) return undefined;
  const { kinds } = world;
  const matched = matchedKind(request, { ...webhook, rules }, { kinds, context });
  if (!matched || matchConditions.length === 0) return matched;
  const facts = requestFacts(request, matched);
  const { object, oldObject } = seenObjects(request, matched);
  const oracle = accessOracle(world.authorizer, request.user);
  const activation = activationOf({ facts, object, oldObject, oracle }, undefined);
  const outcome = meetsConditions(
    compiled(matchConditions),
    activation,
    failurePolicy !== "Ignore",
  );
  if ("error" in outcome) {
    const { kind, key } = request;
    const target = { group: kind.gvk.group, kind: kind.plural, name: key.name };
    throw forbiddenError(target, outcome.error);
  }
  return outcome.matches ? matched : undefined;
}

const programs = new WeakMap<readonly MatchCondition[], readonly Condition[]>();

function compiled(conditions: readonly MatchCondition[]): readonly Condition[] {
  const environment = admissionEnvironment({ hasParams: false, hasAuthorizer: true });
  const known = programs.get(conditions) ?? compileMatchConditions(environment, conditions);
  programs.set(conditions, known);
  return known;
}

function seenObjects(
  request: AdmissionRequest,
  matched: Kind,
): { readonly object: KubeObject | undefined; readonly oldObject: KubeObject | undefined } {
  return {
    object: seenAs(matched, request, request.object as KubeObject | undefined),
    oldObject: seenAs(matched, request, request.old),
  };
}

/** @throws ApiError BadRequest for a rehearsal of what the webhook would really do */
export function callFor(
  { configuration, webhook }: Hook,
  request: AdmissionRequest,
  matched: Kind,
  isMutating: boolean,
): WebhookCall {
  const { name, clientConfig, timeoutSeconds = 10, sideEffects } = webhook;
  if (request.options.dryRun && sideEffects !== "None" && sideEffects !== "NoneOnDryRun")
    throw badRequestError(`admission webhook ${JSON.stringify(name)} does not support dry run`);
  const { object, oldObject } = seenObjects(request, matched);
  const review = reviewRequest(requestFacts(request, matched), object, oldObject);
  return {
    webhook: name,
    client: clientConfig,
    timeoutSeconds,
    reviewVersions: webhook.admissionReviewVersions,
    isMutating,
    // The object goes on changing while webhooks are asked.
    request: JSON.parse(JSON.stringify(review)),
    key: JSON.stringify([isMutating, configuration, name, review]),
  };
}

/**
 * What a webhook has to say; undefined if it could not be asked and that does not matter.
 * @throws ApiError the refusal
 */
export function verdictOf(
  { webhook }: Hook,
  outcome: CallOutcome,
  warnings: string[],
): Verdict | undefined {
  if ("failure" in outcome) {
    if (webhook.failurePolicy === "Ignore") return undefined;
    throw internalError(
      `failed calling webhook ${JSON.stringify(webhook.name)}: ${outcome.failure}`,
    );
  }
  const { verdict } = outcome;
  warnings.push(...verdict.warnings);
  if (!verdict.allowed) throw new ApiError(denialStatus(webhook.name, verdict.result));
  return verdict;
}
