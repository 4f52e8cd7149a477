// The first version of HorizontalPodAutoscaler: another face of the same stored objects.
import type { Draft } from "../../../base/draft.ts";
import { draft } from "../../../base/draft.ts";
import { defineKind } from "../../kind.ts";
import { gvk, type KubeObject } from "../../object.ts";
import type {
  AutoscalingV1HorizontalPodAutoscaler,
  HorizontalPodAutoscaler as HorizontalPodAutoscalerObject,
} from "../../types.ts";
import { HorizontalPodAutoscaler } from "../horizontalPodAutoscaler.ts";
import { autoscalerColumns } from "./columns.ts";
import { fromV1, toV1 } from "./v1/conversion.ts";
import {
  validateHorizontalPodAutoscaler,
  validateHorizontalPodAutoscalerStatusUpdate,
  validateHorizontalPodAutoscalerUpdate,
} from "./validation.ts";

export const HorizontalPodAutoscalerV1 = defineKind<AutoscalingV1HorizontalPodAutoscaler>({
  gvk: gvk("autoscaling", "v1", "HorizontalPodAutoscaler"),
  plural: "horizontalpodautoscalers",
  shortNames: ["hpa"],
  categories: ["all"],
  namespaced: true,
  subresources: ["status"],
  storedAs: {
    kind: HorizontalPodAutoscaler,
    toStored: (object: KubeObject) => fromV1(object as AutoscalingV1HorizontalPodAutoscaler),
    fromStored: (object: KubeObject) => toV1(object as HorizontalPodAutoscalerObject),
  },
  columns: autoscalerColumns(fromV1),
  setDefaults({ spec }) {
    if (spec) spec.minReplicas ??= 1;
  },
  prepareForCreate(autoscaler) {
    autoscaler.status = { currentReplicas: 0, desiredReplicas: 0 };
    takeFace(autoscaler);
  },
  prepareForUpdate: takeFace,
  validate: (autoscaler) => validateHorizontalPodAutoscaler(fromV1(autoscaler)),
  validateUpdate: (autoscaler, old) =>
    validateHorizontalPodAutoscalerUpdate(fromV1(autoscaler), fromV1(old)),
  validateStatusUpdate: (autoscaler) =>
    validateHorizontalPodAutoscalerStatusUpdate(fromV1(autoscaler)),
});

/** What a client sees has been what is stored: the target that it left out is there. */
function takeFace(autoscaler: Draft<AutoscalingV1HorizontalPodAutoscaler>): void {
  if (!autoscaler.spec) return;
  const { metadata, spec, status } = draft(
    toV1(fromV1(autoscaler as AutoscalingV1HorizontalPodAutoscaler)),
  );
  Object.assign(autoscaler, { metadata, spec, status });
}
