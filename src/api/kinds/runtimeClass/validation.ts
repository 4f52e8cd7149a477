// RuntimeClasses. Source: pkg/apis/node/validation, kubernetes v1.34.
import { duplicate, type FieldError } from "../../fieldError.ts";
import { FieldPath } from "../../fieldPath.ts";
import type { RuntimeClass, Scheduling, Toleration } from "../../types.ts";
import { checkDnsLabel, checkImmutable, each } from "../../validation/fields.ts";
import { goShape, goValue } from "../../validation/goShape.ts";
import { validateLabels } from "../../validation/labels.ts";
import { checkContainerResourceName } from "../../validation/resourceNames.ts";
import { validateResourceRequirements } from "../../validation/resources.ts";
import { validateTolerations } from "../pod/validation/scheduling.ts";

const handlerPath = FieldPath.of("handler");

export function validateRuntimeClass({
  handler = "",
  overhead,
  scheduling,
}: RuntimeClass): FieldError[] {
  return [
    ...checkDnsLabel(handler, handlerPath),
    ...(overhead
      ? validateResourceRequirements(
          { limits: overhead.podFixed ?? {} },
          FieldPath.of("overhead"),
          { checkName: checkContainerResourceName, claimNames: [] },
        )
      : []),
    ...(scheduling ? validateScheduling(scheduling, FieldPath.of("scheduling")) : []),
  ];
}

export function validateRuntimeClassUpdate(
  runtimeClass: RuntimeClass,
  old: RuntimeClass,
): FieldError[] {
  return [
    ...validateRuntimeClass(runtimeClass),
    ...checkImmutable(runtimeClass.handler, old.handler, handlerPath),
  ];
}

const tolerationShape = goShape(
  ["Key", "key", ""],
  ["Operator", "operator", ""],
  ["Value", "value", ""],
  ["Effect", "effect", ""],
  ["TolerationSeconds", "tolerationSeconds", null],
);

function validateScheduling(
  { nodeSelector, tolerations }: Scheduling,
  path: FieldPath,
): FieldError[] {
  const at = path.child("tolerations");
  const seen = new Set<string>();
  return [
    ...validateLabels(nodeSelector, path.child("nodeSelector")),
    // The server says the field's name twice.
    ...validateTolerations(tolerations ?? [], at.child("tolerations")),
    ...each(tolerations, at, (toleration, itemPath) => {
      const key = identity(toleration);
      if (seen.has(key)) return [duplicate(itemPath, goValue(toleration, tolerationShape))];
      seen.add(key);
      return [];
    }),
  ];
}

function identity({ key, operator, value, effect }: Toleration): string {
  return [key, operator, value, effect].map((part) => part ?? "").join("\n");
}
