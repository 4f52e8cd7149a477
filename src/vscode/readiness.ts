// When each node was not ready, as far as it was seen or can be read from its conditions. Pure.
import type { Node } from "../api/types.ts";
import { parseTime } from "../base/time.ts";
import type { NotReadySpan } from "../protocol.ts";

/** Spans kept of one node; older ones are dropped. */
const mostSpans = 200;

export class ReadinessHistory {
  private readonly spans = new Map<string, NotReadySpan[]>();

  /** Takes the node as it is now. */
  observe(node: Node): void {
    const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
    const at = parseTime(ready?.lastTransitionTime ?? "");
    if (!ready || at === undefined) return;
    const spans = this.spans.get(node.metadata.name) ?? [];
    this.spans.set(node.metadata.name, spans);
    const last = spans.at(-1);
    const isOpen = last !== undefined && last.to === undefined;
    if (ready.status === "True") {
      if (isOpen) spans[spans.length - 1] = { ...last, to: Math.max(at, last.from) };
      return;
    }
    const { reason, status } = ready;
    if (isOpen && last.status === status && last.from === at) return;
    if (isOpen) spans[spans.length - 1] = { ...last, to: Math.max(at, last.from) };
    spans.push({ from: at, status, ...(reason === undefined ? {} : { reason }) });
    if (spans.length > mostSpans) spans.shift();
  }

  of(node: string): readonly NotReadySpan[] {
    return this.spans.get(node) ?? [];
  }
}
