// Creates, mends and deletes a StatefulSet's Pods and their claims, and says so in Events.
// Source: pkg/controller/statefulset/stateful_pod_control.go, kubernetes v1.34.
import { PersistentVolumeClaim } from "../../../api/kinds/persistentVolumeClaim.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { keyOf } from "../../../api/object.ts";
import { ApiError } from "../../../api/status.ts";
import type {
  PersistentVolumeClaim as ClaimObject,
  Pod as PodObject,
  StatefulSet,
} from "../../../api/types.ts";
import type { ControllerContext } from "../controller.ts";
import { isStale, ownersMatch, withOwners } from "./claimOwners.ts";
import {
  claimsOf,
  identityMatches,
  storageMatches,
  withIdentity,
  withStorage,
} from "./podIdentity.ts";

type Action = "create" | "update" | "delete";

const titles = { create: "Create", update: "Update", delete: "Delete" } as const;

/** All methods throw ApiError what the server refuses. */
export class StatefulPodControl {
  constructor(
    private readonly context: ControllerContext,
    private readonly set: StatefulSet,
  ) {}

  /** The claims come before the Pod. */
  create(pod: PodObject): void {
    this.reported("create", pod, () => this.createClaims(pod));
    try {
      const made = this.context.client.create(Pod, pod);
      this.reported("update", made, () => this.updateOwners(made));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.reason !== "AlreadyExists") this.report("create", pod, error);
      throw error;
    }
    this.report("create", pod);
  }

  delete(pod: PodObject): void {
    this.reported("delete", pod, () => this.context.client.delete(Pod, keyOf(pod)));
    this.report("delete", pod);
  }

  /** Claims that are missing while the Pod waits for them. */
  createMissingClaims(pod: PodObject): void {
    this.createClaims(pod);
    this.updateOwners(pod);
  }

  /** Whether nothing of the Pod has to be mended. */
  isConsistent(pod: PodObject): boolean {
    const { set } = this;
    return identityMatches(set, pod) && storageMatches(set, pod) && this.ownersMatch(pod);
  }

  /** Gives the Pod back its labels and volumes, and its claims their owners. */
  mend(pod: PodObject): void {
    const { set } = this;
    const identified = identityMatches(set, pod) ? pod : withIdentity(pod);
    const mended = storageMatches(set, pod) ? identified : withStorage(set, identified);
    this.reported("update", pod, () => {
      if (!storageMatches(set, pod)) this.createClaims(mended);
      this.updateOwners(mended);
      this.context.client.update(Pod, mended);
    });
    this.report("update", pod);
  }

  ownersMatch(pod: PodObject): boolean {
    return this.claims(pod).every((claim) => ownersMatch(claim, this.set, pod));
  }

  updateOwners(pod: PodObject): void {
    for (const claim of this.claims(pod))
      if (!ownersMatch(claim, this.set, pod))
        this.context.client.update(PersistentVolumeClaim, withOwners(claim, this.set, pod));
  }

  /** A claim of an earlier Pod goes with it: the new Pod waits until it is gone. */
  hasStaleClaim(pod: PodObject): boolean {
    if (this.set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== "Delete") return false;
    return this.claims(pod).some((claim) => isStale(claim, pod));
  }

  /** The Pod's claims that are there. */
  private claims(pod: PodObject): readonly ClaimObject[] {
    const cache = this.context.cache(PersistentVolumeClaim);
    return claimsOf(this.set, pod).flatMap(({ claim }) => cache.get(keyOf(claim)) ?? []);
  }

  /** All that are missing; a claim on its way out must be gone before it can be made again. */
  private createClaims(pod: PodObject): void {
    const cache = this.context.cache(PersistentVolumeClaim);
    const failures = claimsOf(this.set, pod).flatMap(({ claim }) => {
      const known = cache.get(keyOf(claim));
      if (!known) return this.createClaim(pod, claim) ?? [];
      return known.metadata.deletionTimestamp === undefined
        ? []
        : [`pvc ${claim.metadata.name} is being deleted`];
    });
    if (failures.length === 0) return;
    const message = failures.length === 1 ? failures.join() : `[${failures.join(", ")}]`;
    throw new ApiError({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      code: 500,
    });
  }

  /** @returns why it failed */
  private createClaim(pod: PodObject, claim: ClaimObject): string | undefined {
    try {
      this.context.client.create(PersistentVolumeClaim, claim);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.reason !== "AlreadyExists") this.reportClaim(pod, claim, error);
      return `failed to create PVC ${claim.metadata.name}: ${error.message}`;
    }
    this.reportClaim(pod, claim);
    return undefined;
  }

  private reported(action: Action, pod: PodObject, act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.report(action, pod, error);
      throw error;
    }
  }

  private report(action: Action, { metadata }: PodObject, error?: ApiError): void {
    const { events } = this.context;
    const subject = `${action} Pod ${metadata.name} in StatefulSet ${this.set.metadata.name}`;
    if (error)
      events.record(
        this.set,
        "Warning",
        `Failed${titles[action]}`,
        `${subject} failed error: ${error.message}`,
      );
    else events.record(this.set, "Normal", `Successful${titles[action]}`, `${subject} successful`);
  }

  private reportClaim(pod: PodObject, claim: ClaimObject, error?: ApiError): void {
    const { events } = this.context;
    const { name } = claim.metadata;
    const place = `Pod ${pod.metadata.name} in StatefulSet ${this.set.metadata.name}`;
    if (error)
      events.record(
        this.set,
        "Warning",
        "FailedCreate",
        `create Claim ${name} for ${place} failed error: ${error.message}`,
      );
    else
      events.record(
        this.set,
        "Normal",
        "SuccessfulCreate",
        `create Claim ${name} ${place} success`,
      );
  }
}
