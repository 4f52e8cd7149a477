// CSIDrivers. Source: pkg/apis/storage/{v1/defaults.go,validation}, kubernetes v1.34.
import type { Draft } from "../../../base/draft.ts";
import { duplicate, type FieldError, invalid, notSupported } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { CSIDriver, TokenRequest } from "../../types.ts";
import { checkChoice, checkImmutable, each } from "../../validation/fields.ts";

const path = FieldPath.of("spec");
const groupPolicies = ["File", "None", "ReadWriteOnceWithFSType"];
const lifecycleModes = ["Persistent", "Ephemeral"];
const shortestTokenSeconds = 600;
const longestTokenSeconds = 2 ** 32;
const shortestUpdateSeconds = 10;

export function setCsiDriverDefaults({ spec }: Draft<CSIDriver>): void {
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= "ReadWriteOnceWithFSType";
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ["Persistent"];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

export function validateCsiDriver({ spec }: CSIDriver): FieldError[] {
  const { fsGroupPolicy, tokenRequests, volumeLifecycleModes = [] } = spec;
  const { nodeAllocatableUpdatePeriodSeconds: period } = spec;
  const modesPath = path.child("volumeLifecycleModes");
  return [
    ...(fsGroupPolicy === undefined
      ? []
      : checkChoice(fsGroupPolicy, groupPolicies, path.child("fsGroupPolicy"))),
    ...validateTokenRequests(tokenRequests),
    ...volumeLifecycleModes
      .filter((mode) => !lifecycleModes.includes(mode))
      .map((mode) => notSupported(modesPath, mode, lifecycleModes)),
    ...(period !== undefined && period < shortestUpdateSeconds
      ? [
          invalid(
            path.child("nodeAllocatableUpdatePeriodSeconds"),
            period,
            `must be greater than or equal to ${shortestUpdateSeconds} seconds`,
          ),
        ]
      : []),
  ];
}

/** The tokens are checked twice, as the server does. */
export function validateCsiDriverUpdate(driver: CSIDriver, old: CSIDriver): FieldError[] {
  const fixed = (field: keyof CSIDriver["spec"], name: string = field): FieldError[] =>
    checkImmutable(driver.spec[field] ?? null, old.spec[field] ?? null, path.child(name));
  return [
    ...validateCsiDriver(driver),
    ...fixed("attachRequired", "attachedRequired"),
    ...fixed("fsGroupPolicy"),
    ...fixed("podInfoOnMount"),
    ...fixed("volumeLifecycleModes"),
    ...validateTokenRequests(driver.spec.tokenRequests),
  ];
}

function validateTokenRequests(requests: readonly TokenRequest[] | undefined): FieldError[] {
  const seen = new Set<string>();
  return each(requests, path.child("tokenRequests"), (request, at) => {
    const { audience = "", expirationSeconds: seconds } = request;
    if (seen.has(audience)) return [duplicate(at.child("audience"), audience)];
    seen.add(audience);
    const secondsPath = at.child("expirationSeconds");
    if (seconds !== undefined && seconds < shortestTokenSeconds)
      return [invalid(secondsPath, seconds, "may not specify a duration less than 10 minutes")];
    return seconds !== undefined && seconds > longestTokenSeconds
      ? [invalid(secondsPath, seconds, "may not specify a duration larger than 2^32 seconds")]
      : [];
  });
}
