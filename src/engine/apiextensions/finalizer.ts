// crd_finalizer: a definition goes once all objects of its kind are gone.
// Source: apiextensions-apiserver pkg/controller/finalizer/crd_finalizer.go, kubernetes v1.34.
import { dequal } from "dequal";
import type { Kind } from "../../api/kind.ts";
import {
  isConditionTrue,
  withCondition,
} from "../../api/kinds/customResourceDefinition/conditions.ts";
import {
  CustomResourceDefinition,
  cleanupFinalizer,
} from "../../api/kinds/customResourceDefinition.ts";
import { keyOf, type ObjectKey } from "../../api/object.ts";
import { ApiError, internalError } from "../../api/status.ts";
import type {
  CustomResourceDefinitionCondition,
  CustomResourceDefinition as DefinitionObject,
} from "../../api/types.ts";
import type { Instant } from "../../base/time.ts";
import { second } from "../../base/time.ts";
import {
  type Controller,
  type ControllerContext,
  type RetryAfter,
  trigger,
} from "../controllers/controller.ts";

/** The objects of a definition, whether they are served or not. */
export interface Instances {
  kindOf(crd: DefinitionObject): Kind | undefined;
  count(kind: Kind): number;
  /** Asks for the deletion of all. @throws ApiError */
  deleteAll(kind: Kind): void;
}

type Outcome = Pick<CustomResourceDefinitionCondition, "status" | "reason" | "message">;

const pollMs = 5 * second;
const patienceMs = 60 * second;
/** These are kept where objects of built-in kinds are. */
const overlapping = new Set([
  "apiservices.apiregistration.k8s.io",
  "customresourcedefinitions.apiextensions.k8s.io",
]);

export class Finalizer implements Controller {
  readonly name = "crd_finalizer";
  readonly triggers = [
    trigger(CustomResourceDefinition, ({ now, old }) =>
      now && isDoomed(now) && !(old && isSameButTermination(old, now)) ? [keyOf(now)] : [],
    ),
  ];
  /** Until when objects may take to go, by name. */
  private readonly deadlines = new Map<string, Instant>();

  constructor(private readonly instances: Instances) {}

  reconcile(key: ObjectKey, context: ControllerContext): RetryAfter | undefined {
    const cached = context.cache(CustomResourceDefinition).get(key);
    if (!cached || !isDoomed(cached)) {
      this.deadlines.delete(key.name);
      return undefined;
    }
    const isWaiting = this.deadlines.has(key.name);
    const crd = isWaiting ? cached : write(cached, inProgress, context);
    const outcome = this.empty(crd, isWaiting, context.now());
    if (outcome === undefined) return { retryAfterMs: pollMs };
    this.deadlines.delete(key.name);
    if (outcome.status === "True") {
      write(crd, outcome, context);
      throw internalError(outcome.message ?? "");
    }
    const finalizers = (crd.metadata.finalizers ?? []).filter((name) => name !== cleanupFinalizer);
    write({ ...crd, metadata: { ...crd.metadata, finalizers } }, outcome, context);
    return undefined;
  }

  /** @returns undefined while some objects are still there */
  private empty(crd: DefinitionObject, isWaiting: boolean, now: Instant): Outcome | undefined {
    if (overlapping.has(crd.metadata.name)) return overlaps;
    const kind = this.instances.kindOf(crd);
    if (!isConditionTrue(crd, "Established") || !kind) return neverEstablished;
    try {
      if (!isWaiting) this.instances.deleteAll(kind);
      if (this.instances.count(kind) === 0) return completed;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return failed("InstanceDeletionFailed", `could not issue all deletes: ${error.message}`);
    }
    const { name } = crd.metadata;
    const deadline = this.deadlines.get(name) ?? now + patienceMs;
    this.deadlines.set(name, deadline);
    if (now < deadline) return undefined;
    return failed(
      "InstanceDeletionCheck",
      "could not confirm zero CustomResources remaining: timed out waiting for the condition",
    );
  }
}

const inProgress: Outcome = {
  status: "True",
  reason: "InstanceDeletionInProgress",
  message: "CustomResource deletion is in progress",
};
const completed: Outcome = {
  status: "False",
  reason: "InstanceDeletionCompleted",
  message: "removed all instances",
};
const neverEstablished: Outcome = {
  status: "False",
  reason: "NeverEstablished",
  message: "resource was never established",
};
const overlaps: Outcome = {
  status: "False",
  reason: "OverlappingBuiltInResource",
  message: "instances overlap with built-in resources in storage",
};

function failed(reason: string, message: string): Outcome {
  return { status: "True", reason, message };
}

function isDoomed({ metadata }: DefinitionObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined &&
    (metadata.finalizers ?? []).includes(cleanupFinalizer)
  );
}

function write(
  crd: DefinitionObject,
  outcome: Outcome,
  { client, now }: ControllerContext,
): DefinitionObject {
  const condition = { type: "Terminating", ...outcome };
  const conditions = withCondition(crd.status?.conditions ?? [], condition, now());
  return client.updateStatus(CustomResourceDefinition, {
    ...crd,
    status: { ...crd.status, conditions },
  });
}

/** Changes of its own condition would keep the controller busy with itself. */
function isSameButTermination(a: DefinitionObject, b: DefinitionObject): boolean {
  return dequal(withoutTermination(a), withoutTermination(b));
}

function withoutTermination({ spec, metadata, status }: DefinitionObject): unknown {
  const { resourceVersion: _, managedFields: __, ...meta } = metadata;
  const conditions = status?.conditions?.filter(({ type }) => type !== "Terminating");
  return { spec, meta, status: { ...status, conditions } };
}
