// HorizontalPodAutoscaler: adds and removes replicas by what is measured. autoscaling/v2, as it is stored.
import type { Draft } from "../../base/draft.ts";
import { defineKind } from "../kind.ts";
import { gvk } from "../object.ts";
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerObject } from "../types.ts";
import { autoscalerColumns } from "./horizontalPodAutoscaler/columns.ts";
import { setHorizontalPodAutoscalerDefaults } from "./horizontalPodAutoscaler/defaults.ts";
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatusUpdate,
  validateHorizontalPodAutoscalerUpdate,
} from "./horizontalPodAutoscaler/validation.ts";

export const HorizontalPodAutoscaler = defineKind<HorizontalPodAutoscalerObject>({
  gvk: gvk("autoscaling", "v2", "HorizontalPodAutoscaler"),
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status"],
  columns: autoscalerColumns((autoscaler) => autoscaler),
  setDefaults: setHorizontalPodAutoscalerDefaults,
  prepareForCreate(autoscaler) {
    // The list has no omitempty in Go, and so it is there even when it is nil.
    autoscaler.status = { currentMetrics: null as never, desiredReplicas: 0 };
    dropTolerances(autoscaler);
  },
  prepareForUpdate: dropTolerances,
  validate: validateHorizontalPodAutoscaler,
  validateUpdate: validateHorizontalPodAutoscalerUpdate,
  validateStatusUpdate: validateHorizontalPodAutoscalerStatusUpdate,
});

/** Off in 1.34: feature gate HPAConfigurableTolerance. */
function dropTolerances({ spec }: Draft<HorizontalPodAutoscalerObject>): void {
  delete spec?.behavior?.scaleUp?.tolerance;
  delete spec?.behavior?.scaleDown?.tolerance;
}
