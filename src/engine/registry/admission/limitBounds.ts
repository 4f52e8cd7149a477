// What a LimitRange's bounds say of requests and limits.
// Source: plugin/pkg/admission/limitranger minConstraint, maxConstraint and others, 1.34.
import type { ResourceList } from "../../../api/kinds/pod/requests.ts";
import {
  type Amount,
  amountOf,
  compareAmounts,
  milliValueOf,
  quantityText,
  signOf,
} from "../../../api/quantity.ts";
import type { LimitRangeItem, Quantity } from "../../../api/types.ts";

interface Asked {
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

/** One text for each bound that is not kept. */
export function boundErrors(limit: LimitRangeItem, asked: Asked): readonly string[] {
  return [...minError(limit, asked), ...maxError(limit, asked), ...ratioError(limit, asked)];
}

export function minError({ type, min }: LimitRangeItem, { requests, limits }: Asked): string[] {
  return each(min, (name, bound) => {
    const what = `minimum ${name} usage per ${type} is ${quantityText(bound)}`;
    const [request, limit] = [requests.get(name), limits.get(name)];
    if (!request) return `${what}.  No request is specified`;
    if (compareAmounts(request, bound) < 0)
      return `${what}, but request is ${quantityText(request)}`;
    if (limit && compareAmounts(limit, bound) < 0)
      return `${what}, but limit is ${quantityText(limit)}`;
    return undefined;
  });
}

function maxError({ type, max }: LimitRangeItem, { requests, limits }: Asked): string[] {
  return each(max, (name, bound) => {
    const what = `maximum ${name} usage per ${type} is ${quantityText(bound)}`;
    const [request, limit] = [requests.get(name), limits.get(name)];
    if (!limit) return `${what}.  No limit is specified`;
    if (compareAmounts(limit, bound) > 0) return `${what}, but limit is ${quantityText(limit)}`;
    if (request && compareAmounts(request, bound) > 0)
      return `${what}, but request is ${quantityText(request)}`;
    return undefined;
  });
}

/** For what has no limits: the request counts. */
export function maxRequestError({ type, max }: LimitRangeItem, requests: ResourceList): string[] {
  return each(max, (name, bound) => {
    const what = `maximum ${name} usage per ${type} is ${quantityText(bound)}`;
    const request = requests.get(name);
    if (!request) return `${what}.  No request is specified`;
    return compareAmounts(request, bound) > 0
      ? `${what}, but request is ${quantityText(request)}`
      : undefined;
  });
}

function ratioError(
  { type, maxLimitRequestRatio }: LimitRangeItem,
  { requests, limits }: Asked,
): string[] {
  return each(maxLimitRequestRatio, (name, bound) => {
    const what = `${name} max limit to request ratio per ${type} is ${quantityText(bound)}`;
    const [request, limit] = [requests.get(name), limits.get(name)];
    if (!request || signOf(request) === 0)
      return `${what}, but no request is specified or request is 0`;
    if (!limit || signOf(limit) === 0) return `${what}, but no limit is specified or limit is 0`;
    const ratio = milliValueOf(limit) / milliValueOf(request);
    return ratio * 1_000 > milliValueOf(bound)
      ? `${what}, but provided ratio is ${ratio.toFixed(6)}`
      : undefined;
  });
}

/** By name: Go's own order is random. */
function each(
  bounds: Readonly<Record<string, Quantity>> | undefined,
  check: (name: string, bound: Amount) => string | undefined,
): string[] {
  return Object.entries(bounds ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, bound]) => check(name, amountOf(bound)) ?? []);
}
