// RuntimeClass: what a Pod's runtime costs, and which nodes have it.
// Source: plugin/pkg/admission/runtimeclass; pkg/util/tolerations MergeTolerations, 1.34.
import { Pod } from "../../../api/kinds/pod/kind.ts";
import { RuntimeClass } from "../../../api/kinds/runtimeClass.ts";
import { amountOf, compareAmounts } from "../../../api/quantity.ts";
import type {
  Pod as PodObject,
  Quantity,
  RuntimeClass as RuntimeClassObject,
  Scheduling,
} from "../../../api/types.ts";
import { type Draft, draft } from "../../../base/draft.ts";
import {
  type AdmissionContext,
  type AdmissionPlugin,
  type AdmissionRequest,
  admissionError,
} from "./admission.ts";
import { isWriteOf } from "./isWriteOf.ts";
import { mergeTolerations } from "./mergeTolerations.ts";

type Amounts = Readonly<Record<string, Quantity>>;

const mismatch = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

export const runtimeClass: AdmissionPlugin = {
  name: "RuntimeClass",
  admit(request, context) {
    if (!isWriteOf(Pod, request, "CREATE")) return;
    const { spec } = request.object as Draft<PodObject>;
    const { overhead, scheduling } = classOf(request, context) ?? {};
    if (overhead) {
      const { podFixed = {} } = overhead;
      if (spec.overhead && !isSame(podFixed, spec.overhead))
        throw admissionError(request, mismatch);
      spec.overhead = { ...podFixed };
    }
    if (scheduling) schedule(spec, scheduling, request);
  },
  validate(request, context) {
    if (!isWriteOf(Pod, request, "CREATE")) return;
    const { spec } = request.object as Draft<PodObject>;
    const { overhead } = classOf(request, context) ?? {};
    if (overhead && !isSame(overhead.podFixed, spec.overhead))
      throw admissionError(request, mismatch);
    if (!overhead && spec.overhead)
      throw admissionError(
        request,
        "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead",
      );
  },
};

function classOf(
  request: AdmissionRequest,
  { find }: AdmissionContext,
): RuntimeClassObject | undefined {
  const name = (request.object as Draft<PodObject>).spec.runtimeClassName;
  if (name === undefined) return undefined;
  const found = find(RuntimeClass, { namespace: "", name });
  if (found) return found;
  throw admissionError(request, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
}

function isSame(a: Amounts = {}, b: Amounts = {}): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const [x, y] = [a[name], b[name]];
      return x !== undefined && y !== undefined && compareAmounts(amountOf(x), amountOf(y)) === 0;
    })
  );
}

function schedule(
  spec: Draft<PodObject["spec"]>,
  { nodeSelector = {}, tolerations = [] }: Scheduling,
  request: AdmissionRequest,
): void {
  for (const [key, value] of Object.entries(nodeSelector)) {
    const stated = spec.nodeSelector?.[key];
    if (stated !== undefined && stated !== value)
      throw admissionError(
        request,
        `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${value}; pod.spec.nodeSelector[${key}] = ${stated}`,
      );
  }
  if (Object.keys(nodeSelector).length > 0)
    spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  const merged = mergeTolerations(spec.tolerations ?? [], tolerations);
  if (merged.length > 0) spec.tolerations = draft(merged);
}
