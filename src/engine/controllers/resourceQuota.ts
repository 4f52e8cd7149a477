// resourcequota-controller: counts what a namespace's objects use. Admission charges what comes; what
// goes, or ends, is noticed here.
import type { Kind } from "../../api/kind.ts";
import { PersistentVolumeClaim } from "../../api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../api/kinds/pod/kind.ts";
import { ResourceQuota } from "../../api/kinds/resourceQuota.ts";
import { Service } from "../../api/kinds/service.ts";
import { type KubeObject, keyOf, type ObjectKey } from "../../api/object.ts";
import { needsRecount } from "../../api/quota/claimEvaluator.ts";
import { countUsage } from "../../api/quota/countUsage.ts";
import { evaluatorFor } from "../../api/quota/evaluators.ts";
import { isCharged } from "../../api/quota/podEvaluator.ts";
import { isSameUsage, masked, usageOf, writtenUsage } from "../../api/quota/usage.ts";
import type {
  PersistentVolumeClaim as ClaimObject,
  Pod as PodObject,
  ResourceQuota as QuotaObject,
  Service as ServiceObject,
} from "../../api/types.ts";
import type { Instant } from "../../base/time.ts";
import { resourceQuotaSyncMs } from "../limits.ts";
import type { Change, ObjectIndex } from "../localInformer.ts";
import {
  type ControllerContext,
  type ControllerFactory,
  type Trigger,
  trigger,
} from "./controller.ts";

const byNamespace: ObjectIndex<KubeObject> = {
  name: "namespace",
  values: ({ metadata }) => [metadata.namespace ?? ""],
};

/**
 * Source: pkg/controller/resourcequota, kubernetes v1.34.
 * @param kinds all kinds that are served
 */
export function resourceQuota(kinds: Iterable<Kind>): ControllerFactory {
  return () => {
    const counted = [...kinds].filter(
      (kind) => evaluatorFor(kind) && kind.verbs.includes("watch") && kind.verbs.includes("delete"),
    );
    return {
      name: "resourcequota-controller",
      periodMs: resourceQuotaSyncMs,
      triggers: [
        trigger(ResourceQuota, ({ old, now }) => (now && isNew(old, now) ? [keyOf(now)] : [])),
        ...counted.map(releases),
      ],
      reconcile(key, context) {
        if (key.name === "") enqueueAll(context);
        else sync(key, counted, context);
        return undefined;
      },
    };
  };
}

function enqueueAll({ cache, enqueue }: ControllerContext): void {
  for (const quota of cache(ResourceQuota).list()) enqueue(keyOf(quota));
}

/** Only a new spec matters: the status is our own. */
function isNew(old: QuotaObject | undefined, now: QuotaObject): boolean {
  return !old || !isSameUsage(usageOf(old.spec.hard), usageOf(now.spec.hard));
}

/** The quotas to count again when an object lets go of something. */
function releases(kind: Kind): Trigger {
  return trigger(kind, (change, { cache, now }) => {
    const object = change.old;
    if (!object || !isRelease(kind, change, now())) return [];
    const quotas = cache(ResourceQuota).by(
      byNamespace as ObjectIndex<QuotaObject>,
      object.metadata.namespace ?? "",
    );
    const evaluator = evaluatorFor(kind);
    return quotas
      .filter(({ spec }) => evaluator?.matchingResources(Object.keys(spec.hard ?? {})).length)
      .map(keyOf);
  });
}

function isRelease({ resource }: Kind, { old, now }: Change<KubeObject>, at: Instant): boolean {
  if (!now) return true;
  switch (resource) {
    case Pod.resource:
      return isCharged(old as PodObject, at) && !isCharged(now as PodObject, at);
    case Service.resource:
      return quotaType(old as ServiceObject) !== quotaType(now as ServiceObject);
    case PersistentVolumeClaim.resource:
      return needsRecount(now as ClaimObject, old as ClaimObject);
    default:
      return false;
  }
}

function quotaType({ spec }: ServiceObject): string {
  return spec?.type === "NodePort" || spec?.type === "LoadBalancer" ? spec.type : "";
}

function sync(key: ObjectKey, kinds: readonly Kind[], context: ControllerContext): void {
  const { cache, client, now } = context;
  const quota = cache(ResourceQuota).get(key);
  if (!quota) return;
  const { hard = {} } = quota.spec;
  const objectsOf = (kind: Kind) => cache(kind).by(byNamespace, key.namespace);
  const counted = countUsage(quota, kinds, objectsOf, now());
  // What no kind knows how to count keeps what it had.
  const used = masked(new Map([...usageOf(quota.status?.used), ...counted]), Object.keys(hard));
  const isDirty =
    quota.status?.hard === undefined ||
    quota.status.used === undefined ||
    !isSameUsage(usageOf(quota.status.hard), usageOf(hard)) ||
    !isSameUsage(usageOf(quota.status.used), used);
  if (isDirty)
    client.updateStatus(ResourceQuota, {
      ...quota,
      status: { hard, used: writtenUsage(used) },
    });
}
