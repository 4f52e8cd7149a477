// Admission webhooks. Source: pkg/apis/admissionregistration/validation, kubernetes v1.34.
import { dequal } from "dequal";
import { duplicate, type FieldError, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { MutatingWebhook, ValidatingWebhook, WebhookClientConfig } from "../../types.ts";
import { validateFullyQualifiedName } from "../../validation/domainName.ts";
import { check, checkChoice, each } from "../../validation/fields.ts";
import { validateLabelSelector } from "../../validation/labels.ts";
import { dns1035Label } from "../../validation/texts.ts";
import { validateWebhookService, validateWebhookUrl } from "../../validation/webhookAddresses.ts";
import { validateMatchConditions } from "./matchConditions.ts";
import { matchPolicies, validateRule } from "./rules.ts";

const path = FieldPath.of("webhooks");
const failurePolicies = ["Fail", "Ignore"];
const harmless = ["None", "NoneOnDryRun"];
const sideEffectClasses = ["None", "NoneOnDryRun", "Some", "Unknown"];
const reviewVersions = ["v1", "v1beta1"];
const longestTimeoutSeconds = 30;

/** What an update need not meet, since the object before it did not either. */
interface Tolerance {
  readonly sideEffects: boolean;
  readonly reviewVersions: boolean;
  readonly sameNames: boolean;
  readonly labelValues: boolean;
  readonly matchConditions: boolean;
}

/** @param old of an update, whose faults are not held against the new ones */
export function validateWebhooks(
  webhooks: readonly ValidatingWebhook[],
  old?: readonly ValidatingWebhook[],
): FieldError[] {
  return validateAll(webhooks, old, () => []);
}

export function validateMutatingWebhooks(
  webhooks: readonly MutatingWebhook[],
  old?: readonly MutatingWebhook[],
): FieldError[] {
  return validateAll(webhooks, old, ({ reinvocationPolicy: policy }, at) =>
    policy === undefined
      ? []
      : checkChoice(policy, ["IfNeeded", "Never"], at.child("reinvocationPolicy")),
  );
}

function validateAll<T extends ValidatingWebhook>(
  webhooks: readonly T[],
  old: readonly T[] | undefined,
  validateOwn: (webhook: T, path: FieldPath) => readonly FieldError[],
): FieldError[] {
  const tolerance = toleranceOf(webhooks, old);
  const names = new Set<string>();
  return each(webhooks, path, (webhook, at) => {
    const { name = "", admissionReviewVersions: versions = [] } = webhook;
    const errors = [
      ...validateWebhook(webhook, tolerance, at, validateOwn(webhook, at)),
      ...validateReviewVersions(versions, tolerance, at.child("admissionReviewVersions")),
    ];
    if (name !== "" && names.has(name) && !tolerance.sameNames)
      errors.push(duplicate(at.child("name"), name));
    names.add(name);
    return errors;
  });
}

function toleranceOf(
  webhooks: readonly ValidatingWebhook[],
  old: readonly ValidatingWebhook[] | undefined,
): Tolerance {
  const before = old ?? [];
  const names = before.map(({ name }) => name);
  return {
    sideEffects: before.some(({ sideEffects }) => !harmless.includes(sideEffects)),
    reviewVersions: before.some(
      ({ admissionReviewVersions: versions = [] }) =>
        versions.length > 0 && !versions.some((version) => reviewVersions.includes(version)),
    ),
    sameNames: new Set(names).size < names.length,
    labelValues: before.some((webhook) => validateSelectors(webhook, false, path).length > 0),
    matchConditions:
      old?.length === webhooks.length &&
      webhooks.every(({ matchConditions }, i) =>
        dequal(matchConditions, before[i]?.matchConditions),
      ),
  };
}

function validateWebhook(
  webhook: ValidatingWebhook,
  tolerance: Tolerance,
  at: FieldPath,
  own: readonly FieldError[],
): FieldError[] {
  const { failurePolicy, matchPolicy, timeoutSeconds: timeout } = webhook;
  return [
    ...validateFullyQualifiedName(webhook.name ?? "", at.child("name")),
    ...each(webhook.rules, at.child("rules"), validateRule),
    ...(failurePolicy === undefined
      ? []
      : checkChoice(failurePolicy, failurePolicies, at.child("failurePolicy"))),
    ...(matchPolicy === undefined
      ? []
      : checkChoice(matchPolicy, matchPolicies, at.child("matchPolicy"))),
    ...validateSideEffects(webhook, tolerance, at.child("sideEffects")),
    ...(timeout !== undefined && (timeout < 1 || timeout > longestTimeoutSeconds)
      ? [
          invalid(
            at.child("timeoutSeconds"),
            timeout,
            `the timeout value must be between 1 and ${longestTimeoutSeconds} seconds`,
          ),
        ]
      : []),
    ...validateSelectors(webhook, tolerance.labelValues, at),
    ...own,
    ...validateClientConfig(webhook.clientConfig ?? {}, at.child("clientConfig")),
    ...(tolerance.matchConditions
      ? []
      : validateMatchConditions(webhook.matchConditions, at.child("matchConditions"))),
  ];
}

function validateSideEffects(
  { sideEffects }: ValidatingWebhook,
  tolerance: Tolerance,
  at: FieldPath,
): FieldError[] {
  const allowed = tolerance.sideEffects ? sideEffectClasses : harmless;
  if (sideEffects === undefined) return [required(at, `must specify one of ${allowed.join(", ")}`)];
  return allowed.includes(sideEffects) ? [] : [notSupported(at, sideEffects, allowed)];
}

function validateSelectors(
  { namespaceSelector, objectSelector }: ValidatingWebhook,
  allowsAnyValue: boolean,
  at: FieldPath,
): FieldError[] {
  const options = { allowsAnyValue };
  return [
    ...validateLabelSelector(namespaceSelector, at.child("namespaceSelector"), options),
    ...validateLabelSelector(objectSelector, at.child("objectSelector"), options),
  ];
}

function validateClientConfig({ url, service }: WebhookClientConfig, at: FieldPath): FieldError[] {
  if ((url === undefined) === (service === undefined))
    return [required(at, "exactly one of url or service is required")];
  return service
    ? validateWebhookService(service, at.child("service"))
    : validateWebhookUrl(url ?? "", at.child("url"));
}

function validateReviewVersions(
  versions: readonly string[],
  tolerance: Tolerance,
  at: FieldPath,
): FieldError[] {
  const known = reviewVersions.join(", ");
  if (versions.length === 0) return [required(at, `must specify one of ${known}`)];
  const isKnown = versions.some((version) => reviewVersions.includes(version));
  return [
    ...each(versions, at, (version, item, i) =>
      versions.indexOf(version) < i
        ? [invalid(item, version, "duplicate version")]
        : check(dns1035Label, version, item),
    ),
    ...(isKnown || tolerance.reviewVersions
      ? []
      : [invalid(at, versions, `must include at least one of ${known}`)]),
  ];
}
