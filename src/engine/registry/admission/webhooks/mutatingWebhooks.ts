// MutatingAdmissionWebhook: webhooks that may change an object, one after the other.
// Source: apiserver pkg/admission/plugin/webhook/mutating/{dispatcher,reinvocationcontext}.go, 1.34.
import { dequal } from "dequal";
import type { Operation } from "fast-json-patch";
import type { Kind } from "../../../../api/kind.ts";
import { MutatingWebhookConfiguration } from "../../../../api/kinds/mutatingWebhookConfiguration.ts";
import type { KubeObject } from "../../../../api/object.ts";
import { applyJsonPatch } from "../../../../api/patch/jsonPatch.ts";
import { internalError } from "../../../../api/status.ts";
import type { MutatingWebhook } from "../../../../api/types.ts";
import type { Verdict } from "../../../../api/webhooks/admissionReview.ts";
import { draft } from "../../../../base/draft.ts";
import { asObject, decodeValue } from "../../decode.ts";
import type { AdmissionContext, AdmissionPlugin, AdmissionRequest } from "../admission.ts";
import { seenAs } from "../requestFacts.ts";
import { isExempt } from "../resourceRules.ts";
import { CallsNeeded, type WebhookDialogue } from "./webhookDialogue.ts";
import {
  callFor,
  type Hook,
  type HookWorld,
  hooksOf,
  interestOf,
  verdictOf,
} from "./webhookHooks.ts";

export function mutatingWebhooks(world: HookWorld): AdmissionPlugin {
  return {
    name: "MutatingAdmissionWebhook",
    seesConnections: true,
    admit(request, context) {
      const { webhooks } = request;
      if (!webhooks || isExempt(request)) return undefined;
      let hasChanged = false;
      for (const hook of hooksOf(context.list(MutatingWebhookConfiguration))) {
        if (request.isRepeated && !webhooks.reinvoked.has(nameOf(hook))) continue;
        if (ask(hook, request, webhooks, { context, world })) hasChanged = true;
      }
      return hasChanged && !request.isRepeated ? "again" : undefined;
    },
  };
}

function nameOf({ configuration, webhook }: Hook): string {
  return `${configuration}/${webhook.name}`;
}

/** @returns whether the webhook changed the object */
function ask(
  hook: Hook<MutatingWebhook>,
  request: AdmissionRequest,
  webhooks: WebhookDialogue,
  parts: { readonly context: AdmissionContext; readonly world: HookWorld },
): boolean {
  const matched = interestOf(hook, request, parts);
  if (!matched) return false;
  const call = callFor(hook, request, matched, true);
  const outcome = webhooks.outcomeOf(call);
  if (!outcome) throw new CallsNeeded([call]);
  const verdict = verdictOf(hook, outcome, request.warnings);
  const hasChanged = verdict !== undefined && apply(hook, verdict, request, matched);
  if (hasChanged) for (const name of webhooks.reinvocable) webhooks.reinvoked.add(name);
  if (hook.webhook.reinvocationPolicy === "IfNeeded") webhooks.reinvocable.add(nameOf(hook));
  return hasChanged;
}

/** @throws ApiError for a patch that cannot be applied */
function apply(
  { webhook }: Hook,
  { patch, patchType }: Verdict,
  request: AdmissionRequest,
  matched: Kind,
): boolean {
  const name = JSON.stringify(webhook.name);
  const operations = patch === undefined ? [] : readPatch(patch);
  if (operations.length === 0) return false;
  const { object, kind } = request;
  if (!object)
    throw internalError(
      `admission webhook ${name} attempted to modify the object, which is not supported for this operation`,
    );
  if (patchType && patchType !== "JSONPatch")
    throw internalError(
      `failed calling webhook ${name}: unsupported patch type ${JSON.stringify(patchType)}`,
    );
  const before = draft(object) as KubeObject;
  const patched = applyJsonPatch(seenAs(matched, request, before), operations);
  if (!patched) throw internalError("the patch of the webhook cannot be applied to the object");
  const read = request.objectKind ?? kind;
  const back = seenAs(kind, { ...request, kind: matched }, patched.value as KubeObject);
  const decoded = asObject(read, decodeValue(read, { ...back }).object);
  read.setDefaults?.(decoded);
  if (dequal(decoded, before)) return false;
  for (const field of Object.keys(object)) Reflect.deleteProperty(object, field);
  Object.assign(object, decoded);
  return true;
}

function readPatch(text: string): readonly Operation[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value as Operation[];
  } catch {
    // Told like any other text that is no patch.
  }
  throw internalError(
    "json: cannot unmarshal the patch of the webhook into Go value of type jsonpatch.Patch",
  );
}
