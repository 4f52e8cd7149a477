// The behavior of an autoscaler as autoscaling/v1 notes it: the server's internal struct as JSON, with
// Go's names. Source: pkg/apis/autoscaling/v1/conversion.go, kubernetes v1.34.
import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from "../../../types.ts";

interface InternalRules {
  readonly StabilizationWindowSeconds: number | null;
  readonly SelectPolicy: string | null;
  readonly Policies: readonly InternalPolicy[] | null;
  readonly Tolerance: string | number | null;
}

interface InternalPolicy {
  readonly Type: string;
  readonly Value: number;
  readonly PeriodSeconds: number;
}

interface InternalBehavior {
  readonly ScaleUp: InternalRules | null;
  readonly ScaleDown: InternalRules | null;
}

export function internalBehavior({
  scaleUp,
  scaleDown,
}: HorizontalPodAutoscalerBehavior): InternalBehavior {
  return { ScaleUp: internalRules(scaleUp), ScaleDown: internalRules(scaleDown) };
}

function internalRules(rules: HPAScalingRules | undefined): InternalRules | null {
  if (!rules) return null;
  const { policies, selectPolicy, stabilizationWindowSeconds, tolerance } = rules;
  return {
    StabilizationWindowSeconds: stabilizationWindowSeconds ?? null,
    SelectPolicy: selectPolicy ?? null,
    Policies:
      policies?.map(({ type, value, periodSeconds }) => ({
        Type: type,
        Value: value,
        PeriodSeconds: periodSeconds,
      })) ?? null,
    Tolerance: tolerance ?? null,
  };
}

/** Undefined if the value says nothing. */
export function behaviorFromInternal(value: unknown): HorizontalPodAutoscalerBehavior | undefined {
  const { ScaleUp, ScaleDown } = (value ?? {}) as Partial<InternalBehavior>;
  if (!ScaleUp && !ScaleDown) return undefined;
  return {
    ...(ScaleUp ? { scaleUp: rulesFromInternal(ScaleUp) } : {}),
    ...(ScaleDown ? { scaleDown: rulesFromInternal(ScaleDown) } : {}),
  };
}

function rulesFromInternal(rules: InternalRules): HPAScalingRules {
  const { StabilizationWindowSeconds, SelectPolicy, Policies, Tolerance } = rules;
  return {
    ...(StabilizationWindowSeconds === null
      ? {}
      : { stabilizationWindowSeconds: StabilizationWindowSeconds }),
    ...(SelectPolicy === null ? {} : { selectPolicy: SelectPolicy }),
    ...(Policies === null
      ? {}
      : {
          policies: Policies.map(({ Type, Value, PeriodSeconds }) => ({
            type: Type,
            value: Value,
            periodSeconds: PeriodSeconds,
          })),
        }),
    ...(Tolerance === null ? {} : { tolerance: Tolerance }),
  };
}
