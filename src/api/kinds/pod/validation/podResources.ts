// Resources that a Pod asks for as a whole. Source: pkg/apis/core/validation validatePodResources,
// kubernetes v1.34.
import { type FieldError, forbidden, invalid, notSupported } from "../../../fieldError.ts";
import type { FieldPath } from "../../../fieldPath.ts";
import { amountOf, compareAmounts, quantityText, wholeAmount } from "../../../quantity.ts";
import type { PodSpec } from "../../../types.ts";
import { each, sortedEntries } from "../../../validation/fields.ts";
import { amountText } from "../../../validation/quantities.ts";
import { checkResourceName, type ResourceNameCheck } from "../../../validation/resourceNames.ts";
import { validateResourceRequirements } from "../../../validation/resources.ts";
import { containerRequests, isPodLevelResource } from "../requests.ts";

const checkPodResourceName: ResourceNameCheck = (name, path) => {
  const errors = checkResourceName(name, path);
  return errors.length > 0 || isPodLevelResource(name)
    ? errors
    : [notSupported(path, name, ["cpu", "hugepages-", "memory"])];
};

export function validatePodResources(
  spec: PodSpec,
  claimNames: readonly string[],
  path: FieldPath,
): FieldError[] {
  const { resources } = spec;
  if (!resources) return [];
  return [
    ...(resources.claims
      ? [forbidden(path.child("claims"), "claims cannot be set for Resources at pod-level")]
      : []),
    ...validateResourceRequirements(resources, path, {
      checkName: checkPodResourceName,
      claimNames,
    }),
    ...validateAgainstContainers(spec, path),
  ];
}

/** The whole may not ask for less than the sum, nor a part be allowed more than the whole. */
function validateAgainstContainers(spec: PodSpec, path: FieldPath): FieldError[] {
  const { requests = {}, limits = {} } = spec.resources ?? {};
  const sums = Object.fromEntries(containerRequests({ spec }));
  const errors = sortedEntries(sums).flatMap(([name, sum]) => {
    const own = requests[name] === undefined ? wholeAmount(0) : amountOf(requests[name]);
    return compareAmounts(sum, own) > 0
      ? [
          invalid(
            path.child("requests").key(name),
            quantityText(own),
            `must be greater than or equal to aggregate container requests of ${quantityText(sum)}`,
          ),
        ]
      : [];
  });
  return [
    ...errors,
    ...each(spec.containers, path.child("containers"), ({ resources }, at) =>
      sortedEntries(resources?.limits).flatMap(([name, limit]) => {
        const whole = limits[name];
        return whole !== undefined && compareAmounts(amountOf(limit), amountOf(whole)) > 0
          ? [
              invalid(
                at.key(name).child("limits"),
                amountText(limit),
                `must be less than or equal to pod limits of ${amountText(whole)}`,
              ),
            ]
          : [];
      }),
    ),
  ];
}
