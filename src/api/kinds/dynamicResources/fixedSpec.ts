// What a claim asks for never changes.
// Source: pkg/apis/resource/validation ValidateResourceClaimUpdate, kubernetes v1.34.
import { dequal } from "dequal";
import { type FieldError, invalid } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";

interface WithSpec {
  readonly spec: object;
}

export function validateFixedSpec({ spec }: WithSpec, old: WithSpec): FieldError[] {
  return dequal(spec, old.spec) ? [] : [invalid(FieldPath.of("spec"), spec, "field is immutable")];
}
