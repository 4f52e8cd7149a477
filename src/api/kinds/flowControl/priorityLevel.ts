// PriorityLevelConfigurations. Source: pkg/apis/flowcontrol/{v1/defaults.go,validation}, 1.34.
import { dequal } from "dequal";
import type { Draft } from "../../../base/draft.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type {
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from "../../types.ts";
import { checkRange } from "../../validation/fields.ts";
import { validateConditionTypes } from "./conditions.ts";
import { mandatoryPriorityLevels } from "./mandatory.ts";

const path = FieldPath.of("spec");
const maxQueues = 10_000_000;
/** Bits of the hash that deals hands of queues. Source: shufflesharding.MaxHashBits. */
const maxHashBits = 60;
const nonNegative = "must be a non-negative integer";

export function setPriorityLevelDefaults({ spec }: Draft<PriorityLevelConfiguration>): void {
  if (spec.exempt) {
    spec.exempt.nominalConcurrencyShares ??= 0;
    spec.exempt.lendablePercent ??= 0;
  }
  if (!spec.limited) return;
  spec.limited.nominalConcurrencyShares ??= 30;
  spec.limited.lendablePercent ??= 0;
  const queuing = spec.limited.limitResponse?.queuing;
  if (!queuing) return;
  queuing.handSize ||= 8;
  queuing.queues ||= 64;
  queuing.queueLengthLimit ||= 50;
}

export function validatePriorityLevel(level: PriorityLevelConfiguration): FieldError[] {
  const { metadata, spec, status } = level;
  return [
    ...validateSpec(metadata.name, spec),
    ...validateFixed(metadata.name, spec),
    ...validateConditionTypes(status?.conditions),
  ];
}

export function validatePriorityLevelStatus({ status }: PriorityLevelConfiguration): FieldError[] {
  return validateConditionTypes(status?.conditions);
}

/** Of the level `exempt`, its shares may change. */
function validateFixed(name: string, spec: PriorityLevelConfigurationSpec): FieldError[] {
  const fixed = mandatoryPriorityLevels[name];
  if (!fixed) return [];
  const rest = ({ exempt: _, ...others }: PriorityLevelConfigurationSpec): unknown => others;
  const isSame = name === "exempt" ? dequal(rest(spec), rest(fixed)) : dequal(spec, fixed);
  return isSame ? [] : [invalid(path, spec, `spec of '${name}' must equal the fixed value`)];
}

function validateSpec(name: string, spec: PriorityLevelConfigurationSpec): FieldError[] {
  const { type = "", limited, exempt } = spec;
  const errors: FieldError[] = [];
  if ((name === "exempt") !== (type === "Exempt"))
    errors.push(
      invalid(path.child("type"), type, "type must be 'Exempt' if and only if name is 'exempt'"),
    );
  if (type === "Exempt") {
    if (limited)
      errors.push(forbidden(path.child("limited"), "must be nil if the type is not Limited"));
    const at = path.child("exempt");
    errors.push(
      ...validateShares(exempt?.nominalConcurrencyShares, at),
      ...validatePercent(exempt?.lendablePercent, at),
    );
  } else if (type === "Limited") {
    if (exempt) errors.push(forbidden(path.child("exempt"), "must be nil if the type is Limited"));
    errors.push(
      ...(limited
        ? validateLimited(limited, path.child("limited"))
        : [required(path.child("limited"), "must not be empty when type is Limited")]),
    );
  } else errors.push(notSupported(path.child("type"), type, ["Exempt", "Limited"]));
  return errors;
}

function validateLimited(limited: LimitedPriorityLevelConfiguration, at: FieldPath): FieldError[] {
  const { limitResponse = { type: "" }, borrowingLimitPercent: borrowed } = limited;
  return [
    ...validateShares(limited.nominalConcurrencyShares, at),
    ...validateResponse(limitResponse, at.child("limitResponse")),
    ...validatePercent(limited.lendablePercent, at),
    ...(borrowed !== undefined && borrowed < 0
      ? [invalid(at.child("borrowingLimitPercent"), borrowed, `if specified, ${nonNegative}`)]
      : []),
  ];
}

function validateShares(shares: number | undefined, at: FieldPath): FieldError[] {
  return shares !== undefined && shares < 0
    ? [invalid(at.child("nominalConcurrencyShares"), shares, nonNegative)]
    : [];
}

function validatePercent(percent: number | undefined, at: FieldPath): FieldError[] {
  return percent === undefined ? [] : checkRange(percent, 0, 100, at.child("lendablePercent"));
}

/** The server says "Limited" where it means "Queue". */
function validateResponse({ type = "", queuing }: LimitResponse, at: FieldPath): FieldError[] {
  const queuingPath = at.child("queuing");
  if (type === "Reject")
    return queuing
      ? [forbidden(queuingPath, "must be nil if limited.limitResponse.type is not Limited")]
      : [];
  if (type === "Queue")
    return queuing
      ? validateQueuing(queuing, queuingPath)
      : [required(queuingPath, "must not be empty if limited.limitResponse.type is Limited")];
  return [notSupported(at.child("type"), type, ["Queue", "Reject"])];
}

function validateQueuing(queuing: QueuingConfiguration, at: FieldPath): FieldError[] {
  const { queueLengthLimit: length = 0, queues = 0, handSize = 0 } = queuing;
  const errors: FieldError[] = [];
  if (length <= 0) errors.push(invalid(at.child("queueLengthLimit"), length, "must be positive"));
  if (queues <= 0) errors.push(invalid(at.child("queues"), queues, "must be positive"));
  else if (queues > maxQueues)
    errors.push(invalid(at.child("queues"), queues, `must not be greater than ${maxQueues}`));
  const handPath = at.child("handSize");
  if (handSize <= 0) errors.push(invalid(handPath, handSize, "must be positive"));
  else if (handSize > queues)
    errors.push(invalid(handPath, handSize, `should not be greater than queues (${queues})`));
  else if (Math.ceil(Math.log2(queues) * handSize) > maxHashBits)
    errors.push(
      invalid(
        handPath,
        handSize,
        `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${maxHashBits}`,
      ),
    );
  return errors;
}
