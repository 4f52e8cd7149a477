// What Tables print of workloads. Source: pkg/printers/internalversion/printers.go, kubernetes v1.34.
import { labelSelectorOf } from "../../selector.ts";
import type { LabelSelector } from "../../types.ts";

/** A selector as text; "<none>" if it asks for nothing. Source: metav1.FormatLabelSelector. */
export function selectorCell(selector: LabelSelector | undefined): string {
  return labelSelectorOf(selector).text || "<none>";
}
