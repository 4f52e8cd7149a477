// Priority: turns the priority class of a Pod into a number, and keeps the default class unique.
// Source: plugin/pkg/admission/priority, 1.34.
import { admitPriority } from "../../../api/kinds/pod/admitPriority.ts";
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { PriorityClass } from "../../../api/kinds/priorityClass.ts";
import type { Pod as PodObject, PriorityClass as PriorityClassObject } from "../../../api/types.ts";
import type { Draft } from "../../../base/draft.ts";
import { type AdmissionPlugin, admissionError } from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";

export const priority: AdmissionPlugin = {
  name: "Priority",
  admit(request, { list }) {
    const pod = request.object as Draft<PodObject>;
    if (isWriteOf(Pod, request, "CREATE")) {
      const refusal = admitPriority(pod, list(PriorityClass));
      if (refusal !== undefined) throw admissionError(request, refusal);
    } else if (isWriteOf(Pod, request, "UPDATE")) keep(pod, request.old as PodObject);
  },
  validate(request, { list }) {
    if (!isWriteOf(PriorityClass, request, "CREATE", "UPDATE")) return;
    const { globalDefault, metadata } = request.object as Draft<PriorityClassObject>;
    if (!globalDefault) return;
    const present = lowestDefault(list(PriorityClass));
    if (!present) return;
    const { name } = present.metadata;
    if (request.operation === "CREATE" || name !== metadata.name)
      throw admissionError(
        request,
        `PriorityClass ${name} is already marked as default. Only one default can exist`,
      );
  },
};

/** What the server added need not be sent back. */
function keep({ spec }: Draft<PodObject>, { spec: old }: PodObject): void {
  if (old.priority !== undefined) spec.priority ??= old.priority;
  if (old.preemptionPolicy !== undefined) spec.preemptionPolicy ??= old.preemptionPolicy;
}

function lowestDefault(classes: readonly PriorityClassObject[]): PriorityClassObject | undefined {
  const [first, ...others] = classes.filter(({ globalDefault }) => globalDefault);
  return others.reduce(
    (lowest, next) => (next.value < (lowest?.value ?? 0) ? next : lowest),
    first,
  );
}
